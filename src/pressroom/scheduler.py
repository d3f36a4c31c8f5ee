"""The scheduler: starts scheduled pipelines, removes what has expired and warns of ends, in one thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pressroom.changes import Change, ScheduleMove
from pressroom.errors import ConfigurationError, Conflict, Unavailable, problem_of
from pressroom.events import Event
from pressroom.log import log
from pressroom.orphans import hold_orphans
from pressroom.pipeline import Pipeline, Schedule
from pressroom.retention import remove_expired
from pressroom.rounds import Rounds
from pressroom.runtime import Runtime
from pressroom.schedules import look, next_after, schedule_of
from pressroom.token_ends import TokenEnds

ROUND = timedelta(seconds=30)
"""The longest time between two looks, so that a clock that is set or a laptop that wakes is noticed soon."""


class Scheduler(Rounds):
    """Any number may run on one workspace: a schedule is moved on and its job started in one commit."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("scheduler")
        self._runtime = runtime
        self._token_ends = TokenEnds(runtime)

    def look(self) -> datetime:
        """Start what is due, remove what has expired, warn of what ends; return when to look again."""
        now = self._runtime.ports.clock.now()
        again = now + ROUND
        for pipeline in self._runtime.runner.pipelines().values():
            schedule = schedule_of(pipeline, self._runtime.runner.execution.settings[pipeline.name])
            if schedule is not None:
                try:
                    again = min(again, self._serve(pipeline, schedule, now))
                except ConfigurationError as error:
                    # A wrong expression or zone keeps its own pipeline from starting, and no other.
                    log.error("a schedule cannot be used", pipeline=pipeline.name, why=str(error))
        self._drop_stale()
        hold_orphans(self._runtime, now)
        self._runtime.ports.blobs.drop_abandoned()
        remove_expired(self._runtime, now)
        self._token_ends.look(now)
        return again

    def next_starts(self) -> dict[str, datetime]:
        """Return when each scheduled pipeline starts next."""
        found = {}
        now = self._runtime.ports.clock.now()
        for pipeline in self._runtime.runner.pipelines().values():
            schedule = schedule_of(pipeline, self._runtime.runner.execution.settings[pipeline.name])
            if schedule is not None:
                found[pipeline.name] = self._stored(pipeline, schedule) or next_after(schedule, now)
        return found

    def _drop_stale(self) -> None:
        """Forget the times of schedules that are switched off or changed: later on, they have missed nothing."""
        current = {
            _name(pipeline, schedule)
            for pipeline in self._runtime.runner.pipelines().values()
            if (schedule := schedule_of(pipeline, self._runtime.runner.execution.settings[pipeline.name]))
        }
        for name in self._runtime.ports.schedules.names():
            if name not in current:
                stored = self._runtime.ports.schedules.next_at(name)
                self._move(Change(schedule=ScheduleMove(name, stored, None)))

    def _serve(self, pipeline: Pipeline, schedule: Schedule, now: datetime) -> datetime:
        stored = self._stored(pipeline, schedule)
        if stored is None:
            # Seen for the first time: nothing can have been missed.
            first = next_after(schedule, now)
            self._move(Change(schedule=ScheduleMove(_name(pipeline, schedule), None, first)))
            return first
        due = look(schedule, stored, now)
        if due.next_at == stored:
            return stored
        move = ScheduleMove(_name(pipeline, schedule), stored, due.next_at)
        missed = tuple(self._missed(pipeline, time, now) for time in due.missed)
        moved = Change(events=missed, schedule=move)
        if due.runs is None:
            self._move(moved)
        else:
            self._request(pipeline, schedule, due.runs, moved)
        return due.next_at

    def _request(self, pipeline: Pipeline, schedule: Schedule, due: datetime, moved: Change) -> None:
        from zoneinfo import ZoneInfo

        # The day that a schedule means is the day in its own zone, whenever the job really runs.
        day = due.astimezone(ZoneInfo(schedule.zone)).date()
        inputs = {"date": day.isoformat()} if "date" in pipeline.input.model_fields else {}
        try:
            self._runtime.runner.request(pipeline.name, inputs, trigger="schedule", along=moved)
        except Conflict:
            log.info("another scheduler was faster", pipeline=pipeline.name)
        except Unavailable as error:
            # Nothing is moved on, so the next round makes this start.
            log.warning("a scheduled start has to wait", pipeline=pipeline.name, why=str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is becomes part of the log of events
            # It cannot be started (a broken calendar, say): recorded, and the next time is tried again.
            problem = problem_of(error, where=pipeline.name)
            log.error("a scheduled start failed", pipeline=pipeline.name, why=problem.what)
            failed = Event(
                type="ScheduleFailed",
                subject=pipeline.name,
                time=self._runtime.ports.clock.now(),
                data={"pipeline": pipeline.name, "due": due.isoformat(), "error": problem.as_dict()},
            )
            self._move(replace(moved, events=(*moved.events, failed)))

    def _stored(self, pipeline: Pipeline, schedule: Schedule) -> datetime | None:
        return self._runtime.ports.schedules.next_at(_name(pipeline, schedule))

    def _move(self, change: Change) -> None:
        try:
            self._runtime.bus.commit(change)
        except Conflict:
            log.info("another scheduler was faster", schedule=change.schedule.name if change.schedule else "")

    def _missed(self, pipeline: Pipeline, due: datetime, now: datetime) -> Event:
        data = {"pipeline": pipeline.name, "due": due.isoformat()}
        return Event(type="ScheduleMissed", subject=pipeline.name, time=now, data=data)

    def round(self) -> float:
        try:
            again = self.look()
        except Unavailable as error:
            log.warning("the scheduler could not look; the next round tries again", why=str(error))
            return ROUND.total_seconds()
        except Exception:
            log.exception("the scheduler stumbled; the next round tries again")
            return ROUND.total_seconds()
        pause = (again - self._runtime.ports.clock.now()).total_seconds()
        return min(max(pause, 0.0), ROUND.total_seconds())


def _name(pipeline: Pipeline, schedule: Schedule) -> str:
    """Name the stored time by what it was computed from: a changed expression or zone begins anew."""
    return f"{pipeline.name}: {schedule.cron} {schedule.zone}"
