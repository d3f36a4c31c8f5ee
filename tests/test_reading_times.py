"""When the counts of a post are read."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from pressroom.reading_times import AGES, LAST_TURN, LATEST_FIRST, REMEMBERED, is_due, next_reading

OUT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def test_a_fresh_post_is_read_within_minutes() -> None:
    assert next_reading(OUT, None) == OUT + timedelta(minutes=5)


def test_the_pauses_between_readings_never_get_much_shorter() -> None:
    pauses = [later - earlier for earlier, later in itertools.pairwise(AGES)]
    assert all(later >= earlier / 2 for earlier, later in itertools.pairwise(pauses))
    assert list(AGES) == sorted(set(AGES))


def test_a_reading_that_came_late_stands_for_those_before_it() -> None:
    assert next_reading(OUT, OUT + timedelta(minutes=50)) == OUT + timedelta(minutes=60)


def test_a_post_that_was_never_read_in_time_is_read_once() -> None:
    late = OUT + timedelta(days=45)
    assert is_due(OUT, None, late)
    assert not is_due(OUT, late, late + timedelta(days=1))


def test_an_old_post_is_left_alone_although_a_reading_was_missed() -> None:
    read = OUT + timedelta(days=20)
    assert is_due(OUT, read, OUT + timedelta(days=31))
    assert not is_due(OUT, read, OUT + timedelta(days=31, minutes=1))


def test_a_reading_is_remembered_for_longer_than_its_post_may_still_be_due() -> None:
    assert REMEMBERED > LATEST_FIRST > LAST_TURN > AGES[-1]
    assert is_due(OUT, None, OUT + LATEST_FIRST)
    assert not is_due(OUT, None, OUT + LATEST_FIRST + timedelta(minutes=1))
