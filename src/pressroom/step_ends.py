"""What the end of a step is told as: what it returned, that its worker vanished, or that it came too late. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pressroom.deliveries import Delivery, Done
from pressroom.errors import Problem
from pressroom.events import Event
from pressroom.following import Happening, job_event
from pressroom.jobs import Job, StepRecord
from pressroom.pipeline import Outcome
from pressroom.retry import promising_nothing


def announced(
    outcome: Outcome[Any], job: Job, delivery: Delivery, started: datetime, now: datetime, *, is_late: bool
) -> tuple[Event, ...]:
    """Return the events of a step that has completed; where its job now stands, one that is late does not say."""
    data: dict[str, Any] = {
        "step": delivery.name,
        "attempt": delivery.attempt,
        "seconds": round((now - started).total_seconds(), 3),
    }
    if is_late:
        data["late"] = True
    elif outcome.phase:
        data["phase"] = outcome.phase
    if outcome.result:
        data["result"] = outcome.result
    completed = job_event("StepCompleted", job, now, delivery.event, subject=delivery.name, data=data)
    stored = [("AssetStored", asset.key, asset.as_dict()) for asset in outcome.assets]
    more = [
        job_event(type_, job, now, completed, subject=subject, data=about)
        for type_, subject, about in (*stored, *outcome.events)
    ]
    return (completed, *more)


def vanished(record: StepRecord, job: Job, delivery: Delivery, now: datetime) -> Happening | None:
    """Return what it comes to that the worker which ran the step before this one never settled it; None if told."""
    attempt = delivery.attempt - 1
    if record.status.is_over or record.attempts >= attempt:
        return None
    problem = Problem(
        f"The process that ran {delivery.name} was ended from outside, or has stood still.",
        delivery.name,
        "It is run again. Unless it was you who ended it, look for what does: often too little memory.",
        "WorkerVanished",
    )
    data = {"step": delivery.name, "attempt": attempt, "error": problem.as_dict(), "retry_at": now.isoformat()}
    failed = job_event("StepFailed", job, now, delivery.event, subject=delivery.name, data=data)
    return Happening(events=(failed,), records=(replace(record, error=problem, attempts=attempt),))


def failed_late(
    record: StepRecord, job: Job, delivery: Delivery, problem: Problem | None, started: datetime, now: datetime
) -> Happening:
    """Return what it comes to that a step ends without a result when its join is closed: it is told, not tried again.

    `problem` is None for one that did not fail: it only found that it has nothing to do, or that a person must decide.
    """
    if problem is None:
        return Happening(settled=Done(delivery), is_late=True)
    problem = promising_nothing(problem)
    data = {
        "step": delivery.name,
        "attempt": delivery.attempt,
        "error": problem.as_dict(),
        "retry_at": None,
        "late": True,
    }
    failed = job_event("StepFailed", job, now, delivery.event, subject=delivery.name, data=data)
    ended = replace(record, error=problem, attempts=delivery.attempt, started_at=started, completed_at=now)
    return Happening(events=(failed,), records=(ended,), settled=Done(delivery), is_late=True)
