from __future__ import annotations

from pathlib import Path

import pytest

from tests.entrypoints.cli.conftest import Cli

NAME = "channels.main.api_key"
VALUE = "s3cr3t value with spaces"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"


def test_a_secret_is_set_from_standard_input_listed_by_name_and_removed(cli: Cli, workspace: Path) -> None:
    answer = cli("secrets", "set", NAME, "-w", workspace, stdin=VALUE + "\n")
    assert answer.code == 0
    listed = cli("secrets", "list", "--json", "-w", workspace)
    assert [line["name"] for line in listed.json] == [NAME]
    assert VALUE not in answer.stdout + answer.stderr + listed.stdout
    assert cli("secrets", "remove", NAME, "-w", workspace).code == 0
    assert cli("secrets", "--json", "-w", workspace).json == []


def test_only_the_last_line_end_is_taken_off_the_value(cli: Cli, workspace: Path) -> None:
    from pressroom.runtimes.embedded import open_embedded

    cli("secrets", "set", NAME, "-w", workspace, stdin=f"{PEM}\n\n")
    with open_embedded(workspace, {}) as runtime:
        assert runtime.ports.secrets.get(NAME) == f"{PEM}\n"


def test_a_secret_that_nothing_uses_yet_is_told_which_lines_to_add(cli: Cli, workspace: Path) -> None:
    answer = cli("secrets", "set", NAME, "-w", workspace, stdin=VALUE)
    assert "[channels.main]\n  network =" in answer.stderr


def test_a_secret_of_a_section_that_is_there_needs_no_more(cli: Cli, workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    file.write_text(file.read_text(encoding="utf-8") + '\n[channels.main]\nnetwork = "x"\n', encoding="utf-8")
    assert cli("secrets", "set", NAME, "-w", workspace, stdin=VALUE).stderr == ""


def test_a_secret_without_which_the_workspace_cannot_be_opened_can_be_set(cli: Cli, workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    before, after = file.read_text(encoding="utf-8").split("[handlers.notify]")
    after = after.replace("enabled = false", "enabled = true", 1)
    file.write_text(f"{before}[handlers.notify]{after}", encoding="utf-8")
    refused = cli("run", "-w", workspace)
    assert refused.code == 2
    assert "pressroom secrets set handlers.notify.url" in refused.stderr
    assert cli("secrets", "set", "handlers.notify.url", "-w", workspace, stdin="https://example.com/hook").code == 0
    assert cli("run", "-w", workspace).code == 0


def test_no_value_is_wrong_use(cli: Cli, workspace: Path) -> None:
    answer = cli("secrets", "set", NAME, "-w", workspace, stdin="")
    assert answer.code == 2
    assert "No value was given" in answer.stderr


def test_a_name_that_cannot_be_one_is_refused(cli: Cli, workspace: Path) -> None:
    assert cli("secrets", "set", "my key", "-w", workspace, stdin=VALUE).code == 2


def test_an_unknown_secret_is_answered_with_the_closest(cli: Cli, workspace: Path) -> None:
    cli("secrets", "set", NAME, "-w", workspace, stdin=VALUE)
    answer = cli("secrets", "remove", "channels.main.api_ke", "-w", workspace)
    assert answer.code == 2
    assert f"Did you mean {NAME}?" in answer.stderr


def _with_sections(workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    more = '\n[channels.main]\nnetwork = "x"\n\n[generators.art]\nuse = "openai_image"\n'
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "what", "todo"),
    [
        ("channels.main", "names a section and no secret in it", "channels.main.api_key"),
        ("CHANNELS.MAIN.API_KEY", "names are in lower case", "Did you mean channels.main.api_key?"),
        ("chanels.main.api_key", "There is no kind of secret called 'chanels'", "Did you mean channels"),
        ("channels.mian.api_key", "There is no section [channels.mian]", "Did you mean channels.main.api_key?"),
        ("handlers.notfy.url", "There is no section [handlers.notfy]", "Did you mean handlers.notify.url?"),
        ("channels.main.api_ky", "reads no secret 'api_ky'", "It asks for: api_key, api_secret"),
        ("channels.main.API_KEY", "reads no secret 'API_KEY'", "Did you mean channels.main.api_key?"),
        ("generators.art.apikey", "reads no secret 'apikey'", "It asks for: api_key."),
    ],
)
def test_a_name_that_nothing_reads_is_refused_with_what_was_meant(
    cli: Cli, workspace: Path, name: str, what: str, todo: str
) -> None:
    _with_sections(workspace)
    answer = cli("secrets", "set", name, "-w", workspace, stdin=VALUE)
    assert answer.code == 2
    assert what in answer.stderr
    assert todo in answer.stderr
    assert cli("secrets", "--json", "-w", workspace).json == []


@pytest.mark.parametrize("name", ["channels.main.client_secret", "channels.main.refresh_token", "server.key"])
def test_a_name_that_something_may_read_is_taken(cli: Cli, workspace: Path, name: str) -> None:
    _with_sections(workspace)
    assert cli("secrets", "set", name, "-w", workspace, stdin=VALUE).code == 0


def test_a_field_that_is_not_asked_for_is_told_with_those_that_are(cli: Cli, workspace: Path) -> None:
    _with_sections(workspace)
    answer = cli("secrets", "set", "generators.art.password", "-w", workspace, stdin=VALUE)
    assert "[generators.art] asks for api_key; password is used only if it takes that too." in answer.stderr


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("   \n", "is blank"),
        ("abc", "has fewer than 4 characters"),
        ("one\ntwo\n", "has a line break"),
        ("abc\x1b[0m", "control character"),
        ("k" * 64_001, "is longer than 64 kB"),
    ],
)
def test_a_value_that_can_be_no_secret_is_refused(cli: Cli, workspace: Path, value: str, what: str) -> None:
    answer = cli("secrets", "set", NAME, "-w", workspace, stdin=value)
    assert answer.code == 2
    assert what in answer.stderr
    assert cli("secrets", "--json", "-w", workspace).json == []


def test_secrets_from_the_environment_are_listed_as_such(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("secrets", "set", NAME, "-w", workspace, stdin=VALUE)
    monkeypatch.setenv("PRESSROOM_SECRET__GENERATORS__ART__API_KEY", "from-outside")
    assert cli("secrets", "--json", "-w", workspace).json == [
        {"name": NAME, "from_environment": False},
        {"name": "generators.art.api_key", "from_environment": True},
    ]
    listed = cli("secrets", "-w", workspace).stdout.splitlines()
    assert listed == [NAME, "generators.art.api_key  (from the environment)"]


@pytest.mark.parametrize("name", [NAME, "generators.my-art.api_key"])
def test_the_variable_of_a_secret_is_the_one_that_is_read(name: str) -> None:
    from pressroom.backends import encrypted_file
    from pressroom.entrypoints.cli._secret_names import variable_of

    assert variable_of(name) == encrypted_file.variable_of(name)
