"""Flagged posts on the command line, from a workspace whose own list of words holds the post of a real run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressroom.publications import PublicationState
from pressroom.runtimes.embedded import open_embedded
from tests.entrypoints.cli.conftest import Cli
from tests.entrypoints.edition import UNKNOWN, Edition

SETTINGS = """
[pipelines.daily_post]
channels = ["preview"]
moderation = "judge"
width = 480
height = 270
lettering = false
[generators.judge]
use = "offline_moderation"
words = ["National Hat Day"]
"""
DAY = ("-i", "date=2026-01-15", "-i", "theme=Hat")


@pytest.fixture
def press(workspace: Path) -> Path:
    (workspace / "pressroom.toml").write_text(SETTINGS, encoding="utf-8")
    return workspace


@pytest.fixture
def job(cli: Cli, press: Path) -> str:
    """The id of a job whose post was flagged; `run` says so by its exit code."""
    answer = cli("run", "daily_post", *DAY, "--json", "-w", press)
    assert answer.code == 4, answer.stderr
    assert answer.json["status"] == "held"
    return str(answer.json["id"])


def test_the_list_has_what_others_rely_on_and_what_was_found(cli: Cli, press: Path, job: str) -> None:
    (line,) = cli("held", "list", "--json", "-w", press).json
    assert (line["publication_id"], line["job_id"], line["channel"]) == (None, job, "")
    assert line["actions"] == ["approve", "refuse"]
    assert line["known"]["text"] == "National Hat Day!"
    assert line["known"]["pictures"][0]["key"].startswith("images/january_15_")
    assert line["known"]["flags"][0]["why"] == "“National Hat Day” is in your own list."
    assert "Moderation (judge) found something in this post: own list (1.00)" in line["reason"]
    table = cli("held", "-w", press).stdout
    assert job in table
    assert "(flagged)" in table


def test_it_is_listed_beside_posts_that_are_held_for_another_reason(cli: Cli, press: Path, job: str) -> None:
    with open_embedded(press, {}) as runtime:
        other = Edition(runtime.ports).job("Cake", ends="JobHeld", state=PublicationState.HELD, problem=UNKNOWN)
    lines = cli("held", "list", "--json", "-w", press).json
    assert {line["job_id"] for line in lines} == {job, other}


def test_it_is_shown_with_its_words_its_picture_and_the_commands(cli: Cli, press: Path, job: str) -> None:
    shown = cli("held", "show", job, "-w", press).stdout
    assert "National Hat Day!" in shown
    assert "assets/images/january_15_" in shown
    assert "own list 1.00  “National Hat Day” is in your own list." in shown
    assert f"pressroom held resolve {job} --action approve" in shown
    assert f"pressroom held resolve {job} --action refuse" in shown
    assert cli("held", "show", job, "--json", "-w", press).json["job_id"] == job


def test_an_approved_post_is_posted_by_the_next_run_and_tells_who_and_why(cli: Cli, press: Path, job: str) -> None:
    answer = cli("held", "resolve", job, "--action", "approve", "--comment", "It is fine.", "--json", "-w", press)
    assert answer.code == 0
    assert answer.json["status"] == "processing"
    assert "pressroom worker" in answer.stderr
    assert cli("held", "list", "--json", "-w", press).json == []
    done = cli("run", "daily_post", *DAY, "--json", "-w", press)
    assert done.code == 0
    assert (done.json["id"], done.json["status"]) == (job, "completed")
    assert [publication["state"] for publication in done.json["publications"]] == ["published"]
    (approved,) = cli("events", "--job", job, "--type", "PostApproved", "--json", "-w", press).json
    assert approved["data"]["comment"] == "It is fine."
    assert approved["data"]["by"].endswith("by command")


def test_a_refused_post_is_never_posted(cli: Cli, press: Path, job: str) -> None:
    answer = cli("held", "resolve", job, "--action", "refuse", "--comment", "Not ours.", "-w", press)
    assert answer.stdout == f"{job}  cancelled\n"
    document = cli("jobs", job, "--json", "-w", press).json
    assert document["error"]["what"] == "A person refused this post: Not ours."
    assert document["publications"] == []
    again = cli("held", "resolve", job, "--action", "approve", "-w", press)
    assert again.code == 2
    assert "has ended as cancelled" in again.stderr


@pytest.mark.parametrize("action", ["it_is_there", "send_again", "give_up"])
def test_actions_for_another_kind_of_held_post_are_refused(cli: Cli, press: Path, job: str, action: str) -> None:
    answer = cli("held", "resolve", job, "--action", action, "-w", press)
    assert answer.code == 2
    assert "Choose one of approve, refuse." in answer.stderr
    assert len(cli("held", "list", "--json", "-w", press).json) == 1


def test_a_post_that_may_be_out_already_cannot_be_approved(cli: Cli, press: Path) -> None:
    with open_embedded(press, {}) as runtime:
        Edition(runtime.ports).job("Cake", ends="JobHeld", state=PublicationState.HELD, problem=UNKNOWN)
        (publication,) = runtime.publishing.held()
    answer = cli("held", "resolve", publication.id, "--action", "approve", "-w", press)
    assert answer.code == 2
    assert "Choose one of it_is_there, send_again, give_up." in answer.stderr


def test_a_comment_belongs_to_a_decision_about_a_flagged_post(cli: Cli, press: Path, job: str) -> None:
    answer = cli("held", "resolve", job, "--action", "give_up", "--comment", "x", "-w", press)
    assert answer.code == 2
    assert "--comment and --step go with approve and refuse" in answer.stderr


def test_a_job_of_which_no_post_waits_says_how_it_stands(cli: Cli, press: Path, job: str) -> None:
    cli("held", "resolve", job, "--action", "refuse", "-w", press)
    answer = cli("held", "show", job, "-w", press)
    assert answer.code == 2
    assert "waits for consent. It is cancelled." in answer.stderr


def test_doctor_knows_the_generator_and_its_list(cli: Cli, press: Path) -> None:
    said = cli("doctor", "--json", "-w", press).stdout
    assert "what pictures show it cannot tell" in said


def test_a_generator_of_another_kind_is_found_by_doctor(cli: Cli, press: Path) -> None:
    (press / "pressroom.toml").write_text(SETTINGS.replace('moderation = "judge"', 'moderation = "offline_text"'))
    assert "offline_text makes text, and moderation is needed" in cli("doctor", "--json", "-w", press).stdout
