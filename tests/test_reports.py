"""What the analytics answer, from documents that were really folded."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom import reports
from pressroom.changes import Change
from pressroom.ports import Views
from pressroom.reports import Narrowing
from pressroom.testing import memory_runtime
from tests.post_events import NOON, PostEvents

DAY = timedelta(days=1)


def told(*stories: Any) -> Views:
    runtime = memory_runtime()
    runtime.bus.commit(Change(events=tuple(stories)))
    runtime.replay.catch_up("analytics")
    return runtime.ports.views


def a_month() -> Views:
    """30 days, a post a day: even ones on main by pipeline a, odd ones on sky by b; every third has 2 likes."""
    events = []
    for number in range(30):
        at = NOON - number * DAY
        post = PostEvents(number, ("main", "sky")[number % 2], pipeline=("a", "b")[number % 2])
        events += [post.requested(at), post.attempted(1, at), post.published(at)]
        if number % 3 == 0:
            events.append(post.read(at + DAY, likes=2))
    return told(*sorted(events, key=lambda event: event.time))


def test_posts_come_page_by_page_and_each_once() -> None:
    views, seen, before = a_month(), [], None
    while True:
        page = reports.posts(views, Narrowing(), limit=7, before=before)
        seen += [row["publication_id"] for row in page.rows]
        before = page.before
        if before is None:
            break
    assert seen == [f"pub_{number:04}" for number in range(29, -1, -1)]


def test_a_page_that_ends_with_the_last_post_leads_nowhere() -> None:
    assert reports.posts(a_month(), Narrowing(), limit=30).before is None


def test_narrowed_pages_are_full_too() -> None:
    page = reports.posts(a_month(), Narrowing(channel="sky"), limit=10)
    assert len(page.rows) == 10
    assert {row["channel"] for row in page.rows} == {"sky"}
    assert page.before == page.rows[-1]["publication_id"]


def test_more_posts_than_are_read_at_once_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "_BATCH", 4)
    views = a_month()
    assert len(reports.posts(views, Narrowing(), limit=100).rows) == 30
    assert len(reports.tallies(views, "day", Narrowing())) == 30
    assert len(reports.tallies(views, "day", Narrowing(since=date(2026, 10, 10)))) == 22


def test_both_ends_of_a_range_of_days_are_included() -> None:
    narrowing = Narrowing(since=date(2026, 10, 10), until=date(2026, 10, 12))
    assert [row["day"] for row in reports.tallies(a_month(), "day", narrowing)] == [
        "2026-10-12",
        "2026-10-11",
        "2026-10-10",
    ]
    assert len(reports.posts(a_month(), narrowing, limit=9).rows) == 3


def test_the_end_of_time_is_a_day_like_any_other() -> None:
    assert len(reports.tallies(a_month(), "day", Narrowing(until=date.max))) == 30


def test_tallies_of_channels_come_by_name() -> None:
    rows = reports.tallies(a_month(), "channel", Narrowing())
    assert [(row["channel"], row["network"], row["published"]) for row in rows] == [
        ("main", "net_main", 15),
        ("sky", "net_sky", 15),
    ]
    assert rows[0]["counts"]["likes"] == {"sum": 10, "posts": 5, "at_least": 0}
    assert rows[0]["counts"]["views"]["sum"] is None


@pytest.mark.parametrize("kind", reports.KINDS)
def test_the_stored_tallies_and_those_added_up_from_cells_are_the_same_bytes(kind: str) -> None:
    views = a_month()
    everything = Narrowing(since=date(2000, 1, 1))
    assert json.dumps(reports.tallies(views, kind, Narrowing())) == json.dumps(reports.tallies(views, kind, everything))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["", "main", "sky"]), st.sampled_from(["", "a", "b"]), st.integers(0, 31), st.integers(0, 31))
def test_every_way_of_asking_counts_the_same_posts(channel: str, pipeline: str, first: int, last: int) -> None:
    today = NOON.date()
    narrowing = Narrowing(
        channel=channel, pipeline=pipeline, since=today - first * DAY, until=today - min(first, last) * DAY
    )
    views = a_month()
    rows = reports.posts(views, narrowing, limit=100).rows
    known = sum(row["counts"]["likes"] or 0 for row in rows)
    for kind in reports.KINDS:
        whole = reports.together(reports.tallies(views, kind, narrowing))
        assert (whole["posts"], whole["counts"]["likes"]["sum"] or 0) == (len(rows), known)


def test_posts_without_an_outcome_are_under_way() -> None:
    one, other = PostEvents(1), PostEvents(2)
    [row] = reports.tallies(told(one.requested(), other.requested(), other.rejected()), "channel", Narrowing())
    assert (row["posts"], row["under_way"], row["rejected"]) == (2, 1, 1)


def test_a_post_tells_what_notices_bound_from_below() -> None:
    post = PostEvents()
    [row] = reports.posts(told(post.published(), post.noticed("like")), Narrowing(), limit=1).rows
    assert row["counts"]["likes"] is None
    assert row["at_least"]["likes"] == 1
    assert row["at_least"]["views"] is None


def test_the_newest_reading_is_told() -> None:
    rows = reports.tallies(a_month(), "day", Narrowing())
    assert str(reports.newest_reading(rows)).startswith("2026-11-01T12:00")
    assert reports.newest_reading([]) is None


def test_csv_rows_hold_every_column_that_is_announced() -> None:
    views = a_month()
    [post] = reports.posts(views, Narrowing(), limit=1).rows
    assert set(reports.POST_COLUMNS) <= set(reports.flat_post(post))
    for kind in reports.KINDS:
        flat = reports.flat_tally(reports.tallies(views, kind, Narrowing())[0])
        assert set(reports.tally_columns(kind)) == set(flat)


def test_unknown_stays_unknown_in_flat_rows() -> None:
    [row] = reports.tallies(told(PostEvents().published()), "channel", Narrowing())
    flat = reports.flat_tally(row)
    assert flat["likes"] is None
    assert flat["likes_posts"] == 0
    assert flat["likes_at_least"] is None
