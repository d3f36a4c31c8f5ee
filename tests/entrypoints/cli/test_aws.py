"""`pressroom aws`: what is written for Terraform, and what is said where something is missing."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from pressroom import registry
from pressroom.deployment.packages import LAYER, Package
from pressroom.entrypoints.cli import _aws_terraform as terraform
from pressroom.errors import BadInput
from tests.entrypoints.cli.conftest import Cli


@pytest.fixture
def infra(tmp_path: Path) -> Path:
    """A folder with Terraform, as far as synth looks."""
    folder = tmp_path / "infra"
    folder.mkdir()
    (folder / "main.tf").write_text("# Terraform\n", encoding="utf-8")
    return folder


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_synth_writes_variables_and_a_state_machine_for_each_pipeline(cli: Cli, workspace: Path, infra: Path) -> None:
    answer = cli("aws", "synth", infra, "-w", workspace, "--json")
    assert answer.code == 0, answer.stderr
    assert sorted(path.name for path in (infra / "state_machines").iterdir()) == [
        f"{name}.asl.json" for name in registry.names("pipelines")
    ]
    variables = json.loads((infra / "pressroom.auto.tfvars.json").read_text(encoding="utf-8"))
    assert sorted(variables["pipelines"]) == answer.json["pipelines"] == registry.names("pipelines")
    assert answer.json["next"] == "pressroom aws build"


def test_synth_gives_the_same_bytes_again_and_says_so(cli: Cli, workspace: Path, infra: Path) -> None:
    cli("aws", "synth", infra, "-w", workspace)
    before = _contents(infra)
    answer = cli("aws", "synth", infra, "-w", workspace, "--json")
    assert _contents(infra) == before
    assert not any(file["changed"] for file in answer.json["files"])


def test_a_channel_in_the_settings_is_a_channel_in_the_variables(cli: Cli, workspace: Path, infra: Path) -> None:
    with (workspace / "pressroom.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.sky]\nnetwork = "bluesky"\nbase_url = "https://bsky.social"\n')
    answer = cli("aws", "synth", infra, "-w", workspace, "--json")
    assert answer.json["channels"] == ["preview", "sky"]


def test_a_state_machine_whose_pipeline_is_gone_goes_too(cli: Cli, workspace: Path, infra: Path) -> None:
    left = infra / "state_machines" / "old_news.asl.json"
    left.parent.mkdir()
    left.write_text("{}", encoding="utf-8")
    answer = cli("aws", "synth", infra, "-w", workspace)
    assert not left.exists()
    assert "its pipeline is gone" in answer.stdout


def test_synth_says_which_settings_are_others_on_aws(cli: Cli, workspace: Path, infra: Path) -> None:
    answer = cli("aws", "synth", infra, "-w", workspace)
    assert "On AWS, speech of bedtime_story is polly" in answer.stdout


def test_a_wrong_setting_is_told_and_nothing_is_written(cli: Cli, workspace: Path, infra: Path) -> None:
    with (workspace / "pressroom.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.sky]\nnetwork = "bluesky"\nwindows = ["whenever"]\n')
    answer = cli("aws", "synth", infra, "-w", workspace, "--json")
    assert answer.code == 2
    assert "channels.sky" in answer.error["what"]
    assert list(_contents(infra)) == ["main.tf"]


def test_a_folder_without_terraform_is_told(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    answer = cli("aws", "synth", tmp_path, "-w", workspace, "--json")
    assert answer.code == 2
    assert "There is no Terraform in" in answer.error["what"]


def test_no_secret_is_in_what_is_written(cli: Cli, workspace: Path, infra: Path) -> None:
    cli("secrets", "set", "channels.preview.api_key", "-w", workspace, stdin="s3cr3t-value")
    cli("aws", "synth", infra, "-w", workspace)
    assert all(b"s3cr3t-value" not in data for data in _contents(infra).values())


def test_deploying_what_is_not_built_says_how_to_build_it(cli: Cli, workspace: Path, infra: Path) -> None:
    answer = cli("aws", "deploy", "--dir", infra, "-w", workspace, "--yes", "--json")
    assert answer.code == 2
    assert answer.error["todo"] == "Run `pressroom aws build` first."


def _built(infra: Path) -> None:
    (infra / "packages").mkdir()
    for name in (LAYER, *Package):
        (infra / "packages" / f"{name}.zip").touch()


def test_deploying_with_nobody_to_ask_needs_a_yes(cli: Cli, workspace: Path, infra: Path) -> None:
    _built(infra)
    answer = cli("aws", "deploy", "--dir", infra, "-w", workspace, "--json")
    assert answer.code == 2
    assert "--yes" in answer.error["todo"]


def test_without_terraform_it_is_said_where_to_get_it(
    cli: Cli, workspace: Path, infra: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _built(infra)
    monkeypatch.setenv("PATH", str(infra))
    answer = cli("aws", "deploy", "--dir", infra, "-w", workspace, "--yes", "--json")
    assert answer.code == 2
    assert answer.error["what"] == "Terraform is not installed."


def _recording_terraform(folder: Path, exit_code: int = 0) -> Path:
    """Put a `terraform` there that writes down what it was called with."""
    program, calls = folder / "bin" / "terraform", folder / "calls"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> "{calls}"\ncase "$2" in plan) exit {exit_code};; esac\n')
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    return calls


def test_deploying_plans_and_applies_what_was_planned(
    cli: Cli, workspace: Path, infra: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _built(infra)
    calls = _recording_terraform(tmp_path)
    monkeypatch.setenv("PATH", f"{calls.parent / 'bin'}{os.pathsep}{os.environ['PATH']}")
    answer = cli("aws", "deploy", "--dir", infra, "-w", workspace, "--yes", "--json", "--only", "channel.preview")
    assert answer.json == {"deployed": True, "exit_code": 0}
    init, plan, apply = calls.read_text(encoding="utf-8").splitlines()
    assert "init" in init
    assert '-target=module.channel["preview"]' in plan
    assert apply.split()[1:] == ["apply", "-input=false", "pressroom.plan", *apply.split()[4:]]


def test_a_plan_that_fails_is_not_applied(
    cli: Cli, workspace: Path, infra: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _built(infra)
    calls = _recording_terraform(tmp_path, exit_code=1)
    monkeypatch.setenv("PATH", f"{calls.parent / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert cli("aws", "deploy", "--dir", infra, "-w", workspace, "--yes", "--json").code == 1
    assert not any("apply" in line for line in calls.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("service", "target"), [("base", "module.base"), ("channel.sky", 'module.channel["sky"]'), ("api", "module.api")]
)
def test_each_service_can_be_deployed_on_its_own(service: str, target: str) -> None:
    assert terraform.target_of(service) == target


@pytest.mark.parametrize("service", ["channel", "nothing", "base.sky", "pipeline."])
def test_a_service_that_there_is_not_is_told(service: str) -> None:
    with pytest.raises(BadInput, match="There is no service"):
        terraform.target_of(service)
