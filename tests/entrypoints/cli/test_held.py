"""Held posts, from a workspace that has one of which two candidates were found."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressroom.publications import PublicationState
from pressroom.runtimes.embedded import open_embedded
from tests.entrypoints.cli.conftest import Cli
from tests.entrypoints.edition import UNKNOWN, Edition


@pytest.fixture
def held(cli: Cli, workspace: Path) -> str:
    """The id of a held post."""
    runtime = open_embedded(workspace, {})
    try:
        Edition(runtime.ports).job("Cake", ends="JobHeld", state=PublicationState.HELD, problem=UNKNOWN)
        (publication,) = runtime.publishing.held()
    finally:
        runtime.ports.close()
    return publication.id


def test_without_any_the_list_is_empty(cli: Cli, workspace: Path) -> None:
    assert cli("held", "list", "--json", "-w", workspace).json == []
    assert "Nothing is held" in cli("held", "-w", workspace).stdout


def test_the_list_has_what_others_rely_on_and_what_was_found_out(cli: Cli, workspace: Path, held: str) -> None:
    (line,) = cli("held", "list", "--json", "-w", workspace).json
    assert {"publication_id", "job_id", "channel", "reason", "known", "actions"} <= line.keys()
    assert line["publication_id"] == held
    assert line["known"]["found"] == {"posts that could be it": 2, "looked": "twice, four minutes apart"}


def test_one_is_shown_with_what_was_found_out_and_what_to_do(cli: Cli, workspace: Path, held: str) -> None:
    shown = cli("held", "show", held, "-w", workspace).stdout
    assert "posts that could be it: 2" in shown
    assert "looked: twice, four minutes apart" in shown
    assert UNKNOWN.todo in shown
    document = cli("held", "show", held, "--json", "-w", workspace).json
    assert document["known"]["found"]["posts that could be it"] == 2


def test_a_held_post_is_given_up(cli: Cli, workspace: Path, held: str) -> None:
    assert cli("held", "resolve", held, "--action", "give_up", "--json", "-w", workspace).json["state"] == "rejected"
    assert cli("held", "list", "--json", "-w", workspace).json == []
