"""Posts that moderation holds for a person: which there are, and the two decisions about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pressroom import plan
from pressroom.arguments import Context, call
from pressroom.deliveries import Delivery, Task
from pressroom.drafts import Draft
from pressroom.errors import BadInput, ConfigurationError, NotFound, Problem
from pressroom.events import Event
from pressroom.execution import Execution
from pressroom.following import Happening, Records, item_of, job_event
from pressroom.generators.base import Flag
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus
from pressroom.moderating import Approval, ApprovalNeeded
from pressroom.pipeline import DEFAULT_QUEUE, Pipeline, Step
from pressroom.ports import EventLog, JobStore

_KIND = ApprovalNeeded.__name__
_MOST = 1000


class Decision(StrEnum):
    APPROVE = "approve"
    """It is posted as it stands."""
    REFUSE = "refuse"
    """It is never posted; its job ends as cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A post that waits for a person's consent."""

    job: Job
    step: str
    """The path of the step that holds it."""
    problem: Problem
    since: datetime
    draft: Draft | None
    """What is posted if it is approved; None if its pipeline is not installed here."""
    flags: tuple[Flag, ...]


def known_waiting(jobs: JobStore) -> list[Job]:
    """Return the jobs that are held for consent, newest first, by what their rows say alone: quick, for counting."""
    return [job for job in jobs.find(statuses=[JobStatus.HELD], limit=_MOST) if job.error and job.error.kind == _KIND]


class Approvals:
    def __init__(self, execution: Execution, events: EventLog) -> None:
        self._execution, self._events = execution, events

    def waiting(self) -> list[Waiting]:
        """Return every post that waits for consent, of the newest job first.

        Also those of jobs that go on with something else meanwhile.
        """
        jobs = self._execution.jobs.find(statuses=[JobStatus.HELD, JobStatus.PROCESSING], limit=_MOST)
        return [found for job in jobs for found in self.of_job(job)]

    def of_job(self, job: Job) -> list[Waiting]:
        records = self._execution.jobs.steps(job.id)
        return [self._waiting(job, records, path) for path in _held(records)]

    def approve(self, job_id: str, comment: str = "", *, by: str = "", step: str = "") -> None:
        """Let a post go out as it stands. `step` says which, where several posts of one job wait.

        Raises `BadInput` if it does not wait (any more), `NotFound` for an unknown job.
        """

        def approved(job: Job, pipeline: Pipeline, records: Records, path: str, now: datetime) -> Happening:
            approval = Approval(by=by, at=now, comment=comment)
            data = {"step": path, "by": by, "comment": comment}
            decided = job_event("PostApproved", job, now, data=data)
            again = Delivery(
                queue=_queue(pipeline, records, path),
                task=Task.STEP,
                name=path,
                job_id=job_id,
                event=decided,
                data={"approval": approval.model_dump(mode="json")},
            )
            ready = replace(records[path], status=StepStatus.READY, error=None)
            return Happening(events=_versioned(job, decided, now), records=(ready,), deliveries=(again,))

        self._decide(job_id, step, approved)

    def refuse(self, job_id: str, comment: str = "", *, by: str = "", step: str = "") -> None:
        """End a job whose post must not go out; nothing of it is ever sent. Raises as `approve` does."""

        def refused(job: Job, pipeline: Pipeline, records: Records, path: str, now: datetime) -> Happening:
            data = {"step": path, "by": by, "comment": comment}
            decided = job_event("PostRefused", job, now, data=data)
            what = f"A person refused this post: {comment}" if comment else "A person refused this post."
            problem = Problem(what, job_id, f"Run {job.pipeline} again if there is to be another one.", "PostRefused")
            failed = replace(records[path], status=StepStatus.FAILED, error=problem, completed_at=now)
            ends = job_event("JobCancelled", job, now, decided, data={"error": problem.as_dict()})
            return Happening(events=(decided,), records=(failed,), ends=ends)

        self._decide(job_id, step, refused)

    def _decide(
        self, job_id: str, step: str, decision: Callable[[Job, Pipeline, Records, str, datetime], Happening]
    ) -> None:
        """Store a decision together with what the job does next, in one commit."""
        job = self._job(job_id)
        pipeline = self._execution.pipelines.get(job.pipeline)
        if pipeline is None:
            raise BadInput(
                f"The pipeline {job.pipeline} of the job {job_id} is not installed here.",
                where=job_id,
                todo="Install it, or cancel the job.",
            )

        def happening(records: Records) -> Happening:
            # Asked for anew each time: between two tries of the commit somebody else may have decided or cancelled.
            return decision(self._job(job_id), pipeline, records, self._path(job_id, records, step), self._now)

        self._execution.commit(pipeline, job, happening)

    @property
    def _now(self) -> datetime:
        return self._execution.clock.now()

    def _job(self, job_id: str) -> Job:
        job = self._execution.jobs.get(job_id)
        if job is None:
            raise NotFound(f"There is no job {job_id}.", where=job_id, todo="`pressroom held list` shows what waits.")
        if job.status.has_ended:
            why = f": {job.error.what}" if job.error else "."
            raise BadInput(f"The job {job_id} has ended as {job.status}{why}", where=job_id, todo=_LOOK)
        return job

    def _path(self, job_id: str, records: Records, wanted: str) -> str:
        """Return the step that is decided about; raises `BadInput` if none waits, or it is not clear which."""
        held = _held(records)
        if wanted in held:
            return wanted
        if not held or wanted:
            raise BadInput(
                f"No post of the job {job_id} waits for consent{f' at {wanted}' if wanted else ''} (any more): "
                "somebody has decided, or it is still being looked at.",
                where=job_id,
                todo=_LOOK,
            )
        if len(held) > 1:
            raise BadInput(
                f"{len(held)} posts of the job {job_id} wait for consent.",
                where=job_id,
                todo="Say which one, by its step: " + ", ".join(held) + ".",
            )
        return held[0]

    def _waiting(self, job: Job, records: Records, path: str) -> Waiting:
        record = records[path]
        assert record.error is not None, "a held step says why"
        told = self._told(job, path)
        return Waiting(
            job=job,
            step=path,
            problem=record.error,
            since=told.time if told else record.started_at or job.updated_at,
            draft=self._draft(job, records, path),
            flags=tuple(Flag.model_validate(flag) for flag in told.data["flags"]) if told else (),
        )

    def _told(self, job: Job, path: str) -> Event | None:
        events = self._events.of_job(job.id)
        return next((e for e in reversed(events) if e.type == "PostFlagged" and e.data.get("step") == path), None)

    def _draft(self, job: Job, records: Records, path: str) -> Draft | None:
        """Return the draft that the step was given, found as a step's arguments are."""
        execution = self._execution
        pipeline = execution.pipelines.get(job.pipeline)
        if pipeline is None:
            return None
        _, bracket, rest = path.partition("[")
        settings = execution.settings[job.pipeline]
        context = Context(pipeline=pipeline, settings=settings, job=job, records=records, suffix=bracket + rest)
        try:
            found: Any = call(_the_draft, context, execution.provide)
        except ConfigurationError:
            return None  # a step of somebody's own asks for consent about something else
        return found if isinstance(found, Draft) else None


_LOOK = "`pressroom held list` shows what waits."


def _the_draft(draft: Draft) -> Draft:
    return draft


def _held(records: Records) -> list[str]:
    return [record.path for record in records.values() if _waits(record)]


def _waits(record: StepRecord) -> bool:
    return record.status is StepStatus.HELD and record.error is not None and record.error.kind == _KIND


def _queue(pipeline: Pipeline, records: Records, path: str) -> str:
    node = plan.find(pipeline.steps + pipeline.on_failure, path)
    if not isinstance(node, Step):
        return DEFAULT_QUEUE
    return node.queue_for(item_of(pipeline, records, path))


def _versioned(job: Job, decided: Event, now: datetime) -> tuple[Event, ...]:
    """Return the events of a decision; they must change the job's version, so that of two people one is the first.

    A held job is resumed, which does; one that goes on with something else would not notice.
    """
    if job.status is JobStatus.HELD:
        return (decided,)
    return (decided, job_event("JobAdvanced", job, now, decided))
