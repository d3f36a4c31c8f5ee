"""`pressroom report` over a real workspace."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pressroom.changes import Change
from pressroom.entrypoints.cli import _output, build_app
from pressroom.runtimes.embedded import open_embedded
from tests.entrypoints.cli.conftest import Cli
from tests.photo_events import PhotoEvents
from tests.post_events import NOON, PostEvents

DAY = timedelta(days=1)


@pytest.fixture
def reported(workspace: Path) -> Path:
    """Two posts on main, one read; one on sky that was refused; one on sky that only a notice tells of."""
    one, two = PostEvents(1), PostEvents(2)
    refused, noticed = PostEvents(3, "sky"), PostEvents(4, "sky", pipeline="photo_feed")
    events = (
        *(one.requested(), one.attempted(), one.published(), one.read(likes=3, views=40)),
        *(two.requested(NOON + DAY), two.published(NOON + DAY)),
        *(refused.requested(), refused.attempted(), refused.rejected()),
        *(noticed.requested(), noticed.published(title="=SUM(1)")),
        *(noticed.noticed("comment"), noticed.noticed("comment")),
    )
    with open_embedded(workspace, {}) as runtime:
        runtime.bus.commit(Change(events=events))
    return workspace


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_posts_are_listed_with_what_is_known(cli: Cli, reported: Path) -> None:
    answer = cli("-w", reported, "report")
    head, *lines = rows(answer.stdout)
    assert head[:4] == ["day", "channel", "state", "title"]
    assert lines[0][:3] == ["2026-10-31", "sky", "published"]
    assert lines[0][head.index("likes") :][:4] == ["–", "≥2", "–", "–"]
    assert lines[1][:3] == ["2026-10-31", "sky", "rejected"]
    assert "3" in lines[3]
    assert "unknown" in answer.stderr
    assert "Newest reading: " in answer.stderr


def test_a_post_without_words_is_called_what_its_photo_is(cli: Cli, workspace: Path) -> None:
    photo, post = PhotoEvents(job_id="job_1"), PostEvents(1, job_id="job_1")
    came = photo.original(title="", name="IMG_2041.jpg")
    with open_embedded(workspace, {}) as runtime:
        runtime.bus.commit(Change(events=(came, post.requested(), post.published(title="", text=""))))
    assert "IMG_2041.jpg" in cli("-w", workspace, "report").stdout
    assert "pub_" not in cli("-w", workspace, "report").stdout
    assert cli("-w", workspace, "report", "--json").json["posts"][0]["name"] == "IMG_2041.jpg"


def test_unknown_is_null_in_json(cli: Cli, reported: Path) -> None:
    document = cli("-w", reported, "report", "--json").json
    assert document["as_of"].startswith("2026-10-31T13:00")
    counts = {post["publication_id"]: post["counts"]["likes"] for post in document["posts"]}
    assert counts == {"pub_0004": None, "pub_0003": None, "pub_0002": None, "pub_0001": 3}


def test_unknown_is_empty_in_csv_and_formulas_are_text(cli: Cli, reported: Path) -> None:
    text = cli("-w", reported, "report", "--csv").stdout
    found = {row["publication_id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert (found["pub_0001"]["likes"], found["pub_0002"]["likes"]) == ("3", "")
    assert found["pub_0004"]["title"] == "'=SUM(1)"
    assert found["pub_0004"]["comments_at_least"] == "2"
    assert len(found) == 4


def test_channels_tell_of_how_many_posts_their_sums_are(cli: Cli, reported: Path) -> None:
    head, main, sky = rows(cli("-w", reported, "report", "--by", "channel").stdout)
    assert main[:2] == ["main", "2"]
    assert "3 (1/2)" in " ".join(main)
    assert sky[:3] == ["sky", "1", "1"]
    assert head[0] == "channel"


@pytest.mark.parametrize(("by", "first"), [("pipeline", "daily_post"), ("day", "2026-11-01"), ("channel", "main")])
def test_it_counts_by_each_kind(cli: Cli, reported: Path, by: str, first: str) -> None:
    document = cli("-w", reported, "report", "--by", by, "--json").json
    assert document[f"{by}s"][0][by] == first
    assert sum(row["posts"] for row in document[f"{by}s"]) == 4


def test_it_can_be_narrowed(cli: Cli, reported: Path) -> None:
    narrowed = cli("-w", reported, "report", "--channel", "sky", "--pipeline", "photo_feed", "--json").json
    assert [post["publication_id"] for post in narrowed["posts"]] == ["pub_0004"]
    days = cli("-w", reported, "report", "--since", "2026-11-01", "--until", "2026-11-01", "--json").json
    assert [post["publication_id"] for post in days["posts"]] == ["pub_0002"]


def test_only_as_many_posts_as_wanted_are_listed(cli: Cli, reported: Path) -> None:
    assert len(cli("-w", reported, "report", "--limit", "2", "--json").json["posts"]) == 2
    assert cli("-w", reported, "report", "--limit", "2", "--csv").stdout.count("\n") == 3


def test_lines_of_csv_end_as_the_standard_says(reported: Path) -> None:
    output = CliRunner().invoke(build_app(), ["-w", str(reported), "report", "--csv"]).stdout_bytes
    assert output.count(b"\r\n") == output.count(b"\n") == output.count(b"\r") == 5


@pytest.mark.parametrize(("width", "columns"), [(200, "as of"), (72, "likes")])
def test_on_a_terminal_the_table_fits(
    cli: Cli, reported: Path, monkeypatch: pytest.MonkeyPatch, width: int, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(_output, "sys", type("Here", (), {"stdout": type("Tty", (), {"isatty": lambda self: True})()}))
    lines = cli("-w", reported, "report", "--by", "channel").stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert columns in lines[0]


def test_an_empty_report_says_what_to_do(cli: Cli, workspace: Path) -> None:
    assert "pressroom run daily_post" in cli("-w", workspace, "report").stdout
    assert cli("-w", workspace, "report", "--channel", "x").stdout == "No post is like that.\n"
    assert cli("-w", workspace, "report", "--json").json == {"as_of": None, "posts": []}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "week"], "week"),
        (["--since", "yesterday"], "--since yesterday: this is no day."),
        (["--csv", "--json"], "Either --csv or --json"),
    ],
)
def test_what_cannot_be_asked_is_told(cli: Cli, workspace: Path, arguments: list[str], said: str) -> None:
    answer = cli("-w", workspace, "report", *arguments)
    assert answer.code == 2
    assert said in answer.stderr
