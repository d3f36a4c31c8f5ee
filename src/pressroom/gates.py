"""What moves a job besides its steps: an event that it waits for, and a deadline that passes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pressroom import plan
from pressroom.bus import Subscription
from pressroom.deliveries import Delivery, Done
from pressroom.errors import DeadlinePassed
from pressroom.events import Event
from pressroom.following import Happening, Records, job_event
from pressroom.jobs import Job, StepRecord, StepStatus
from pressroom.pipeline import DEFAULT_QUEUE, On, Pipeline

if TYPE_CHECKING:
    from pressroom.execution import Execution


def gate(execution: Execution, pipeline: Pipeline) -> Subscription:
    """Return the subscription through which events let this pipeline's jobs go on."""
    gates = pipeline.gates()

    def handle(event: Event) -> None:
        job = execution.jobs.get(event.job_id or "")
        if job is None or job.pipeline != pipeline.name or job.status.has_ended:
            return
        for one in gates:
            if one.matches(event):
                _open(execution, pipeline, job, one, event)

    return Subscription(
        name=f"pipeline:{pipeline.name}",
        types=frozenset(one.event for one in gates),
        handle=handle,
        queue=DEFAULT_QUEUE,
        wants=lambda event: event.job_id is not None and any(one.matches(event) for one in gates),
    )


def _open(execution: Execution, pipeline: Pipeline, job: Job, one: On, event: Event) -> None:
    now = execution.clock.now()

    def happening(records: Records) -> Happening | None:
        known = records.get(one.name)
        if known is not None and known.status.is_over:
            return None
        # An event may come before the job has reached the place where it waits: it is kept for it there.
        record = known or StepRecord(job_id=job.id, path=one.name, status=StepStatus.WAITING, started_at=now)
        output = {"event_id": event.id, "subject": event.subject}
        opened = replace(record, status=StepStatus.COMPLETED, output=output, completed_at=now)
        data = {"step": one.name, "attempt": 1, "seconds": 0.0}
        completed = job_event("StepCompleted", job, now, event, subject=one.name, data=data)
        return Happening(events=(completed,), records=(opened,))

    execution.commit(pipeline, job, happening, cause=event)


def pass_deadline(execution: Execution, pipeline: Pipeline, job: Job, delivery: Delivery) -> None:
    """Close the join whose time is over, or give the job up if the time of the whole pipeline is."""
    now, path = execution.clock.now(), delivery.name
    node = plan.find(pipeline.steps + pipeline.on_failure, path)
    if path and node is None:
        return execution.bury(job, delivery, f"The pipeline {pipeline.name} has no {path} any more.")
    problem = DeadlinePassed(
        f"{path or pipeline.name} was not done in time.",
        where=path or pipeline.name,
        todo="See which step was late below; `pressroom jobs retry` starts what is dead again.",
    ).problem()

    def happening(records: Records) -> Happening:
        if node is not None:
            late = plan.close_late(node, path, records, problem, now)
        else:
            late = plan.give_up(pipeline.steps, records, problem, now)
        return Happening(settled=Done(delivery), records=tuple(late.records.values()))

    return execution.commit(pipeline, job, happening)
