"""When a schedule is due: zones, daylight saving, what was missed and what is made up for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.errors import ConfigurationError
from pressroom.pipeline import PipelineSettings, Request, Schedule
from pressroom.schedules import Due, look, next_after, schedule_of
from tests.engine import Calls, a_pipeline

NEW_YORK = "America/New_York"
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def starts(schedule: Schedule, since: str, count: int) -> list[str]:
    """Return the next starts after a UTC time, as the clock on the wall of the schedule's zone shows them."""
    time, found = utc(since), []
    for _ in range(count):
        time = next_after(schedule, time)
        found.append(f"{time.astimezone(ZoneInfo(schedule.zone)):%a %Y-%m-%d %H:%M %Z}")
    return found


def test_a_time_means_the_clock_of_its_zone() -> None:
    assert next_after(Schedule("0 8 * * *", NEW_YORK), utc("2026-10-31T11:59")) == utc("2026-10-31T12:00")
    assert next_after(Schedule("0 8 * * *", "Asia/Tokyo"), utc("2026-10-31T00:00")) == utc("2026-10-31T23:00")
    assert next_after(Schedule("0 8 * * *"), utc("2026-10-31T08:00")) == utc("2026-11-01T08:00"), "only what is after"


def test_the_result_is_in_utc() -> None:
    assert next_after(Schedule("0 8 * * *", NEW_YORK), utc("2026-10-31T11:59")).tzinfo is UTC


@pytest.mark.parametrize("since", ["2026-10-30T00:00", "2027-03-12T00:00"], ids=["autumn", "spring"])
def test_a_daily_time_neither_skips_nor_repeats_a_day_when_the_clocks_change(since: str) -> None:
    found = starts(Schedule("0 8 * * *", NEW_YORK), since, 6)
    days = [utc(since).date() + timedelta(days=number) for number in range(6)]
    assert [text[4:14] for text in found] == [day.isoformat() for day in days]
    assert {text[15:20] for text in found} == {"08:00"}


def test_a_time_that_the_clock_leaves_out_runs_once_when_it_has_jumped() -> None:
    assert starts(Schedule("30 2 * * *", NEW_YORK), "2027-03-13T00:00", 3) == [
        "Sat 2027-03-13 02:30 EST",
        "Sun 2027-03-14 03:00 EDT",
        "Mon 2027-03-15 02:30 EDT",
    ]


def test_a_time_that_the_clock_shows_twice_runs_once() -> None:
    assert starts(Schedule("30 1 * * *", NEW_YORK), "2026-10-31T00:00", 3) == [
        "Sat 2026-10-31 01:30 EDT",
        "Sun 2026-11-01 01:30 EDT",
        "Mon 2026-11-02 01:30 EST",
    ]


def test_what_runs_every_hour_runs_every_hour_when_the_clocks_change() -> None:
    schedule = Schedule("0 * * * *", NEW_YORK)
    for since in ("2026-11-01T03:30", "2027-03-14T04:30"):
        time = utc(since)
        for _ in range(6):
            following = next_after(schedule, time)
            assert following - time <= HOUR
            time = following


def test_monday_to_friday_leaves_out_the_weekend_of_the_zone() -> None:
    assert [text[:3] for text in starts(Schedule("0 8 * * 1-5", NEW_YORK), "2026-10-28T12:30", 6)] == [
        "Thu",
        "Fri",
        "Mon",
        "Tue",
        "Wed",
        "Thu",
    ]


@given(
    st.timedeltas(timedelta(0), timedelta(days=2200)),
    st.sampled_from([NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "UTC", "Asia/Kathmandu"]),
    st.integers(0, 23),
    st.integers(0, 59),
)
@settings(max_examples=60, deadline=None)
def test_every_day_has_its_one_start_wherever_and_whenever(after: timedelta, zone: str, hour: int, minute: int) -> None:
    schedule = Schedule(f"{minute} {hour} * * *", zone)
    first = next_after(schedule, utc("2024-01-01T00:00") + after)
    second = next_after(schedule, first)
    first_day, second_day = (found.astimezone(ZoneInfo(zone)).date() for found in (first, second))
    assert second_day - first_day == timedelta(days=1)


@pytest.mark.parametrize(
    ("schedule", "what"),
    [
        (Schedule("0 8 * * *", "America/New_Yorck"), "There is no time zone called 'America/New_Yorck'"),
        (Schedule("0 8 * * *", ""), "There is no time zone called ''"),
        (Schedule("0 25 * * *"), "'0 25 \\* \\* \\*' is not a time that comes: Bad hour"),
        (Schedule("sometimes"), "'sometimes' is not a time that comes: Wrong number of fields"),
        (Schedule("0 8 30 2 *"), "'0 8 30 2 \\*' is not a time that comes: .*[a-z]"),
    ],
)
def test_what_is_no_time_is_refused_by_name(schedule: Schedule, what: str) -> None:
    with pytest.raises(ConfigurationError, match=what) as refused:
        next_after(schedule, utc("2026-10-31T08:00"))
    assert refused.value.todo


# --- a look at the clock

DAILY = Schedule("0 8 * * *")


def test_before_its_time_nothing_is_done() -> None:
    stored = utc("2026-10-31T08:00")
    assert look(DAILY, stored, utc("2026-10-31T07:59")) == Due(None, (), stored)


def test_at_its_time_it_runs_and_the_next_time_is_known() -> None:
    stored = utc("2026-10-31T08:00")
    assert look(DAILY, stored, stored) == Due(stored, (), utc("2026-11-01T08:00"))


@pytest.mark.parametrize(("late", "runs"), [(timedelta(hours=6), True), (timedelta(hours=6, seconds=1), False)])
def test_a_start_that_was_missed_is_made_up_for_if_it_is_young_enough(late: timedelta, runs: bool) -> None:
    stored = utc("2026-10-31T08:00")
    due = look(DAILY, stored, stored + late)
    assert (due.runs, due.missed) == ((stored, ()) if runs else (None, (stored,)))
    assert due.next_at == utc("2026-11-01T08:00")


@pytest.mark.parametrize(("back_at", "runs"), [("2026-11-07T09:00", "2026-11-07T08:00"), ("2026-11-07T20:00", None)])
def test_after_a_week_at_most_the_last_start_is_made_up_for(back_at: str, runs: str | None) -> None:
    due = look(DAILY, utc("2026-10-31T08:00"), utc(back_at))
    assert due.runs == (utc(runs) if runs else None)
    assert len(due.missed) == (7 if runs else 8)
    assert due.next_at == utc("2026-11-08T08:00")


def test_how_late_is_young_enough_is_the_schedules_own() -> None:
    stored = utc("2026-10-31T08:00")
    assert look(Schedule("0 8 * * *", catch_up=HOUR), stored, stored + 2 * HOUR).runs is None
    assert look(Schedule("0 8 * * *", catch_up=3 * HOUR), stored, stored + 2 * HOUR).runs == stored


def test_what_was_missed_for_very_long_is_told_in_part() -> None:
    due = look(Schedule("* * * * *"), utc("2026-10-31T08:00"), utc("2026-11-02T08:00"))
    assert due.runs == utc("2026-11-02T08:00")
    assert due.missed[0] == utc("2026-10-31T08:00")
    assert len(due.missed) <= 1000


# --- settings


def test_the_settings_replace_what_the_pipeline_declares() -> None:
    pipeline = a_pipeline(*Calls().steps("draw"), trigger=Schedule("0 8 * * *", NEW_YORK))
    assert schedule_of(pipeline, PipelineSettings()) == Schedule("0 8 * * *", NEW_YORK)
    assert schedule_of(pipeline, PipelineSettings(schedule="0 9 * * *", zone="UTC", catch_up_hours=1)) == Schedule(
        "0 9 * * *", "UTC", HOUR
    )
    assert schedule_of(pipeline, PipelineSettings(catch_up_hours=0)) == Schedule("0 8 * * *", NEW_YORK, timedelta(0))


def test_a_schedule_can_be_switched_off_and_not_every_pipeline_has_one() -> None:
    pipeline = a_pipeline(*Calls().steps("draw"), trigger=Schedule("0 8 * * *"))
    assert schedule_of(pipeline, PipelineSettings(schedule="off")) is None
    assert schedule_of(a_pipeline(*Calls().steps("draw"), trigger=Request()), PipelineSettings()) is None
