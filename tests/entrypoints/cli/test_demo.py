from __future__ import annotations

from pathlib import Path

import pytest

from pressroom import registry
from tests.entrypoints.cli.conftest import Cli


@pytest.fixture
def demo(cli: Cli, tmp_path: Path) -> Path:
    """The folder of a demo that was run once."""
    folder = tmp_path / "demo"
    answer = cli("demo", "--no-serve", "-w", folder)
    assert answer.code == 0, answer.stdout + answer.stderr
    return folder


def test_the_demo_runs_every_pipeline_there_is_and_says_what_was_made(cli: Cli, tmp_path: Path) -> None:
    answer = cli("demo", "--no-serve", "--json", "-w", tmp_path / "demo")
    assert answer.code == 0, answer.stdout + answer.stderr
    assert {document["pipeline"] for document in answer.json} == set(registry.names("pipelines"))
    assert {document["status"] for document in answer.json} == {"completed"}


def test_the_demo_of_the_same_day_makes_nothing_again(cli: Cli, demo: Path) -> None:
    before = cli("jobs", "--json", "-w", demo).json
    answer = cli("demo", "--no-serve", "-w", demo)
    assert answer.code == 0
    assert cli("jobs", "--json", "-w", demo).json == before
    assert all(job["id"] in answer.stdout for job in before)


def test_the_demo_stays_out_of_a_workspace_that_can_publish(cli: Cli, workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    file.write_text(file.read_text(encoding="utf-8") + '\n[channels.main]\nnetwork = "x"\n', encoding="utf-8")
    answer = cli("demo", "--no-serve", "-w", workspace)
    assert answer.code == 2
    assert "[channels.main]" in answer.stderr
    assert cli("jobs", "--json", "-w", workspace).json == []


def test_without_a_workspace_the_demo_has_a_folder_of_its_own(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("demo", "--no-serve").code == 0
    assert (tmp_path / "pressroom-demo" / "pressroom.toml").exists()
