"""Decides what an event that a job waits for, or a deadline that passes, comes to. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pressroom import plan
from pressroom.deliveries import Delivery, Done
from pressroom.errors import DeadlinePassed
from pressroom.events import Event
from pressroom.following import Happening, Records, deadline_delivery, job_event
from pressroom.jobs import Job, StepRecord, StepStatus
from pressroom.media import Asset
from pressroom.pipeline import Node, On, Pipeline, StoredUpload
from pressroom.triggers import UPLOAD_STORED
from pressroom.upload_terms import ANNOUNCED_TYPE


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


def uploaded(pipeline: Pipeline, job: Job, asset: Asset, records: Records, now: datetime) -> Happening | None:
    """Return what it comes to that the file is there which the job waited for; None if it no longer waits."""
    gate = pipeline.upload_gate
    if gate is None or gate.name not in records:
        return None
    event = job_event(UPLOAD_STORED, job, now, subject=asset.key, data=asset.as_dict())
    opening = opened(gate, job, event, records, now)
    if opening is None:
        return None
    [record] = opening.records
    stored = StoredUpload(
        key=asset.key,
        revision=asset.revision,
        media_type=asset.media_type,
        announced_type=str(asset.about.get(ANNOUNCED_TYPE, asset.media_type)),
        bytes=asset.bytes,
        sha256=asset.sha256,
    )
    # The time that a pipeline gives itself begins when it has something to work on.
    deadline = [deadline_delivery(job.id, "", now + pipeline.deadline, event)] if pipeline.deadline else []
    return replace(
        opening,
        events=(event, *opening.events),
        records=(replace(record, output=stored.model_dump()),),
        deliveries=tuple(deadline),
        assets=(asset,),
    )


def waited(
    pipeline: Pipeline, job: Job, delivery: Delivery, asset: Asset | None, records: Records, now: datetime
) -> Happening:
    """Return what it comes to that the time for an upload is over; `asset` is one that came and is not yet known."""
    record = records.get(delivery.name)
    if record is None or record.status.is_over:
        return Happening(settled=Done(delivery))
    if asset is not None and (stored := uploaded(pipeline, job, asset, records, now)) is not None:
        return replace(stored, settled=Done(delivery))
    problem = DeadlinePassed(
        f"The file for {pipeline.name} was not uploaded in time.",
        where=delivery.name,
        todo="Ask for another upload; the address of this one takes nothing any more.",
    ).problem()
    failed = replace(record, status=StepStatus.FAILED, error=problem, completed_at=now)
    return Happening(settled=Done(delivery), records=(failed,))


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
