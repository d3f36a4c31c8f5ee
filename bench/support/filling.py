"""Fills a workspace with jobs that look like daily posts, through the store and in large commits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pressroom.changes import Change, change_job
from pressroom.events import Event
from pressroom.ids import new_id
from pressroom.jobs import StepRecord, StepStatus
from pressroom.runtimes.embedded import open_embedded

EVENTS_A_JOB = 10
JOBS_A_COMMIT = 200
_STEPS = ("choose_theme", "draw", "write", "publish_post[preview]")


def fill(workspace: Path, jobs: int, say: Callable[[str], None]) -> list[str]:
    """Store that many jobs with ten events each; return some of their ids, from the oldest to the newest."""
    runtime = open_embedded(workspace, {})
    begins, ids = datetime.now(UTC) - timedelta(seconds=jobs), list[str]()
    with runtime:
        for first in range(0, jobs, JOBS_A_COMMIT):
            change = _together(
                [
                    _job(number, begins + timedelta(seconds=number))
                    for number in range(first, min(first + JOBS_A_COMMIT, jobs))
                ]
            )
            runtime.ports.store.commit(change)
            ids.append(change.jobs[0].after.id)
            if first and first % 20_000 == 0:
                say(f"{first} jobs, {first * EVENTS_A_JOB} events")
    return ids


def _job(number: int, at: datetime) -> Change:
    job_id = new_id("job")
    date = f"day-{number}"

    def event(type: str, subject: str, **data: Any) -> Event:
        return Event(type=type, subject=subject, time=at, job_id=job_id, data=data)

    key = f"daily_post:{date}"
    image = f"images/{date}.jpg"
    events = [
        event("JobRequested", job_id, pipeline="daily_post", input={"date": date}, key=key, trigger="schedule"),
        event("JobStarted", job_id),
        *(event("StepCompleted", step, step=step, attempt=1, seconds=1.2, result={step: date}) for step in _STEPS),
        event("AssetStored", image, key=image, revision=1, media_type="image/jpeg", bytes=345_678),
        event("PublishAttempted", "pub", channel="preview", attempt=1),
        event("PostPublished", "pub", channel="preview", network="preview", remote_id=date, text="A fine day. " * 15),
        event("JobCompleted", job_id),
    ]
    steps = tuple(
        StepRecord(job_id=job_id, path=step, status=StepStatus.COMPLETED, output={"theme": date}, attempts=1,
                   started_at=at, completed_at=at)
        for step in _STEPS
    )  # fmt: skip
    return change_job(None, events, steps=steps)


def _together(changes: list[Change]) -> Change:
    return Change(
        events=tuple(event for change in changes for event in change.events),
        jobs=tuple(job for change in changes for job in change.jobs),
        steps=tuple(step for change in changes for step in change.steps),
    )
