from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pressroom.entrypoints.cli.replay import moment
from pressroom.errors import BadInput
from tests.entrypoints.cli.conftest import Cli


@pytest.fixture
def posted(cli: Cli, workspace: Path) -> Path:
    answer = cli("run", "daily_post", "-i", "date=2026-10-31", "-i", "theme=0", "-w", workspace)
    assert answer.code == 0
    return workspace


def test_a_read_model_is_rebuilt_from_all_events(cli: Cli, posted: Path) -> None:
    before = cli("jobs", "--json", "-w", posted).json
    answer = cli("replay", "--into", "jobs", "--json", "-w", posted)
    assert answer.code == 0
    assert answer.json == {"into": "jobs", "events": 1}
    assert cli("jobs", "--json", "-w", posted).json == before


def test_a_replay_publishes_nothing(cli: Cli, posted: Path) -> None:
    before = cli("events", "--json", "-w", posted).json
    for model in ("jobs", "gallery"):
        assert cli("replay", "--into", model, "-w", posted).code == 0
    assert cli("events", "--json", "-w", posted).json == before


def test_an_unknown_read_model_or_handler_is_answered(cli: Cli, workspace: Path) -> None:
    assert "Did you mean gallery?" in cli("replay", "--into", "galery", "-w", workspace).stderr
    answer = cli("replay", "--through", "nobody", "-w", workspace)
    assert answer.code == 2
    assert "no handler called 'nobody'" in answer.stderr


def test_a_handler_that_is_not_switched_on_is_told_how_to(cli: Cli, workspace: Path) -> None:
    answer = cli("replay", "--through", "notify", "-w", workspace)
    assert answer.code == 2
    assert "The handler notify is not switched on." in answer.stderr
    assert "`enabled = true` below [handlers.notify]" in answer.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["--into", "jobs", "--through", "notify"], ["--into", "jobs", "--from", "2026-10-31"]]
)
def test_what_is_meant_must_be_clear(cli: Cli, workspace: Path, arguments: list[str]) -> None:
    assert cli("replay", *arguments, "-w", workspace).code == 2


def test_times_are_read_with_and_without_a_zone() -> None:
    assert moment("2026-10-31T08:00+01:00", "--from") == datetime(2026, 10, 31, 7, tzinfo=UTC)
    assert moment("2026-10-31", "--from") == datetime(2026, 10, 31).astimezone()
    assert moment(None, "--from") is None
    with pytest.raises(BadInput, match="--to soon: this is no time"):
        moment("soon", "--to")
