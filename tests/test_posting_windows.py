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


@pytest.mark.parametrize(
    ("window", "opens", "closes"),
    [
        ("Sun 02:30-03:30", "03:00", "03:30"),
        ("Sun 01:30-02:30", "01:30", "03:00"),
        ("Sun 02:10-02:50", "03:00", "03:40"),
        ("Sun 02:00-03:00", "03:00", "04:00"),
        ("Sun 02:30-20:00", "03:00", "20:00"),
    ],
)
def test_a_window_in_the_hour_that_the_clock_leaves_out_is_open_all_the_same(
    window: str, opens: str, closes: str
) -> None:
    windows = (parse_window(window),)
    day = "2026-03-29 "
    assert next_open(windows, BERLIN, berlin(day + "00:00")) == berlin(day + opens)
    just_before = berlin(day + closes).astimezone(UTC) - timedelta(seconds=1)
    assert next_open(windows, BERLIN, just_before) == just_before
    assert next_open(windows, BERLIN, berlin(day + closes)) > berlin(day + "23:00")


CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),  # by half an hour
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC)),  # at midnight
    ("America/Santiago", datetime(2026, 4, 5, 3, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_the_clock_changes_of_the_property_below_are_some(zone: str, change: datetime) -> None:
    before, after = (
        moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in (change - timedelta(minutes=1), change)
    )
    assert before != after


@given(
    change=st.sampled_from(CHANGES),
    minutes=st.integers(-3 * 24 * 60, 24 * 60),
    begins=st.integers(0, 24 * 60 - 1),
    length=st.integers(1, 24 * 60 - 1),
    days=st.sampled_from(["", "Sun ", "Sat ", "Mon-Fri "]),
)
def test_what_is_announced_as_open_is_open_and_the_first_moment_that_the_wall_clock_says_so(
    change: tuple[str, datetime], minutes: int, begins: int, length: int, days: str
) -> None:
    zone, at = change[0], change[1] + timedelta(minutes=minutes)
    ends = (begins + length) % (24 * 60)
    window = parse_window(f"{days}{begins // 60}:{begins % 60:02}-{ends // 60}:{ends % 60:02}")
    opens = next_open((window,), zone, at)
    assert next_open((window,), zone, opens) == opens
    assert at <= opens <= at + timedelta(days=7, hours=1)
    if opens > at:
        before = opens - timedelta(seconds=1)
        assert next_open((window,), zone, before) == opens, "it was not open before"
        wall = opens.astimezone(ZoneInfo(zone))
        assert wall.hour * 60 + wall.minute == begins or wall.astimezone(UTC) == change[1]
