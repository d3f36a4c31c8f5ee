from __future__ import annotations

from pathlib import Path

import pytest

from tests.entrypoints.cli.conftest import Cli

ONE = ("-i", "date=2026-10-31", "-i", "theme=0")


@pytest.fixture
def waiting(cli: Cli, workspace: Path) -> str:
    """The id of a job that nobody has begun."""
    return str(cli("run", "daily_post", *ONE, "--no-wait", "--json", "-w", workspace).json["id"])


def test_an_empty_workspace_has_an_empty_list(cli: Cli, workspace: Path) -> None:
    assert cli("jobs", "--json", "-w", workspace).json == []
    assert "No job yet" in cli("jobs", "-w", workspace).stdout


def test_jobs_are_listed_for_programs_and_for_people(cli: Cli, workspace: Path, waiting: str) -> None:
    (line,) = cli("jobs", "--json", "-w", workspace).json
    assert line["id"] == waiting
    assert line["pipeline"] == "daily_post"
    assert line["status"] == "pending"
    assert line["created_at"]
    assert waiting in cli("jobs", "-w", workspace).stdout


def test_a_line_says_what_its_job_is_about(cli: Cli, workspace: Path, waiting: str) -> None:
    head, line = cli("jobs", "-w", workspace).stdout.splitlines()
    assert head.split()[:2] == ["id", "about"]
    assert line.startswith(f"{waiting}  Halloween  daily_post")
    assert cli("jobs", "--json", "-w", workspace).json[0]["title"] == "Halloween"


def test_a_job_is_shown_whole_by_its_id(cli: Cli, workspace: Path, waiting: str) -> None:
    shown = cli("jobs", waiting, "--json", "-w", workspace).json
    assert shown["id"] == waiting
    assert {"result", "error", "steps", "events", "assets", "cost", "publications"} <= shown.keys()
    for_people = cli("jobs", waiting, "-w", workspace).stdout
    assert "choose_theme" in for_people
    assert f"pressroom events --job {waiting}" in for_people


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["--status", "pending"], 1),
        (["--status", "failed"], 0),
        (["--status", "failed", "--status", "pending"], 1),
        (["--pipeline", "daily_post", "--limit", "1"], 1),
        (["--search", "2026 OCT"], 0),
        (["--search", "2026 10"], 1),
    ],
)
def test_jobs_are_filtered(cli: Cli, workspace: Path, waiting: str, filters: list[str], count: int) -> None:
    assert len(cli("jobs", *filters, "--json", "-w", workspace).json) == count


def test_an_unknown_status_or_pipeline_is_answered_with_the_closest(cli: Cli, workspace: Path) -> None:
    assert "Did you mean failed?" in cli("jobs", "--status", "faild", "-w", workspace).stderr
    assert "Did you mean daily_post?" in cli("jobs", "--pipeline", "daly", "-w", workspace).stderr


def test_an_unknown_job_is_answered_with_the_closest_one(cli: Cli, workspace: Path, waiting: str) -> None:
    answer = cli("jobs", waiting[:-1] + "g", "-w", workspace)
    assert answer.code == 2
    assert f"Did you mean {waiting}?" in answer.stderr


def test_a_mistyped_sub_command_is_not_taken_for_a_job_in_silence(cli: Cli, workspace: Path) -> None:
    answer = cli("jobs", "cancle", "-w", workspace)
    assert answer.code == 2
    assert "Did you mean jobs cancel?" in answer.stderr


@pytest.mark.parametrize("command", [["jobs"], ["jobs", "cancel"], ["jobs", "retry"], ["events", "--job"]])
@pytest.mark.parametrize("name", ["nope", "job_nope"])
def test_a_job_that_is_not_there_is_told_where_to_look(
    cli: Cli, workspace: Path, waiting: str, command: list[str], name: str
) -> None:
    answer = cli(*command, name, "--json", "-w", workspace)
    assert answer.code == 2
    assert answer.error["kind"] == "NotFound"
    assert answer.error["what"] == f"There is no job {name}."
    assert answer.error["todo"] == "`pressroom jobs` lists those there are."


def test_a_job_is_cancelled(cli: Cli, workspace: Path, waiting: str) -> None:
    assert cli("jobs", "cancel", waiting, "--json", "-w", workspace).json["status"] == "cancelled"
    again = cli("jobs", "cancel", waiting, "-w", workspace)
    assert again.code == 2
    assert "already ended" in again.stderr


def test_a_job_without_anything_dead_is_not_retried(cli: Cli, workspace: Path, waiting: str) -> None:
    answer = cli("jobs", "retry", waiting, "-w", workspace)
    assert answer.code == 2
    assert "nothing to retry" in answer.stderr


def test_events_of_one_job_and_of_one_type_are_listed_oldest_first(cli: Cli, workspace: Path) -> None:
    job_id = cli("run", "daily_post", *ONE, "--json", "-w", workspace).json["id"]
    types = [event["type"] for event in cli("events", "--job", job_id, "--json", "-w", workspace).json]
    assert types[0] == "JobRequested"
    assert types[-1] == "JobCompleted"
    stored = cli("events", "--type", "AssetStored", "--json", "-w", workspace).json
    assert {event["type"] for event in stored} == {"AssetStored"}
    assert "JobCompleted" in cli("events", "--limit", "3", "-w", workspace).stdout


def test_events_of_an_unknown_job_are_an_error(cli: Cli, workspace: Path) -> None:
    assert cli("events", "--job", "job_nowhere", "-w", workspace).code == 2


def test_an_unknown_type_of_event_is_answered_with_the_closest(cli: Cli, workspace: Path) -> None:
    answer = cli("events", "--type", "PostPublishd", "-w", workspace)
    assert answer.code == 2
    assert "Did you mean PostPublished" in answer.stderr
    assert cli("events", "--type", "PostPublished", "-w", workspace).code == 0


def test_an_event_of_a_type_that_only_a_pipeline_knows_can_be_asked_for(cli: Cli, workspace: Path) -> None:
    from datetime import UTC, datetime

    from pressroom.changes import Change
    from pressroom.events import Event
    from pressroom.runtimes.embedded import open_embedded

    with open_embedded(workspace, {}) as runtime:
        runtime.bus.commit(Change(events=(Event(type="StoryTold", subject="s", time=datetime.now(UTC)),)))
    (event,) = cli("events", "--type", "StoryTold", "--json", "-w", workspace).json
    assert event["type"] == "StoryTold"


def test_the_types_that_are_known_are_those_of_the_reference() -> None:
    from docs.reference_pages.events import EVENTS
    from pressroom.entrypoints.cli._event_types import EVENT_TYPES

    assert set(EVENT_TYPES) == set(EVENTS)
