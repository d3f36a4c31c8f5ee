"""Decides what a job is like when a step that had failed it is put back. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pressroom.changes import Change, change_job
from pressroom.deliveries import DeadLetter
from pressroom.errors import BadInput
from pressroom.events import Event
from pressroom.following import Records, job_event
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus
from pressroom.pipeline import ForEach, Parallel, Pipeline, inside


def redriven(letter: DeadLetter, now: datetime) -> Event:
    """Return the event that a dead delivery went back to its queue."""
    data = {"queue": letter.queue, "name": letter.name, "job_id": letter.job_id}
    return Event(type="DeliveryRedriven", subject=str(letter.id), time=now, data=data, job_id=letter.job_id)


def refuse_if_over(job: Job, letter: DeadLetter, other: Job | None) -> None:
    """Raise `BadInput` if nothing of the job may go on; `other` is the job that now holds its key, if any does.

    A job that failed may have been asked for again: what both would publish must go out once.
    """
    if job.status in (JobStatus.CANCELLED, JobStatus.EXPIRED, JobStatus.SKIPPED):
        raise BadInput(
            f"The job {job.id} has ended as {job.status}: nothing of it can be redriven.",
            where=job.id,
            todo=f"`pressroom dead discard {letter.id}` removes the delivery.",
        )
    if other is not None:
        raise BadInput(
            f"The job {other.id} was started in the place of {job.id}, so nothing of the older one is redriven.",
            where=job.id,
            todo=f"See `pressroom jobs {other.id}`.",
        )


def reopening(letter: DeadLetter, job: Job, records: Records, pipeline: Pipeline, now: datetime) -> Change:
    """Return the change that lets a job go on from a step that had failed it."""
    again = redriven(letter, now)
    # Also a job that goes on anyway gets a new version: another branch may be deciding on what has failed.
    type_ = "JobAdvanced" if job.status is JobStatus.PROCESSING else "JobResumed"
    steps = [_reopened(records[letter.name], StepStatus.READY)] if letter.name in records else []
    steps += [
        _reopened(records[path], StepStatus.WAITING)
        for path in _joins_around(pipeline, letter.name)
        if path in records and records[path].status.is_over
    ]
    return change_job(job, [again, job_event(type_, job, now, again)], steps=tuple(steps))


def _joins_around(pipeline: Pipeline, path: str) -> list[str]:
    """Return the paths of the joins that a step is within; also one that passed it over is to wait for it again."""
    name, bracket, rest = path.partition("[")
    labels = (bracket + rest).removesuffix("]").split("][") if bracket else []
    found, depth = [], 0
    for node in pipeline.nodes():
        if any(inner.name == name for inner in inside(node)):
            if isinstance(node, Parallel | ForEach):
                found.append(node.name + ("][".join(labels[:depth]) + "]" if depth else ""))
            depth += isinstance(node, ForEach)
    return found


def _reopened(record: StepRecord, status: StepStatus) -> StepRecord:
    return replace(record, status=status, error=None, completed_at=None)
