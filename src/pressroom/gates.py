"""Decides what an event that a job waits for, or a deadline that passes, comes to. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pressroom import plan
from pressroom.deliveries import Delivery, Done
from pressroom.errors import DeadlinePassed
from pressroom.events import Event
from pressroom.following import Happening, Records, job_event
from pressroom.jobs import Job, StepRecord, StepStatus
from pressroom.pipeline import Node, On, Pipeline


def opened(gate: On, job: Job, event: Event, records: Records, now: datetime) -> Happening | None:
    """Return what the event comes to; None if the job has gone through this gate before.

    An event may come before the job has reached the place where it waits: it is kept for it there.
    """
    known = records.get(gate.name)
    if known is not None and known.status.is_over:
        return None
    record = known or StepRecord(job_id=job.id, path=gate.name, status=StepStatus.WAITING, started_at=now)
    output = {"event_id": event.id, "subject": event.subject}
    data = {"step": gate.name, "attempt": 1, "seconds": 0.0}
    return Happening(
        events=(job_event("StepCompleted", job, now, event, subject=gate.name, data=data),),
        records=(replace(record, status=StepStatus.COMPLETED, output=output, completed_at=now),),
    )


def closed(pipeline: Pipeline, node: Node | None, delivery: Delivery, records: Records, now: datetime) -> Happening:
    """Return what a deadline comes to: of the join `node`, or of the whole pipeline without one."""
    what = delivery.name or pipeline.name
    problem = DeadlinePassed(
        f"{what} was not done in time.",
        where=what,
        todo="See which step was late below; `pressroom jobs retry` starts what is dead again.",
    ).problem()
    if node is not None:
        late = plan.close_late(node, delivery.name, records, problem, now)
    else:
        late = plan.give_up(pipeline.steps, records, problem, now)
    return Happening(settled=Done(delivery), records=tuple(late.records.values()))
