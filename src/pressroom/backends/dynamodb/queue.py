"""The queue in DynamoDB. A delivery is found by an index, or by its own key, and claimed by a conditional write."""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from pressroom.backends.dynamodb import keys
from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import all_of, any_of, at_most, begins, is_, more
from pressroom.backends.dynamodb.delivery_records import delivery, handed_over_of
from pressroom.backends.dynamodb.known_names import KnownNames
from pressroom.backends.dynamodb.log import DynamoEventLog
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.values import Record, us, when
from pressroom.deliveries import Delivery, Task
from pressroom.events import Event
from pressroom.ports import Clock


class DynamoQueue:
    def __init__(self, calls: Calls, clock: Clock, asides: Asides, log: DynamoEventLog, queues: KnownNames) -> None:
        self._calls, self._clock, self._asides, self._log, self._queues = calls, clock, asides, log, queues

    def claim(
        self, queues: Sequence[str], limit: int, lease: timedelta, *, job_id: str | None = None
    ) -> list[Delivery]:
        taken: list[Record] = []
        for record in self._due(queues, job_id) if limit > 0 else ():
            claimed = self._lease(record, lease)
            taken += [claimed] if claimed else []
            if len(taken) == limit:
                break
        return self._deliveries(taken)

    def claim_one(
        self, name: str, lease: timedelta, *, job_id: str | None = None, event_id: str | None = None
    ) -> Delivery | None:
        now = us(self._clock.now())
        for record in self._named(name, job_id, event_id):
            claimed = self._lease(record, lease) if record["due_at"] <= now else None
            if claimed:
                return self._deliveries([claimed])[0]
        return None

    def due(self, name: str, *, job_id: str | None = None, event_id: str | None = None) -> datetime | None:
        found = self._named(name, job_id, event_id)
        return when(found[0]["due_at"]) if found else None

    def overdue(self, before: datetime, *, limit: int = 100) -> list[Delivery]:
        now, end = us(self._clock.now()), us(before)
        each = [self._waiting_on(queue, until=end - 1) for queue in self._queues.all()]
        oldest = islice(heapq.merge(*each, key=lambda record: int(record["due_at"])), limit)
        standing = self._calls.get_many(STATE, [_key(record) for record in oldest]).values()
        left = [one for one in standing if one["due_at"] < end and (not one["lease"] or one["due_at"] <= now)]
        left.sort(key=_order)
        # The token of a claim that is over is nobody's any more.
        return [replace(delivery, lease="") for delivery in self._deliveries(left)]

    def renew(self, deliveries: Iterable[Delivery], lease: timedelta) -> set[int]:
        until = us(self._clock.now() + lease)
        held = set()
        for one in deliveries:
            mine = is_("lease", one.lease)
            if one.lease and self._calls.change(STATE, keys.delivery(one, one.id), mine, put={"due_at": until}):
                held.add(one.id)
        return held

    def hand_back(self, deliveries: Iterable[Delivery]) -> None:
        for one in deliveries:
            if one.lease:
                # The claim did not come to anything, so it does not count as an attempt.
                put = {"due_at": us(self._clock.now()), "lease": ""}
                key = keys.delivery(one, one.id)
                self._calls.change(STATE, key, is_("lease", one.lease), put=put, add={"attempt": -1})

    def next_due(self, queues: Sequence[str], *, job_id: str | None = None) -> datetime | None:
        if job_id is not None:
            of_job = self._of_job(queues, job_id)
            return when(of_job[0]["due_at"]) if of_job else None
        heads = [head["due_at"] for queue in set(queues) for head in islice(self._waiting_on(queue, page=1), 1)]
        return when(min(heads)) if heads else None

    def hasten(self, queue: str) -> int:
        now = us(self._clock.now())
        where = all_of(is_("waiting_on", queue), more("due_at", now))
        put_off = list(self._calls.query(STATE, where, index="due"))
        still = all_of(is_("waiting_on", queue), is_("lease", ""), more("due_at", now))
        return sum(self._calls.change(STATE, _key(one), still, put={"due_at": now}) is not None for one in put_off)

    def move(self, source: str, target: str, limit: int, *, job_id: str | None = None) -> int:
        now, moved = us(self._clock.now()), 0
        free = all_of(is_("waiting_on", source), any_of(is_("lease", ""), at_most("due_at", now)))
        # Each at its own time: what is moved leaves the index, so what is to be moved is read before.
        found = self._of_job([source], job_id) if job_id is not None else list(self._waiting_on(source))
        self._queues.write([target] if limit > 0 else [])
        for record in found:
            if moved >= limit:
                break
            moved += self._calls.change(STATE, _key(record), free, put={"waiting_on": target}) is not None
        return moved

    def oldest_waiting(self) -> dict[str, tuple[int, datetime]]:
        now, found = us(self._clock.now()), {}
        for queue in self._queues.all():
            oldest = next(self._waiting_on(queue, until=now, page=1), None)
            if oldest is not None:
                where = all_of(is_("waiting_on", queue), at_most("due_at", now))
                found[queue] = (self._calls.count(STATE, where, index="due"), when(oldest["due_at"]))
        return found

    def _due(self, queues: Sequence[str], job_id: str | None) -> Iterator[Record]:
        """Yield what looks due, first of the queue where something waits longest: a busy one keeps no other waiting."""
        now = us(self._clock.now())
        if job_id is not None:
            yield from (record for record in self._of_job(queues, job_id) if record["due_at"] <= now)
            return
        heads = [(next(self._waiting_on(queue, until=now, page=1), None), queue) for queue in dict.fromkeys(queues)]
        for _, queue in sorted((head["due_at"], queue) for head, queue in heads if head is not None):
            yield from self._waiting_on(queue, until=now)

    def _waiting_on(self, queue: str, *, until: int | None = None, page: int | None = None) -> Iterator[Record]:
        where = is_("waiting_on", queue)
        where = all_of(where, at_most("due_at", until)) if until is not None else where
        return self._calls.query(STATE, where, index="due", page=page)

    def _of_job(self, queues: Sequence[str], job_id: str) -> list[Record]:
        """Return what waits of the job, the first due first; what is handed over stands with its events."""
        steps = self._calls.query(STATE, all_of(is_("of", keys.of_job(job_id)), begins("part", "waiting#")))
        listed = self._calls.query(STATE, is_("grouped_in", handed_over_of(job_id)), index="grouped")
        handed_over = self._calls.get_many(STATE, [_key(one) for one in listed]).values()
        found = [record for record in [*steps, *handed_over] if record["waiting_on"] in queues]
        return sorted(found, key=_order)

    def _named(self, name: str, job_id: str | None, event_id: str | None) -> list[Record]:
        """Return the deliveries of the job's step or deadline, or else of the event's subscriber, by their keys."""
        of = keys.of_job(job_id) if job_id is not None else keys.of_event(event_id or "")
        where = all_of(is_("of", of), begins("part", keys.waiting(name)))
        found = [
            record
            for record in self._calls.query(STATE, where)
            if record["name"] == name and (record["task"] == Task.EVENT.value) == (job_id is None)
        ]
        return sorted(found, key=_order)

    def _lease(self, record: Record, lease: timedelta) -> Record | None:
        now = us(self._clock.now())
        put = {"lease": uuid.uuid4().hex, "due_at": us(self._clock.now() + lease)}
        due = all_of(is_("waiting_on", record["waiting_on"]), at_most("due_at", now))
        return self._calls.change(STATE, _key(record), due, put=put, add={"attempt": 1})

    def _deliveries(self, records: Iterable[Record]) -> list[Delivery]:
        found = self._asides.whole(records)
        events = self._log.at([one["event_position"] for one in found if "event_position" in one])
        return [delivery(record, self._event(record, events)) for record in found]

    def _event(self, record: Record, known: dict[int, Event]) -> Event | None:
        if "event_position" in record:
            return known.get(record["event_position"])
        return self._log.get(record["event_id"]) if "event_id" in record else None


def _key(record: Record) -> Key:
    return (record["of"], record["part"])


def _order(record: Record) -> tuple[int, int]:
    return (record["due_at"], record["id"])
