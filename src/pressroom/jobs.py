"""The job: the record of one execution of a pipeline, and the fold of its events. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pressroom.errors import Problem
from pressroom.events import Event
from pressroom.triggers import UPLOAD_STORED


class JobStatus(StrEnum):
    UPLOAD_PENDING = "upload_pending"
    """Waiting for its upload."""
    PENDING = "pending"
    """Accepted; no worker has begun."""
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """There was nothing to do; `error` says why."""
    HELD = "held"
    """A person must decide something."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """Its time was over; its content is gone."""

    @property
    def has_ended(self) -> bool:
        return self in _ENDED

    @property
    def keeps_what_is_late(self) -> bool:
        """Whether a job that stands so takes what a step returns after its deadline."""
        return self not in (JobStatus.CANCELLED, JobStatus.EXPIRED)


_ENDED = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.SKIPPED, JobStatus.CANCELLED, JobStatus.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a user follows. Every field is the result of folding the job's events, so a replay rebuilds it."""

    id: str
    pipeline: str
    status: JobStatus
    created_at: datetime
    updated_at: datetime
    input: dict[str, Any] = field(default_factory=dict)
    phase: str = ""
    """The pipeline's own word beside the status: `uploaded`, `posted`."""
    result: dict[str, Any] = field(default_factory=dict)
    error: Problem | None = None
    key: str | None = None
    """What this job is the only one for: `daily_post:2026-10-31:halloween`. None once it has been released."""
    completed_at: datetime | None = None
    expires_at: datetime | None = None
    version: int = 0
    """How many events have been folded into it; the compare-and-set of every change."""

    def as_dict(self) -> dict[str, Any]:
        """Return the job as listings show it."""
        return {
            "id": self.id,
            "pipeline": self.pipeline,
            "status": self.status.value,
            "phase": self.phase,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "completed_at": self.completed_at.isoformat() if self.completed_at else None,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "input": self.input,
            "result": self.result,
            "error": self.error.as_dict() if self.error else None,
        }


_FOLDED = ("Job", "Step", UPLOAD_STORED)
"""Types of events that change the job's record; others of the same job (`AssetStored`, `PostPublished`) do not,
so that branches which only report something never get in each other's way."""

_STATUS_AFTER = {
    UPLOAD_STORED: JobStatus.PENDING,
    "JobStarted": JobStatus.PROCESSING,
    "JobResumed": JobStatus.PROCESSING,
    "JobHeld": JobStatus.HELD,
    "JobCompleted": JobStatus.COMPLETED,
    "JobFailed": JobStatus.FAILED,
    "JobSkipped": JobStatus.SKIPPED,
    "JobCancelled": JobStatus.CANCELLED,
    "JobExpired": JobStatus.EXPIRED,
}


def apply(job: Job | None, event: Event) -> Job | None:
    """Fold one event of a job into it; the first must be `JobRequested`."""
    if event.type == "JobRequested":
        return _requested(event)
    if job is None or not event.type.startswith(_FOLDED):
        return job
    if event.type == UPLOAD_STORED and job.status is not JobStatus.UPLOAD_PENDING:
        return job  # an event of that name which no upload of the job made
    data = event.data
    status = _STATUS_AFTER.get(event.type, job.status)
    changed = replace(
        job,
        status=status,
        phase=data.get("phase") or job.phase,
        updated_at=event.time,
        version=job.version + 1,
    )
    if event.type == "StepCompleted":
        return replace(changed, result=job.result | data.get("result", {}))
    if event.type == "JobKeyReleased":
        return replace(changed, key=None)
    if event.type == "JobExpired":
        return replace(changed, input={}, result={}, phase="", key=None)
    if event.type in _STATUS_AFTER:
        error = Problem.from_dict(data["error"]) if data.get("error") else None
        return replace(changed, error=error, completed_at=event.time if status.has_ended else None)
    return changed


def fold(events: Iterable[Event], job: Job | None = None) -> Job | None:
    for event in events:
        job = apply(job, event)
    return job


def _requested(event: Event) -> Job:
    data: Mapping[str, Any] = event.data
    expires_at = data.get("expires_at")
    return Job(
        id=event.subject,
        pipeline=data["pipeline"],
        status=JobStatus(data.get("status", JobStatus.PENDING)),
        created_at=event.time,
        updated_at=event.time,
        input=dict(data.get("input", {})),
        result=dict(data.get("result", {})),
        key=data.get("key"),
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        version=1,
    )


class StepStatus(StrEnum):
    READY = "ready"
    """A delivery for it is on a queue, or with a worker."""
    WAITING = "waiting"
    """For an event, or for the steps inside it."""
    HELD = "held"
    COMPLETED = "completed"
    FAILED = "failed"
    PASSED_OVER = "passed_over"
    """The deadline went by. It has an output, or an error, if it was running then and has ended since."""

    @property
    def is_over(self) -> bool:
        return self in (StepStatus.COMPLETED, StepStatus.FAILED, StepStatus.PASSED_OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """Where one step of one job stands, by its path in the pipeline: `publish_post[main]`."""

    job_id: str
    path: str
    status: StepStatus
    output: Any = None
    """JSON, as the step returned it."""
    error: Problem | None = None
    attempts: int = 0
    started_at: datetime | None = None
    completed_at: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "status": self.status.value,
            "attempts": self.attempts,
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "completed_at": self.completed_at.isoformat() if self.completed_at else None,
            "output": self.output,
            "error": self.error.as_dict() if self.error else None,
        }
