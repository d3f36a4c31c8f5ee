"""Decides what follows from what a delivery has come to: which steps start now, and how the job stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pressroom import plan
from pressroom.arguments import Context, Provide, call
from pressroom.changes import Change, change_job
from pressroom.deliveries import Delivery, Settlement, Task
from pressroom.errors import PressroomError, Problem
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus
from pressroom.media import Asset
from pressroom.pipeline import DEFAULT_QUEUE, ForEach, Parallel, Pipeline, PipelineSettings, inside

Records = Mapping[str, StepRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What one delivery has come to, before it is known what follows from it."""

    events: tuple[Event, ...] = ()
    records: tuple[StepRecord, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    """For steps that go on although they were begun before."""
    settled: Settlement | None = None
    assets: tuple[Asset, ...] = ()
    ends: Event | None = None
    """Ends the job whatever else could follow."""
    is_late: bool = False
    """It came after the deadline of its join: it is kept, and nothing follows from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """One decision about one job, at one moment."""

    pipeline: Pipeline
    settings: PipelineSettings
    provide: Provide
    job: Job
    now: datetime
    cause: Event | None = None

    def change(self, before: Records, what: Happening) -> Change:
        """Return the change that a happening makes, with everything that follows from it."""
        if what.ends is not None or what.is_late:
            last = [what.ends] if what.ends else []
            changed = {"steps": what.records, "settled": what.settled, "assets": what.assets}
            return change_job(self.job, [*what.events, *last], **changed)
        records = {**before, **{record.path: record for record in what.records}}
        found = plan.advance(self.pipeline.steps, self.job.id, records, self._ask, self.settings, self.now)
        records |= found.records
        ending = self._ending(found, records)
        cause = what.events[-1] if what.events else self.cause
        # Without an event the job's row would not change; but the decision rests on it, so its version must.
        events = [*what.events] or [job_event("JobAdvanced", self.job, self.now, cause)]
        if ending is not None:
            type_, problem = ending
            data = {"error": problem.as_dict()} if problem else {}
            events.append(job_event(type_, self.job, self.now, cause, data=data))
        return change_job(
            self.job,
            events,
            steps=tuple(({record.path: record for record in what.records} | found.records).values()),
            deliveries=(*what.deliveries, *self._deliveries(found, cause)),
            settled=what.settled,
            assets=what.assets,
        )

    def _ending(self, found: plan.Plan, records: dict[str, StepRecord]) -> tuple[str, Problem | None] | None:
        """Return the type of the job's last event, or of its being held or resumed, with its problem."""
        if found.standing is plan.Standing.DONE:
            self._refuse_if_open(records)
            return "JobCompleted", None
        if found.standing is plan.Standing.RUNNING:
            return self._hold_or_resume(records)
        problem = why_failed(self.pipeline, records)
        more = plan.advance(self.pipeline.on_failure, self.job.id, records, self._ask, self.settings, self.now)
        found.records |= more.records
        found.ready += more.ready
        found.deadlines += more.deadlines
        if more.standing is plan.Standing.RUNNING:
            return self._hold_or_resume(records | more.records)
        return "JobFailed", problem

    def _refuse_if_open(self, records: Records) -> None:
        """Raise rather than complete a job over a step that is not over: a held post would be nobody's any more.

        What runs after a failure does not count: the failure was redriven meanwhile.
        """
        still_open = [
            f"{record.path} ({record.status})"
            for record in records.values()
            if not record.status.is_over and plan.find(self.pipeline.on_failure, record.path) is None
        ]
        if still_open:
            raise PressroomError(
                f"The job {self.job.id} must not complete: {', '.join(still_open)} is not over.",
                where=self.job.id,
                todo="This is a defect of Pressroom, or the pipeline was changed under the job; nothing was stored.",
            )

    def _hold_or_resume(self, records: Records) -> tuple[str, Problem | None] | None:
        moving = any(record.status is StepStatus.READY for record in records.values())
        held = [record for record in records.values() if record.status is StepStatus.HELD]
        if held and not moving and self.job.status is not JobStatus.HELD:
            return "JobHeld", held[0].error or Problem("A person must decide.")
        if self.job.status is JobStatus.HELD and (moving or not held):
            return "JobResumed", None
        return None

    def _deliveries(self, found: plan.Plan, cause: Event | None) -> list[Delivery]:
        steps = [
            Delivery(queue=ready.queue, task=Task.STEP, name=ready.path, job_id=self.job.id, event=cause)
            for ready in found.ready
        ]
        return steps + [deadline_delivery(self.job.id, path, at, cause) for path, at in found.deadlines]

    def _ask(self, function: Callable[..., Any], known: Records, suffix: str, item: Any) -> Any:
        context = Context(
            pipeline=self.pipeline,
            settings=self.settings,
            job=self.job,
            records=known,
            suffix=suffix,
            item=item,
        )
        return call(function, context, self.provide)


def job_event(
    type_: str,
    job: Job,
    now: datetime,
    cause: Event | None = None,
    *,
    subject: str | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Return an event of a job; its subject is the job itself unless another is named."""
    return Event(
        type=type_,
        subject=subject or job.id,
        time=now,
        data=data or {},
        job_id=job.id,
        cause_id=cause.id if cause else None,
    )


def deadline_delivery(job_id: str, path: str, at: datetime, cause: Event | None) -> Delivery:
    """Return the delivery that comes when the time of a join is over, or of the job if `path` is empty."""
    return Delivery(queue=DEFAULT_QUEUE, task=Task.DEADLINE, name=path, job_id=job_id, event=cause, available_at=at)


def why_failed(pipeline: Pipeline, records: Records) -> Problem:
    """Return why a job fails: the error of the step that failed, or of the several that did.

    What failed within an optional join was passed over, so it is not why.
    """
    passed_over = {
        inner.name
        for node in pipeline.nodes()
        if isinstance(node, Parallel | ForEach) and node.optional
        for inner in inside(node)
    }
    errors = [
        record.error
        for record in records.values()
        if record.status is StepStatus.FAILED
        and record.error is not None
        and record.path.partition("[")[0] not in passed_over
    ]
    if not errors:
        return Problem("A step failed without saying why.")
    if len(errors) == 1:
        return errors[0]
    return replace(errors[0], what=f"{len(errors)} steps failed. " + " ".join(error.what for error in errors))


def item_of(pipeline: Pipeline, records: Records, path: str) -> Any:
    """Return the item of the innermost `ForEach` around a step, from what that loop wrote down; None without one."""
    name, bracket, rest = path.partition("[")
    outer, _, label = (bracket + rest).removesuffix("]").rpartition("[")
    loops = [
        node
        for node in pipeline.nodes()
        if isinstance(node, ForEach) and any(inner.name == name for inner in inside(node))
    ]
    record = records.get(loops[-1].name + outer) if loops else None
    if record is None or record.output is None:
        return None
    return next((item for i, item in enumerate(record.output) if plan.label(i, item) == label), None)
