"""Windows of the week in which a channel may post."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.posting_windows import next_open, parse_window, start_of_next_day

BERLIN = "Europe/Berlin"
OFFICE = (parse_window("Mon-Fri 08:00-20:00"), parse_window("Sat 10:00-12:30"))


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN))


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-20 07:59:59", "2026-11-20 08:00"),  # a Friday
        ("2026-11-20 08:00", "2026-11-20 08:00"),
        ("2026-11-20 19:59", "2026-11-20 19:59"),
        ("2026-11-20 20:00", "2026-11-21 10:00"),
        ("2026-11-21 12:30", "2026-11-23 08:00"),
        ("2026-11-22 00:00", "2026-11-23 08:00"),
    ],
)
def test_the_next_moment_inside_a_window_is_found(at: str, opens: str) -> None:
    assert next_open(OFFICE, BERLIN, berlin(at)) == berlin(opens)


def test_without_windows_it_is_always_open() -> None:
    now = berlin("2026-11-22 03:00")
    assert next_open((), BERLIN, now) == now


def test_a_window_may_go_on_past_midnight() -> None:
    night = (parse_window("Fri 22:00-02:00"),)
    assert next_open(night, BERLIN, berlin("2026-11-21 01:59")) == berlin("2026-11-21 01:59")
    assert next_open(night, BERLIN, berlin("2026-11-21 02:00")) == berlin("2026-11-27 22:00")


def test_a_window_keeps_to_the_wall_clock_when_the_clocks_change() -> None:
    morning = (parse_window("08:00-09:00"),)
    assert next_open(morning, BERLIN, berlin("2026-10-24 10:00")) == datetime(2026, 10, 25, 7, tzinfo=UTC)
    assert next_open(morning, BERLIN, berlin("2026-03-28 10:00")) == datetime(2026, 3, 29, 6, tzinfo=UTC)


def test_a_window_may_end_with_the_day() -> None:
    evening = (parse_window("18:00-24:00"),)
    assert next_open(evening, "UTC", datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)).hour == 23


def test_days_may_be_a_range_over_the_weekend_or_a_list() -> None:
    assert parse_window("Sat-Mon 10:00-11:00").days == {5, 6, 0}
    assert parse_window("tuesday, Thu 9:00-10:00").days == {1, 3}


@pytest.mark.parametrize("text", ["", "8-20", "Mon 25:00-26:00", "Mon 10:00-10:00", "Xyz 10:00-11:00", "10:61-11:00"])
def test_what_is_no_window_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="is no window"):
        parse_window(text)


def test_the_next_day_begins_at_its_own_midnight() -> None:
    assert start_of_next_day(BERLIN, datetime(2026, 11, 20, 23, 30, tzinfo=UTC)) == berlin("2026-11-22 00:00")


@given(
    minute=st.integers(0, 366 * 24 * 60),
    begins=st.integers(0, 23),
    hours=st.integers(1, 23),
)
def test_the_next_opening_is_at_most_a_week_away_and_open(minute: int, begins: int, hours: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    windows = (parse_window(f"Wed {begins}:00-{(begins + hours) % 24}:00"),)
    opens = next_open(windows, "America/New_York", at)
    assert at <= opens <= at + timedelta(days=7, hours=1)
    assert next_open(windows, "America/New_York", opens) == opens
