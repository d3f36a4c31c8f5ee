from __future__ import annotations

from pathlib import Path

from tests.entrypoints.cli.conftest import Cli


def test_a_time_that_is_over_is_refused(cli: Cli, workspace: Path) -> None:
    answer = cli("posts", "change", "pub_1", "--at", "2020-01-01T18:00+01:00", "--json", "-w", workspace)
    assert answer.code == 2
    assert answer.error["what"].startswith("--at 2020-01-01T18:00+01:00: 2020-01-01 ")
    assert " is over; it is 20" in answer.error["what"]
    assert "still to come" in answer.error["todo"]


def test_a_time_to_come_is_taken(cli: Cli, workspace: Path) -> None:
    answer = cli("posts", "change", "pub_1", "--at", "2100-01-01T18:00", "--json", "-w", workspace)
    assert answer.error["what"] == "There is no post pub_1."


def test_its_help_says_whose_time_one_without_a_zone_is(cli: Cli) -> None:
    assert "this machine's time" in " ".join(cli("posts", "change", "--help").stdout.replace("│", " ").split())
