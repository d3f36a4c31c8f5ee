from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.entrypoints.cli.conftest import Cli

SCRIPT = "from pressroom.entrypoints.cli import main; main()"


def _offered(*words: str | Path) -> list[str]:
    """Return what bash would offer for the last word."""
    typed = ["pressroom", *map(str, words)]
    environment = os.environ | {
        "_PRESSROOM_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(typed),
        "COMP_CWORD": str(len(typed) - 1),
    }
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


def test_commands_and_sub_commands_are_offered() -> None:
    assert _offered("re") == ["report", "replay"]
    assert _offered("dead", "re") == ["redrive"]


def test_pipelines_are_offered() -> None:
    assert "daily_post" in _offered("run", "da")


def test_names_of_inputs_are_offered() -> None:
    assert _offered("run", "daily_post", "-i", "th") == ["theme="]


def test_types_of_events_are_offered() -> None:
    assert _offered("events", "--type", "PostPu") == ["PostPublished"]


def test_jobs_are_offered_beside_the_sub_commands(cli: Cli, workspace: Path) -> None:
    job_id = _requested(cli, workspace)
    assert _offered("-w", workspace, "jobs", "job") == [job_id]
    assert _offered("-w", workspace, "jobs", "ca") == ["cancel"]
    assert _offered("jobs", "--pipe") == ["--pipeline"]
    assert _offered("jobs", "--pipeline", "da") == ["daily_post"]


def test_channels_of_the_workspace_are_offered(workspace: Path) -> None:
    assert _offered("--workspace", workspace, "channels", "check", "pre") == ["preview"]


@pytest.mark.parametrize("command", [("jobs", "cancel"), ("jobs", "show"), ("events", "--job")])
def test_jobs_of_the_workspace_are_offered(cli: Cli, workspace: Path, command: tuple[str, str]) -> None:
    job_id = _requested(cli, workspace)
    assert _offered("-w", workspace, *command, "job") == [job_id]


def test_nothing_is_offered_and_nothing_said_where_there_is_no_workspace(tmp_path: Path) -> None:
    assert _offered("-w", tmp_path, "jobs", "cancel", "job") == []


def _requested(cli: Cli, workspace: Path) -> str:
    one = ("-i", "date=2026-10-31", "-i", "theme=0")
    return str(cli("run", "daily_post", *one, "--no-wait", "--json", "-w", workspace).json["id"])


def test_ways_to_decide_about_a_held_post_are_offered() -> None:
    assert _offered("held", "resolve", "job_1", "--action", "app") == ["approve"]
    assert _offered("held", "resolve", "pub_1", "--action", "it") == ["it_is_there"]


def test_jobs_whose_posts_were_flagged_are_offered_among_the_held(cli: Cli, workspace: Path) -> None:
    settings = '[pipelines.daily_post]\nmoderation = "judge"\n[generators.judge]\nuse = "offline_moderation"\n'
    (workspace / "pressroom.toml").write_text(settings + 'words = ["national"]\n', encoding="utf-8")
    job_id = cli("run", "daily_post", "-i", "date=2026-01-15", "--json", "-w", workspace).json["id"]
    assert _offered("-w", workspace, "held", "show", "job") == [job_id]
