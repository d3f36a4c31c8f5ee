from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pressroom import registry
from pressroom.entrypoints.cli import build_app
from tests.entrypoints.cli.conftest import Cli


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a demo that was run once, without naming a workspace, and what it said."""
    folder = tmp_path_factory.mktemp("here")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(build_app(), ["demo", "--no-serve"])
    assert result.exit_code == 0, result.stdout + result.stderr
    return folder / "pressroom-demo", result.stdout


@pytest.fixture
def demo(ran: tuple[Path, str]) -> Path:
    return ran[0]


def test_without_a_workspace_the_demo_has_a_folder_of_its_own(demo: Path) -> None:
    assert (demo / "pressroom.toml").exists()


def test_the_demo_runs_every_pipeline_there_is(cli: Cli, demo: Path) -> None:
    jobs = cli("jobs", "--json", "-w", demo).json
    assert {job["pipeline"]: job["status"] for job in jobs} == dict.fromkeys(registry.names("pipelines"), "completed")


def test_the_demo_says_of_each_pipeline_what_came_out_and_in_which_file(ran: tuple[Path, str]) -> None:
    folder, said = ran
    for pipeline in registry.names("pipelines"):
        made = re.findall(rf"^✓ {pipeline} in [\d.]+ m?s: (.+)\n  file +(.+)$", said, re.MULTILINE)
        assert made  # several where the day has several themes
        for title, file in made:
            assert title
            assert Path(file).is_relative_to(folder.resolve())
            assert Path(file).stat().st_size


def test_the_demo_of_the_same_day_makes_nothing_again(cli: Cli, demo: Path) -> None:
    before = cli("jobs", "--json", "-w", demo).json
    answer = cli("demo", "--no-serve", "-w", demo)
    assert answer.code == 0
    assert cli("jobs", "--json", "-w", demo).json == before
    assert all(job["id"] in answer.stdout for job in before)


def test_the_documents_of_the_demo_are_those_of_its_jobs(cli: Cli, demo: Path) -> None:
    documents = cli("demo", "--no-serve", "--json", "-w", demo).json
    assert {document["pipeline"] for document in documents} == set(registry.names("pipelines"))
    assert all(document["assets"] for document in documents)


def test_a_pipeline_that_cannot_be_started_takes_nothing_from_the_others(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slow in ("bedtime_story", "text_extraction", "daily_post"):
        monkeypatch.setattr(f"pressroom.pipelines.{slow}.demo_input", lambda: {"nonsense": "1"}, raising=False)
    answer = cli("demo", "--no-serve", "-w", tmp_path / "demo")
    assert answer.code == 1
    assert "✗ bedtime_story could not be started" in answer.stdout
    assert "✓ product_image" in answer.stdout
    assert "✓ photo_feed" in answer.stdout


def test_the_demo_stays_out_of_a_workspace_that_can_publish(cli: Cli, workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    file.write_text(file.read_text(encoding="utf-8") + '\n[channels.main]\nnetwork = "x"\n', encoding="utf-8")
    answer = cli("demo", "--no-serve", "-w", workspace)
    assert answer.code == 2
    assert "[channels.main]" in answer.stderr
    assert cli("jobs", "--json", "-w", workspace).json == []
