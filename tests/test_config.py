"""Settings: defaults, then the file, then the environment; mistakes are named with their place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, create_model

from pressroom.config import Config, Section, load, load_values, section, workspace_path
from pressroom.errors import ConfigurationError
from pressroom.generators.base import Options
from pressroom.handlers.base import HandlerSettings
from pressroom.pipeline import PipelineSettings
from pressroom.publishers.base import ChannelSettings


def loaded(workspace: Path, text: str = "", **environment: str) -> Config:
    if text:
        (workspace / "pressroom.toml").write_text(text, encoding="utf-8")
    return load(workspace, environment)


def refused(workspace: Path, text: str = "", **environment: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as error:
        loaded(workspace, text, **environment)
    return error.value


def test_without_a_file_everything_has_a_default(tmp_path: Path) -> None:
    config = loaded(tmp_path)
    assert (config.server.host, config.server.port) == ("127.0.0.1", 8080)
    assert config.channels == {}
    assert config.budgets.per_day is None
    assert config.file == tmp_path / "pressroom.toml"


def test_the_file_replaces_defaults(tmp_path: Path) -> None:
    config = loaded(tmp_path, '[server]\nport = 9000\n[fetch]\nallow_hosts = ["127.0.0.1:8081"]\n')
    assert (config.server.host, config.server.port) == ("127.0.0.1", 9000)
    assert config.fetch.allow_hosts == ("127.0.0.1:8081",)


def test_sections_of_extensions_are_kept_as_they_stand(tmp_path: Path) -> None:
    config = loaded(tmp_path, '[channels.main]\nnetwork = "x"\nanything = [1, 2]\n')
    assert config.channels == {"main": {"network": "x", "anything": [1, 2]}}


def test_the_environment_replaces_the_file(tmp_path: Path) -> None:
    config = loaded(tmp_path, "[server]\nport = 9000\n", PRESSROOM_SERVER__PORT="9001")
    assert config.server.port == 9001


def test_the_environment_reaches_the_sections_of_extensions(tmp_path: Path) -> None:
    config = loaded(tmp_path, '[channels.main]\nnetwork = "x"\n', PRESSROOM_CHANNELS__MAIN__BASE_URL="http://x.test")
    assert config.channels == {"main": {"network": "x", "base_url": "http://x.test"}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("8080", 8080),
        ('["a", "b"]', ["a", "b"]),
        ("http://x.test", "http://x.test"),
        ("", ""),
        ("2 apples", "2 apples"),
        ('"8080"', "8080"),
    ],
)
def test_a_variable_is_read_as_the_file_would_read_it_or_as_text(tmp_path: Path, text: str, value: object) -> None:
    config = loaded(tmp_path, PRESSROOM_HANDLERS__LOG__VALUE=text)
    assert config.handlers == {"log": {"value": value}}


def test_variables_that_are_no_settings_are_left_alone(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        PRESSROOM_WORKSPACE="/somewhere",
        PRESSROOM_SECRET_KEY="k",
        PRESSROOM_SECRET__CHANNELS__MAIN__API_KEY="secret",
        OTHER_SERVER__PORT="1",
    )
    assert config == Config(workspace=tmp_path)


def test_money_in_the_file_is_exact(tmp_path: Path) -> None:
    assert loaded(tmp_path, '[budgets]\nper_day = "0.10"\n').budgets.per_day == Decimal("0.10")


def test_settings_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded(tmp_path).server.port = 1  # type: ignore[misc]


def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    error = refused(tmp_path, "[server]\nport = \n")
    assert str(tmp_path / "pressroom.toml") in error.what
    assert "line 2" in error.what
    assert error.todo == "Mend that line."


def test_a_file_that_is_no_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "pressroom.toml").write_bytes(b'[server]\nhost = "\xff"\n')
    assert str(tmp_path / "pressroom.toml") in refused(tmp_path).what


def test_a_wrong_value_is_named_with_its_section(tmp_path: Path) -> None:
    error = refused(tmp_path, '[server]\nport = "many"\n')
    assert "[server] port: " in error.what
    assert "not 'many'" in error.what
    assert error.where == str(tmp_path / "pressroom.toml")


def test_a_setting_that_does_not_exist_is_named_with_its_section(tmp_path: Path) -> None:
    assert "[worker] treads: there is no such setting" in refused(tmp_path, "[worker]\ntreads = 4\n").what


def test_a_section_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert "[chanels]: there is no such setting" in refused(tmp_path, "[chanels.main]\n").what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[sever]\n", "[sever]: there is no such setting (did you mean server?)"),
        ("[server]\nprot = 1\n", "[server] prot: there is no such setting (did you mean port?)"),
        ("[worker]\nzzz = 1\n", "(known: threads, picture_threads, channel_threads, lease_seconds, stop_seconds)"),
        ('[log]\nlevel = "loud"\n', "[log] level: must be one of debug, info, warning, error, not 'loud'"),
        ('[fetch]\nallow_hosts = "a:1"\n', "[fetch] allow_hosts: write a list, allow_hosts = [\"a:1\"], not 'a:1'"),
        ('[server]\nport = "many"\n', "[server] port: must be a whole number, not 'many'"),
        ("[server]\nport = 70000\n", "[server] port: must be less than or equal to 65535, not 70000"),
        ('[channels]\nmain = "x"\n', "[channels] main: must be a section with settings of its own, not 'x'"),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_file(tmp_path: Path, text: str, what: str) -> None:
    said = refused(tmp_path, text).what
    assert what in said
    assert "input should be" not in said


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    error = refused(tmp_path, '[server]\nport = -1\n[log]\nlevel = "loud"\n')
    assert "[server] port" in error.what
    assert "[log] level" in error.what


def test_a_wrong_value_from_the_environment_is_named_with_its_variable(tmp_path: Path) -> None:
    error = refused(tmp_path, "[server]\nport = 9000\n", PRESSROOM_SERVER__PORT="many")
    assert error.what.startswith("The variable PRESSROOM_SERVER__PORT: ")
    assert "[server] port" not in error.what
    assert "pressroom.toml" not in str(error)


def test_a_section_that_only_a_variable_names_is_told_by_the_variable(tmp_path: Path) -> None:
    assert "The variable PRESSROOM_SERVR__PORT: " in refused(tmp_path, PRESSROOM_SERVR__PORT="1").what


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("PRESSROOM_SERVER", "PRESSROOM_SERVER__HOST, PRESSROOM_SERVER__PORT"),
        ("PRESSROOM_CHANNELS", "PRESSROOM_CHANNELS__NAME__KEY."),
    ],
)
def test_a_variable_for_a_whole_section_is_refused_with_what_is_meant(
    tmp_path: Path, variable: str, meant: str
) -> None:
    error = refused(tmp_path, **{variable: "5"})
    assert variable in error.what
    assert meant in error.todo


def test_what_only_bears_the_prefix_is_somebody_elses(tmp_path: Path) -> None:
    # Kubernetes sets such variables for a service that is called "pressroom".
    config = loaded(tmp_path, PRESSROOM_SERVICE_HOST="10.0.0.1", PRESSROOM_PORT="tcp://10.0.0.1:8080")
    assert config == Config(workspace=tmp_path)


def test_a_variable_that_goes_through_a_value_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, "[server]\nport = 9000\n", PRESSROOM_SERVER__PORT__DEEPER="1")
    assert error.what == "The variable PRESSROOM_SERVER__PORT__DEEPER goes through port, which is a value."


class Mood(BaseModel):
    model_config = ConfigDict(extra="forbid")
    network: str
    volume: int = 1


def test_the_section_of_an_extension_is_read_by_its_own_model(tmp_path: Path) -> None:
    assert section(Mood, {"network": "x"}, "channels.main", Config(workspace=tmp_path)) == Mood(network="x")


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({}, "[channels.main] network: this setting is missing"),
        ({"network": "x", "volum": 3}, "[channels.main] volum: there is no such setting (did you mean volume?)"),
        ({"network": "x", "volume": "loud"}, "[channels.main] volume: "),
    ],
)
def test_a_mistake_in_it_is_named_with_its_whole_section(tmp_path: Path, values: dict[str, object], what: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        section(Mood, values, "channels.main", Config(workspace=tmp_path))
    assert what in error.value.what
    assert str(tmp_path / "pressroom.toml") in error.value.what


def test_a_mistake_in_it_from_the_environment_is_named_with_its_variable(tmp_path: Path) -> None:
    config = loaded(tmp_path, '[channels.main]\nnetwork = "x"\n', PRESSROOM_CHANNELS__MAIN__VOLUME="loud")
    with pytest.raises(ConfigurationError) as error:
        section(Mood, config.channels["main"], "channels.main", config)
    assert error.value.what.startswith("The variable PRESSROOM_CHANNELS__MAIN__VOLUME: ")


def test_a_mistake_of_the_file_beside_a_variable_is_named_with_the_file(tmp_path: Path) -> None:
    config = loaded(tmp_path, "[channels.main]\nvolum = 3\n", PRESSROOM_CHANNELS__MAIN__NETWORK="x")
    with pytest.raises(ConfigurationError, match=r"pressroom\.toml: \[channels\.main\] volum: "):
        section(Mood, config.channels["main"], "channels.main", config)


@pytest.mark.parametrize("model", [Section, ChannelSettings, PipelineSettings, Options, HandlerSettings])
def test_digits_are_a_text_where_a_text_is_asked_for(tmp_path: Path, model: type[BaseModel]) -> None:
    made = create_model("Made", __base__=model, user_id=(str, ""))
    config = loaded(tmp_path, PRESSROOM_HANDLERS__MADE__USER_ID="2244994945")
    values = {name: "preview" for name, field in made.model_fields.items() if field.is_required()}
    read = section(made, values | config.handlers["made"], "handlers.made", config)
    assert read.model_dump()["user_id"] == "2244994945"


def test_the_workspace_is_the_option_else_the_variable_else_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    variable = {"PRESSROOM_WORKSPACE": "variable"}
    assert workspace_path("option", variable) == tmp_path / "option"
    assert workspace_path(None, variable) == tmp_path / "variable"
    assert workspace_path(None, {}) == tmp_path


def test_values_that_were_read_elsewhere_are_settings_too_and_stay_as_they_are(tmp_path: Path) -> None:
    values = {"server": {"port": 9000}}
    config = load_values(values, {"PRESSROOM_SERVER__HOST": "0.0.0.0"}, tmp_path)
    assert (config.server.port, config.server.host) == (9000, "0.0.0.0")
    assert config.overridden == {"server.host": "PRESSROOM_SERVER__HOST"}
    assert values == {"server": {"port": 9000}}


def test_a_mistake_in_values_from_elsewhere_is_told_with_that_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"/press/settings: .*port"):
        load_values({"server": {"port": "x"}}, {}, tmp_path, "/press/settings")
