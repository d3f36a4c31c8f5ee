from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.entrypoints.cli.conftest import Cli

ONE = ("-i", "date=2026-10-31", "-i", "theme=0")
OWL = {
    "day": "2026-10-31",
    "theme": {"theme": "Owl", "name": "National Owl Day", "index": 0},
    "prompt": "An owl.",
}


def _replace(workspace: Path, before: str, after: str) -> None:
    file = workspace / "pressroom.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def dead(cli: Cli, workspace: Path) -> int:
    """A delivery that died for want of a key; what it lacked is there again."""
    _replace(workspace, 'image = "offline_image"', 'image = "openai_image"')
    assert cli("run", "daily_post", *ONE, "-w", workspace).code == 1
    _replace(workspace, 'image = "openai_image"', 'image = "offline_image"')
    (letter,) = cli("dead", "list", "--json", "-w", workspace).json
    return int(letter["id"])


def _status(cli: Cli, workspace: Path) -> str:
    (job,) = cli("jobs", "--json", "-w", workspace).json
    return str(job["status"])


def test_without_anything_dead_the_list_is_empty(cli: Cli, workspace: Path) -> None:
    assert cli("dead", "list", "--json", "-w", workspace).json == []
    assert "Nothing is dead" in cli("dead", "-w", workspace).stdout


def test_the_list_has_what_others_rely_on(cli: Cli, workspace: Path, dead: int) -> None:
    (letter,) = cli("dead", "list", "--json", "-w", workspace).json
    assert {"id", "queue", "job_id", "attempts", "error", "advice"} <= letter.keys()
    assert letter["error"]["what"] in cli("dead", "list", "-w", workspace).stdout
    assert cli("dead", "list", "--queue", "publish.main", "--json", "-w", workspace).json == []


def test_one_is_shown_with_its_history(cli: Cli, workspace: Path, dead: int) -> None:
    assert cli("dead", "show", dead, "--json", "-w", workspace).json["id"] == dead
    shown = cli("dead", "show", dead, "-w", workspace).stdout
    assert "draw_picture" in shown
    assert f"pressroom dead redrive {dead}" in shown


def test_one_that_is_not_there_is_told_where_to_look(cli: Cli, workspace: Path, dead: int) -> None:
    answer = cli("dead", "show", str(dead + 98), "-w", workspace)
    assert answer.code == 2
    assert f"There is no dead delivery {dead + 98}." in answer.stderr
    assert "`pressroom dead list` shows those there are." in answer.stderr


def test_redriven_it_goes_on_and_the_job_completes(cli: Cli, workspace: Path, dead: int) -> None:
    assert cli("dead", "redrive", dead, "--json", "-w", workspace).json == {"redriven": [dead]}
    assert cli("dead", "list", "--json", "-w", workspace).json == []
    assert _status(cli, workspace) == "processing"
    answer = cli("run", "daily_post", *ONE, "--json", "-w", workspace)
    assert answer.json["status"] == "completed"
    assert len(cli("jobs", "--json", "-w", workspace).json) == 1


@pytest.mark.parametrize("option", ["--set", "--data"])
def test_it_can_be_edited_and_redriven(cli: Cli, workspace: Path, dead: int, option: str) -> None:
    edit = f"chosen={json.dumps(OWL)}" if option == "--set" else json.dumps({"chosen": OWL})
    assert cli("dead", "redrive", dead, option, edit, "-w", workspace).code == 0
    answer = cli("run", "daily_post", *ONE, "--json", "-w", workspace)
    assert answer.code == 0
    assert "images/october_31_0_Owl.jpg" in [asset["key"] for asset in answer.json["assets"]]


def test_retrying_the_job_redrives_what_is_dead_in_it(cli: Cli, workspace: Path, dead: int) -> None:
    (job,) = cli("jobs", "--json", "-w", workspace).json
    assert cli("jobs", "retry", job["id"], "-w", workspace).code == 0
    assert cli("dead", "list", "--json", "-w", workspace).json == []


def test_all_of_a_queue_are_discarded_and_others_kept(cli: Cli, workspace: Path, dead: int) -> None:
    assert cli("dead", "discard", "--all", "--queue", "publish.main", "--json", "-w", workspace).json == {
        "discarded": []
    }
    assert cli("dead", "discard", "--all", "--json", "-w", workspace).json == {"discarded": [dead]}
    assert cli("dead", "list", "--json", "-w", workspace).json == []


def test_all_are_redriven_but_what_cannot_be_and_that_is_told_with_1(cli: Cli, workspace: Path, dead: int) -> None:
    # The job of the first is asked for again and done, so nothing of it may go on.
    assert cli("run", "daily_post", *ONE, "-w", workspace).code == 0
    _replace(workspace, 'image = "offline_image"', 'image = "openai_image"')
    assert cli("run", "daily_post", "-i", "date=2026-10-30", "-i", "theme=0", "-w", workspace).code == 1
    (other,) = {letter["id"] for letter in cli("dead", "list", "--json", "-w", workspace).json} - {dead}
    answer = cli("dead", "redrive", dead, other, "--json", "-w", workspace)
    assert answer.code == 1
    assert answer.json["redriven"] == [other]
    (refused,) = answer.json["refused"]
    assert refused["id"] == dead
    assert "was started in the place of" in refused["error"]["what"]
    told = cli("dead", "redrive", "--all", "-w", workspace)
    assert told.code == 1
    assert f"{dead}  not redriven: " in told.stderr


def test_an_unknown_id_among_several_changes_nothing(cli: Cli, workspace: Path, dead: int) -> None:
    answer = cli("dead", "discard", dead, dead + 1, "-w", workspace)
    assert answer.code == 2
    assert f"There is no dead delivery {dead + 1}." in answer.stderr
    assert len(cli("dead", "list", "--json", "-w", workspace).json) == 1


@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["1", "--queue", "steps"]])
def test_what_is_meant_must_be_clear(cli: Cli, workspace: Path, arguments: list[str]) -> None:
    assert cli("dead", "redrive", *arguments, "-w", workspace).code == 2


@pytest.mark.parametrize(("option", "value"), [("--data", "[1]"), ("--data", "{"), ("--set", "name")])
def test_an_edit_that_cannot_be_read_changes_nothing(
    cli: Cli, workspace: Path, dead: int, option: str, value: str
) -> None:
    assert cli("dead", "redrive", dead, option, value, "-w", workspace).code == 2
    assert len(cli("dead", "list", "--json", "-w", workspace).json) == 1
