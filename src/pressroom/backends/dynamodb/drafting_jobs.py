"""What a change does to jobs: their records, keys and steps, and the order of their events."""

from __future__ import annotations

from dataclasses import dataclass, field

from pressroom.backends.dynamodb import keys, records
from pressroom.backends.dynamodb.asides import referred
from pressroom.backends.dynamodb.conditions import (
    Condition,
    absent,
    all_of,
    any_of,
    is_,
    less,
    none_of,
    present,
)
from pressroom.backends.dynamodb.delivery_records import event_record
from pressroom.backends.dynamodb.draft import Draft, Overtaken
from pressroom.backends.dynamodb.table_shapes import LOG, STATE
from pressroom.backends.dynamodb.transaction import conflict, refuse
from pressroom.backends.dynamodb.values import Record
from pressroom.changes import JobChange
from pressroom.errors import Conflict, PressroomError
from pressroom.jobs import Job, JobStatus

ENDED = tuple(status.value for status in JobStatus if status.has_ended)


@dataclass
class _Touched:
    """All that one change does to one job's item, which a transaction may name only once."""

    job_id: str
    change: JobChange | None = None
    must_live: bool = False
    positions: list[int] = field(default_factory=list)


def draft_events_and_jobs(draft: Draft) -> None:
    touched: dict[str, _Touched] = {}
    positions = draft.positions()
    for event in draft.change.events:
        record = draft.fit(keys.of_event(event.id), event_record(event, positions[event.id]))
        place = (record["day"], record["position"])
        draft.transaction.put(LOG, place, record, absent("position"), refuse(Overtaken(above=positions[event.id])))
        if event.job_id is not None:
            touched.setdefault(event.job_id, _Touched(event.job_id)).positions.append(positions[event.id])
    for job_id in draft.change.live_jobs:
        touched.setdefault(job_id, _Touched(job_id)).must_live = True
    for change in draft.change.jobs:
        of_job = touched.setdefault(change.after.id, _Touched(change.after.id))
        of_job.change = _joined(of_job.change, change)
    for of_job in touched.values():
        _draft_job(draft, of_job)


def draft_steps(draft: Draft) -> None:
    last = {(step.job_id, step.path): step for step in draft.change.steps}
    for number, step in enumerate(last.values()):
        key = keys.step(step.job_id, step.path)
        record = draft.fit(key[0], records.step_record(step))
        first = {"came_up": draft.step_number(number)}
        draft.transaction.change(STATE, key, None, _never, put=record, first=first)


def draft_record(draft: Draft, job: Job) -> Record:
    """Return what is put for the job; its key is moved with it, from the one that the job as it was read has."""
    stored = draft.known.get(keys.job(job.id), {})
    held = stored.get("job_key")
    if held is not None and held != job.key:
        draft.transaction.remove(STATE, keys.holder(held), is_("job_id", job.id), _never)
    if job.key is not None and job.key != held:
        taken = conflict(f"Another job already stands for {job.key}.", job.key)
        free = any_of(absent("job_id"), is_("job_id", job.id))
        draft.transaction.put(STATE, keys.holder(job.key), {"job_id": job.id}, free, taken)
    record = draft.fit(keys.of_job(job.id), records.job_record(job))
    for name, value in record.items():
        # A long text that the job has already is not written again with each of its changes.
        for key in referred(keys.of_job(job.id), value) if stored.get(name) == value else ():
            draft.parts.pop(key, None)
    return record


def _joined(before: JobChange | None, change: JobChange) -> JobChange:
    """Return two changes of a job within one change as one."""
    if before is None:
        return change
    if change.before != before.after.version:
        raise Conflict(f"The job {change.after.id} changes twice from another version.", where=change.after.id)
    return JobChange(before.before, change.after)


def _draft_job(draft: Draft, touched: _Touched) -> None:
    conditions: list[Condition] = []
    put: Record = {}
    change, positions, key = touched.change, touched.positions, keys.job(touched.job_id)
    if change is not None:
        conditions.append(is_("version", change.before) if change.before else absent("version"))
        put = draft_record(draft, change.after)
    if touched.must_live:
        conditions.append(all_of(present("version"), none_of("status", ENDED)))
    if positions:
        conditions.append(any_of(absent("log_end"), less("log_end", positions[0])))
        put = {**put, "log_end": positions[-1]}

    def refusal(item: Record | None) -> PressroomError:
        version = item.get("version", 0) if item else 0
        if change is not None and version != change.before:
            return Conflict(f"The job {touched.job_id} has changed meanwhile.", where=touched.job_id)
        if touched.must_live and (not version or (item or {}).get("status") in ENDED):
            return Conflict(f"The job {touched.job_id} has ended meanwhile.", where=touched.job_id)
        return Overtaken(above=(item or {}).get("log_end", 0))

    if put:
        add = {"events": len(positions)} if positions else {}
        draft.transaction.change(STATE, key, all_of(*conditions), refusal, put=put, add=add)
    else:
        draft.transaction.require(STATE, key, all_of(*conditions), refusal)


_never = refuse(Conflict("What was read for this change has changed meanwhile."))
