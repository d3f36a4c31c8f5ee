"""Scheduled starts: once each, however many schedulers there are; what was missed or failed is recorded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import BaseModel

from pressroom.backends.memory import build_memory_ports
from pressroom.changes import Change
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import BadInput, Conflict, Unavailable
from pressroom.events import Event
from pressroom.pipeline import Pipeline, Schedule, Start
from pressroom.runtime import Runtime
from pressroom.scheduler import ROUND, Scheduler
from pressroom.testing import ManualClock
from tests.engine import Calls, a_pipeline

NEW_YORK = "America/New_York"


class Day(BaseModel):
    date: str = ""


def daily(*, name: str = "work_through", cron: str = "0 8 * * *", zone: str = NEW_YORK, **more: Any) -> Pipeline:
    return a_pipeline(*Calls().steps("draw"), name=name, trigger=Schedule(cron, zone), input=Day, **more)


class Office:
    """A machine with schedulers, whose clock is moved by hand; `reopen` gives it other pipelines or settings."""

    def __init__(self, *pipelines: Pipeline, now: str = "2026-10-30T00:00") -> None:
        self.clock = ManualClock(datetime.fromisoformat(now).replace(tzinfo=UTC))
        self.ports = build_memory_ports(self.clock)
        self.runtime: Runtime
        self.scheduler: Scheduler
        self.reopen(*pipelines)

    def reopen(self, *pipelines: Pipeline, **sections: Any) -> None:
        config = Config.model_validate({"workspace": Path(), **sections})
        self.runtime = compose(config, self.ports, {pipeline.name: pipeline for pipeline in pipelines})
        self.scheduler = Scheduler(self.runtime)

    def until(self, moment: str) -> None:
        """Look at every moment at which the scheduler wishes to, until this UTC time."""
        end = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        self.scheduler.look()
        while (next_at := min(self.scheduler.next_starts().values())) <= end:
            self.clock.move_to(next_at)
            self.scheduler.look()
        self.clock.move_to(end)

    def sleeps_until(self, moment: str) -> None:
        """Let the machine be off until this UTC time, and then look once."""
        self.clock.move_to(datetime.fromisoformat(moment).replace(tzinfo=UTC))
        self.scheduler.look()

    def dates(self) -> list[str]:
        """Return the days that jobs were started for, oldest first."""
        return [job.input.get("date", "") for job in reversed(self.ports.jobs.find(limit=1000))]

    def events(self, type: str) -> list[Event]:
        return self.ports.events.after(0, types=[type])


def test_a_schedule_seen_for_the_first_time_has_missed_nothing() -> None:
    office = Office(daily(), now="2026-10-30T15:00")
    office.scheduler.look()
    assert office.dates() == []
    assert office.scheduler.next_starts() == {"work_through": datetime(2026, 10, 31, 12, 0, tzinfo=UTC)}


def test_each_day_has_its_job_through_both_changes_of_the_clocks() -> None:
    for first, last in ((date(2026, 10, 30), date(2026, 11, 4)), (date(2027, 3, 11), date(2027, 3, 17))):
        office = Office(daily(), now=f"{first}T00:00")
        office.until(f"{last}T23:00")
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        assert office.dates() == [day.isoformat() for day in days]


def test_a_job_is_for_the_day_in_the_schedules_own_zone() -> None:
    office = Office(daily(cron="0 22 * * *"), now="2026-10-30T12:00")
    office.until("2026-10-31T06:00")
    assert office.dates() == ["2026-10-30"], "it is the 31st in UTC already"


def test_a_job_knows_that_a_schedule_started_it() -> None:
    office = Office(daily())
    office.until("2026-10-30T13:00")
    [requested] = office.events("JobRequested")
    assert requested.data["trigger"] == "schedule"


def test_a_pipeline_that_asks_for_no_day_is_given_none() -> None:
    office = Office(a_pipeline(*Calls().steps("draw"), trigger=Schedule("0 8 * * *")))
    office.until("2026-10-30T09:00")
    assert office.dates() == [""]


def test_a_start_missed_by_less_than_six_hours_is_made_up_for_once() -> None:
    office = Office(daily())
    office.scheduler.look()
    office.sleeps_until("2026-10-30T17:59")
    office.scheduler.look()
    assert office.dates() == ["2026-10-30"]
    assert office.events("ScheduleMissed") == []


def test_a_start_missed_by_more_is_recorded_once_and_not_run() -> None:
    office = Office(daily())
    office.scheduler.look()
    office.sleeps_until("2026-10-30T18:01")
    office.scheduler.look()
    assert office.dates() == []
    [missed] = office.events("ScheduleMissed")
    assert (missed.subject, missed.data["due"]) == ("work_through", "2026-10-30T12:00:00+00:00")


@pytest.mark.parametrize(("back", "dates", "missed"), [("13:00", ["2026-11-06"], 7), ("23:00", [], 8)])
def test_after_a_week_off_at_most_one_start_runs_and_the_others_are_recorded(
    back: str, dates: list[str], missed: int
) -> None:
    office = Office(daily())
    office.scheduler.look()
    office.sleeps_until(f"2026-11-06T{back}")
    office.scheduler.look()
    assert office.dates() == dates
    assert len({event.data["due"] for event in office.events("ScheduleMissed")}) == missed
    assert len(office.events("ScheduleMissed")) == missed


@pytest.mark.parametrize(
    ("change", "next_at"),
    [({"schedule": "0 9 * * *"}, "2026-10-30T13:00"), ({"zone": "America/Chicago"}, "2026-10-30T13:00")],
    ids=["expression", "zone"],
)
def test_a_changed_expression_or_zone_begins_anew(change: dict[str, str], next_at: str) -> None:
    office = Office(daily())
    office.scheduler.look()
    office.clock.advance(hours=11)
    office.reopen(daily(), pipelines={"work_through": change})
    office.scheduler.look()
    assert office.scheduler.next_starts()["work_through"] == datetime.fromisoformat(next_at).replace(tzinfo=UTC)
    office.sleeps_until("2026-10-30T12:30")
    assert office.dates() == [], "the old time does not count any more"
    office.sleeps_until(next_at)
    assert office.dates() == ["2026-10-30"]
    assert office.events("ScheduleMissed") == []


def test_a_schedule_that_is_switched_off_starts_nothing() -> None:
    office = Office(daily())
    office.scheduler.look()
    office.reopen(daily(), pipelines={"work_through": {"schedule": "off"}})
    office.sleeps_until("2026-10-31T13:00")
    assert office.dates() == []
    assert office.scheduler.next_starts() == {}


@pytest.mark.parametrize("error", [BadInput("Line 3 of the calendar is broken."), KeyError("themes")])
def test_a_start_that_fails_is_recorded_and_the_next_day_is_tried_again(error: Exception) -> None:
    broken = [error]

    def starts(day: Day) -> list[Start]:
        if broken:
            raise broken[0]
        return [Start({"date": day.date})]

    office = Office(daily(starts=starts), daily(name="other_work"))
    office.until("2026-10-30T13:00")
    [failed] = office.events("ScheduleFailed")
    assert failed.subject == "work_through"
    assert str(error.args[0]) in failed.data["error"]["what"]
    assert office.dates() == ["2026-10-30"], "the other pipeline is started"
    office.scheduler.look()
    assert len(office.events("ScheduleFailed")) == 1, "recorded once"
    broken.clear()
    office.until("2026-10-31T13:00")
    assert office.dates() == ["2026-10-30", "2026-10-31", "2026-10-31"]


def test_a_wrong_expression_keeps_its_own_pipeline_from_starting_and_no_other() -> None:
    office = Office(daily(cron="0 25 * * *"), daily(name="other_work"))
    office.scheduler.look()
    office.sleeps_until("2026-10-30T12:00")
    assert [job.pipeline for job in office.ports.jobs.find()] == ["other_work"]


def test_a_scheduled_start_and_its_move_are_one_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    def starts(day: Day) -> list[Start]:
        return [Start({"date": day.date}, f"{day.date}:{number}") for number in range(3)]

    office = Office(daily(starts=starts))
    office.scheduler.look()
    before = office.ports.events.last_position()
    changes: list[Change] = []
    commit = office.ports.store.commit

    def noting(change: Change) -> None:
        changes.append(change)
        commit(change)

    monkeypatch.setattr(office.ports.store, "commit", noting)
    office.sleeps_until("2026-11-01T13:00")
    [change] = changes
    assert change.schedule is not None
    assert len(change.jobs) == 3
    assert [event.type for event in change.events].count("ScheduleMissed") == 2
    assert office.ports.events.last_position() == before + len(change.events)


def test_two_schedulers_at_the_same_moment_start_one_job_and_record_a_miss_once() -> None:
    office = Office(daily())
    office.scheduler.look()
    office.clock.move_to(datetime(2026, 11, 1, 14, 0, tzinfo=UTC))
    start = threading.Barrier(6)

    def look(_: int) -> None:
        start.wait(10)
        Scheduler(office.runtime).look()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(look, range(6)))
    assert office.dates() == ["2026-11-01"]
    assert [event.data["due"][:10] for event in office.events("ScheduleMissed")] == ["2026-10-30", "2026-10-31"]


def test_a_scheduler_that_another_overtakes_lets_it_be(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(daily())
    office.scheduler.look()
    office.clock.move_to(datetime(2026, 10, 30, 12, 0, tzinfo=UTC))
    first = office.runtime.runner.request

    def overtaken(*arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(office.runtime.runner, "request", first)
        Scheduler(office.runtime).look()
        return first(*arguments, **more)

    monkeypatch.setattr(office.runtime.runner, "request", overtaken)
    office.scheduler.look()
    assert office.dates() == ["2026-10-30"]


def test_the_next_look_is_when_something_is_due_and_never_later_than_a_round() -> None:
    office = Office(daily())
    assert office.scheduler.look() == office.clock.now() + ROUND
    office.clock.move_to(datetime(2026, 10, 30, 11, 59, 50, tzinfo=UTC))
    assert office.scheduler.look() == datetime(2026, 10, 30, 12, 0, tzinfo=UTC)


class Looks:
    """Counts the looks of a running scheduler, and may fail some of them."""

    def __init__(self, scheduler: Scheduler, clock: ManualClock, fails: int = 0) -> None:
        self._look: Callable[[], datetime] = scheduler.look
        self._clock, self._fails, self.done = clock, fails, threading.Event()

    def __call__(self) -> datetime:
        if self._fails:
            self._fails -= 1
            self._clock.advance(ROUND)
            raise Conflict("The disk is full.")
        again = self._look()
        self.done.set()
        return again


@pytest.mark.parametrize("fails", [0, 1])
def test_the_thread_looks_by_itself_and_survives_what_goes_wrong(fails: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressroom.scheduler.ROUND", timedelta(milliseconds=1))
    office = Office(daily())
    looks = Looks(office.scheduler, office.clock, fails)
    monkeypatch.setattr(office.scheduler, "look", looks)
    office.scheduler.start()
    assert looks.done.wait(10)
    assert office.scheduler.is_alive
    assert office.scheduler.stop()
    assert not office.scheduler.is_alive


def test_a_store_that_cannot_be_reached_costs_a_line_of_the_log_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pressroom.scheduler.ROUND", timedelta(milliseconds=1))
    office = Office(daily())
    again, looks = threading.Event(), [Unavailable("The disk is full.", todo="Make room.")]

    def look() -> datetime:
        if looks:
            raise looks.pop()
        again.set()
        return office.clock.now() + ROUND

    monkeypatch.setattr(office.scheduler, "look", look)
    with structlog.testing.capture_logs() as lines:
        office.scheduler.start()
        assert again.wait(10)
        assert office.scheduler.stop()
    assert [(line["log_level"], line["why"], "exc_info" in line) for line in lines] == [
        ("warning", "The disk is full. Make room.", False)
    ]


def test_a_schedule_that_is_switched_on_again_has_missed_nothing() -> None:
    office = Office(daily())
    office.scheduler.look()
    office.reopen(daily(), pipelines={"work_through": {"schedule": "off"}})
    office.sleeps_until("2026-11-20T00:00")
    office.reopen(daily())
    office.sleeps_until("2026-11-20T13:00")
    assert (office.dates(), office.events("ScheduleMissed")) == ([], [])


def test_a_start_that_cannot_be_stored_now_is_made_by_a_later_look(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(daily(), now="2026-10-30T11:59")
    office.scheduler.look()

    def full(change: Change) -> None:
        raise Unavailable("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(office.runtime.bus._store, "commit", full)
        office.sleeps_until("2026-10-30T12:00")
    office.sleeps_until("2026-10-30T12:01")
    assert office.dates() == ["2026-10-30"]
    assert office.events("ScheduleFailed") == []
