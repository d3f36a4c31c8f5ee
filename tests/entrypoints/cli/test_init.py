from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pydantic import BaseModel

from pressroom import registry
from pressroom.config import Config, load, section
from pressroom.entrypoints.cli._settings_file import settings_file
from tests.entrypoints.cli.conftest import Cli

SECTIONS = ("server", "fetch", "worker", "budgets", "log", "telemetry")


def test_the_file_equals_the_defaults(workspace: Path) -> None:
    written, nothing = load(workspace, {}), Config(workspace=workspace)
    for name in SECTIONS:
        assert getattr(written, name) == getattr(nothing, name)
    for name in registry.names("pipelines"):
        settings = registry.pipeline(name).settings
        assert section(settings, written.pipelines[name], f"pipelines.{name}", written) == settings()
    for name in registry.names("handlers"):
        handling = registry.handler(name).Settings
        assert section(handling, written.handlers[name], f"handlers.{name}", written) == handling()


def test_it_says_what_comes_next_for_a_daily_post_and_for_photos(cli: Cli, tmp_path: Path) -> None:
    said = cli("init", tmp_path / "new").stderr
    assert f"pressroom run daily_post --workspace {tmp_path / 'new'}" in said
    assert f"pressroom run photo_feed -i file=PHOTO --workspace {tmp_path / 'new'}" in said


def test_every_setting_that_there_is_stands_in_the_file() -> None:
    text = settings_file()
    for name, field in Config.model_fields.items():
        for setting in getattr(field.annotation, "model_fields", ()):
            assert f"\n{setting} =" in text or f"\n#{setting} =" in text, f"{name}.{setting}"
    for network in registry.names("publishers"):
        for setting, field in registry.publisher(network).Settings.model_fields.items():
            is_section = isinstance(field.default, BaseModel)
            assert (f".{setting}]" if is_section else f"\n#{setting} =") in text, f"{network}: {setting}"
    for use in registry.names("generators"):
        for setting in registry.generator(use).Options.model_fields:
            assert f"\n#{setting} =" in text, f"{use}: {setting}"


def test_nothing_that_can_publish_or_cost_is_on(workspace: Path) -> None:
    config = load(workspace, {})
    assert config.channels == {}
    assert config.generators == {}
    assert not any(handler["enabled"] for handler in config.handlers.values())


def test_sections_that_are_off_can_be_switched_on_as_they_stand() -> None:
    lines = settings_file().splitlines()
    on = [line.removeprefix("#") for line in lines if not line.startswith("# ") and not line.endswith(" =")]
    read = tomllib.loads("\n".join(on))
    for network in registry.names("publishers"):
        kind = registry.publisher(network).Settings
        must = {name: "https://a.example" for name, field in kind.model_fields.items() if field.is_required()}
        assert kind(**must | read["channels"][f"my_{network}"]).network == network
    for use in registry.names("generators"):
        assert registry.generator(use).Options(**read["generators"][f"my_{use}"]).use == use


def test_the_secrets_of_a_section_are_named_as_they_are_set() -> None:
    text = settings_file()
    for network in registry.names("publishers"):
        for one_set in registry.publisher(network).needs_secrets:
            for secret in one_set:
                assert f"channels.my_{network}.{secret}" in " ".join(text.replace("\n# ", " ").split())


def test_init_brings_sample_data_and_keeps_secrets_out_of_repositories(cli: Cli, tmp_path: Path) -> None:
    answer = cli("init", tmp_path / "new", "--json")
    assert answer.code == 0
    written = answer.json["written"]
    calendar = tmp_path / "new" / "assets" / "config" / "national-days.json"
    assert calendar.exists()
    assert {str(calendar), str(tmp_path / "new" / "pressroom.toml")} <= set(written)
    ignored = (tmp_path / "new" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/data/" in ignored


def test_init_writes_nothing_over(cli: Cli, workspace: Path) -> None:
    before = (workspace / "pressroom.toml").read_bytes()
    answer = cli("init", workspace)
    assert answer.code == 2
    assert "is there already" in answer.stderr
    assert (workspace / "pressroom.toml").read_bytes() == before


def test_init_uses_the_workspace_option_as_well(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "--workspace", tmp_path / "other").code == 0
    assert (tmp_path / "other" / "pressroom.toml").exists()


def test_the_file_says_of_every_pipeline_what_it_is(workspace: Path) -> None:
    text = (workspace / "pressroom.toml").read_text(encoding="utf-8")
    for name in registry.names("pipelines"):
        before = text[: text.index(f"\n[pipelines.{name}]\n")].rpartition("\n\n")[2]
        assert len(re.findall(r"\w+", before)) > 5, name
