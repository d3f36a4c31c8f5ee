"""Turns events, deliveries and dead letters into records of DynamoDB and back. No calls here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pressroom.backends.dynamodb.asides import INLINE_BYTES
from pressroom.backends.dynamodb.stamps import day_of
from pressroom.backends.dynamodb.values import Record, text, us, when
from pressroom.deliveries import Again, Bury, DeadLetter, Delivery, Task
from pressroom.errors import Problem
from pressroom.events import Event

LONGEST_HISTORY = 50
SHORT_TOGETHER = 8_000
"""Bytes of the values that rules of the bus may look at in an event too long for it: the shortest ones, which names
and numbers are. Far below what is put aside, so that these never are."""


def event_record(event: Event, position: int) -> Record:
    """Return the event as the log keeps it; `event` is the CloudEvent that the stream hands on to the bus.

    Of a long one, which would be put aside and not told, that holds the short values alone; `data` has them all.
    """
    envelope = event.as_cloudevent()
    is_long = len(text(envelope).encode()) > INLINE_BYTES
    if is_long:
        envelope |= {"data": _short(event.data), "dataref": event.id}
    return {
        "day": day_of(position),
        "position": position,
        "event_id": event.id,
        "type": event.type,
        "source": event.source,
        "time": us(event.time),
        "job_id": event.job_id,
        "event": text(envelope),
        "data": text(event.data) if is_long else None,
    }


def _short(data: Mapping[str, Any]) -> dict[str, Any]:
    sizes = {name: len(text({name: value}).encode()) for name, value in data.items()}
    kept, room = set(), SHORT_TOGETHER
    for name in sorted(sizes, key=lambda one: sizes[one]):
        room -= sizes[name]
        if room < 0:
            break
        kept.add(name)
    return {name: value for name, value in data.items() if name in kept}


def event(record: Record) -> Event:
    envelope = json.loads(record["event"])
    return Event(
        position=record["position"],
        id=envelope["id"],
        type=envelope["type"],
        source=envelope["source"],
        subject=envelope["subject"],
        time=when(record["time"]),
        job_id=envelope.get("jobid"),
        cause_id=envelope.get("causeid"),
        data=json.loads(record["data"]) if "data" in record else envelope["data"],
    )


def delivery_record(delivery: Delivery, id: int, position: int | None, now: int) -> Record:
    return {
        "id": id,
        "waiting_on": delivery.queue,
        "due_at": us(delivery.available_at) if delivery.available_at else now,
        "task": delivery.task.value,
        "name": delivery.name,
        "job_id": delivery.job_id,
        "event_id": delivery.event.id if delivery.event else None,
        "event_position": position,
        "data": text(delivery.data),
        "lease": "",
        "attempt": 0,
        "failures": 0,
        "history": "[]",
        "created_at": now,
    } | handed_over(delivery.task, delivery.job_id, id)


def handed_over(task: str, job_id: str | None, id: int) -> Record:
    """Return where a job's delivery that stands with its event is listed; those of its steps stand with the job."""
    if task != Task.EVENT or job_id is None:
        return {}
    return {"grouped_in": handed_over_of(job_id), "listed_as": f"{id:017}"}


def handed_over_of(job_id: str) -> str:
    """Return the group of those deliveries of a job that stand with their events."""
    return f"deliveries of {job_id}"


def delivery(record: Record, of: Event | None) -> Delivery:
    return Delivery(
        id=record["id"],
        queue=record["waiting_on"],
        task=Task(record["task"]),
        name=record["name"],
        job_id=record.get("job_id"),
        event=of,
        available_at=when(record["due_at"]),
        data=json.loads(record["data"]),
        attempt=record["attempt"],
        failures=record["failures"],
        lease=record["lease"],
        created_at=when(record["created_at"]),
    )


def letter_record(waiting: Record, settlement: Bury, id: int, now: datetime) -> Record:
    """Return the dead letter that a delivery becomes; what it was made from stays, so that it can be redriven."""
    names = ("task", "name", "job_id", "event_id", "event_position", "created_at")
    kept = {name: waiting[name] for name in names if name in waiting}
    died = us(now)
    return kept | {
        "id": id,
        "queue": waiting["waiting_on"],
        "data": waiting["data"],
        "attempts": waiting["attempt"],
        "error": text(settlement.problem.as_dict()),
        "history": grown(waiting["history"], settlement, now),
        "died_at": died,
        "listed_in": "dead letters",
        "listed_as": letter_place(died, id),
        "grouped_in": f"dead letters of {waiting['waiting_on']}",
        "standing_in": letters_of(waiting["job_id"]) if "job_id" in waiting else None,
    }


def letters_of(job_id: str) -> str:
    """Return the group of a job's dead letters."""
    return f"dead letters of job {job_id}"


def letter_place(died_at: int, id: int) -> str:
    return f"{died_at:017}#{id:017}"


def letter(record: Record) -> DeadLetter:
    return DeadLetter(
        id=record["id"],
        queue=record["queue"],
        task=Task(record["task"]),
        name=record["name"],
        job_id=record.get("job_id"),
        attempts=record["attempts"],
        died_at=when(record["died_at"]),
        error=Problem.from_dict(json.loads(record["error"])),
        history=tuple(json.loads(record["history"])),
        data=json.loads(record["data"]),
        event_id=record.get("event_id"),
    )


def grown(history: str, settlement: Again | Bury, now: datetime) -> str:
    """Return the history with this failure; of waits for the same thing in a row the last one is kept."""
    entries: list[dict[str, Any]] = json.loads(history)
    waits_on = isinstance(settlement, Again) and not settlement.counts
    if waits_on and entries and entries[-1].get("what") == settlement.problem.what:
        entries.pop()
    entries.append(
        {
            "at": now.isoformat(),
            "attempt": settlement.delivery.attempt,
            "what": settlement.problem.what,
            "detail": settlement.problem.detail,
        }
    )
    return text(entries[-LONGEST_HISTORY:])
