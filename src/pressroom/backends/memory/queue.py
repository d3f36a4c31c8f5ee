"""The memory backend's queue, and what a change does to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pressroom.backends.memory.state import State, Transaction, Waiting, own, plain
from pressroom.deliveries import Again, Bury, DeadLetter, Delivery, Done, Settlement, Task
from pressroom.errors import LeaseLost, NotFound

LONGEST_HISTORY = 50


class MemoryQueue:
    def __init__(self, state: State) -> None:
        self._state = state

    def claim(
        self, queues: Sequence[str], limit: int, lease: timedelta, *, job_id: str | None = None
    ) -> list[Delivery]:
        with self._state.lock:
            now = self._state.clock.now()
            due = sorted(
                (item for item in self._on(queues, job_id) if item.due_at <= now),
                key=lambda item: (item.due_at, item.delivery.id),
            )
            return [self._lease(item, now + lease) for item in due[:limit]]

    def claim_one(
        self, name: str, lease: timedelta, *, job_id: str | None = None, event_id: str | None = None
    ) -> Delivery | None:
        with self._state.lock:
            now = self._state.clock.now()
            item = self._one(name, job_id, event_id)
            return self._lease(item, now + lease) if item and item.due_at <= now else None

    def due(self, name: str, *, job_id: str | None = None, event_id: str | None = None) -> datetime | None:
        with self._state.lock:
            item = self._one(name, job_id, event_id)
            return item.due_at if item else None

    def overdue(self, before: datetime, *, limit: int = 100) -> list[Delivery]:
        with self._state.lock:
            now = self._state.clock.now()
            left = [
                item
                for item in self._state.waiting.values()
                if item.due_at < before and (item.leased_until is None or item.due_at <= now)
            ]
            left.sort(key=lambda item: (item.due_at, item.delivery.id))
            return [self._with_event(replace(item, delivery=replace(item.delivery, lease=""))) for item in left[:limit]]

    def renew(self, deliveries: Iterable[Delivery], lease: timedelta) -> set[int]:
        with self._state.lock:
            until = self._state.clock.now() + lease
            held = [_held(self._state, delivery) for delivery in deliveries]
            for item in filter(None, held):
                self._state.waiting[item.delivery.id] = replace(item, leased_until=until)
            return {item.delivery.id for item in held if item}

    def hand_back(self, deliveries: Iterable[Delivery]) -> None:
        with self._state.lock:
            for delivery in deliveries:
                item = _held(self._state, delivery)
                if item:
                    unclaimed = replace(item.delivery, attempt=item.delivery.attempt - 1, lease="")
                    self._state.waiting[delivery.id] = replace(item, delivery=unclaimed, leased_until=None)

    def next_due(self, queues: Sequence[str], *, job_id: str | None = None) -> datetime | None:
        with self._state.lock:
            return min((item.due_at for item in self._on(queues, job_id)), default=None)

    def hasten(self, queue: str) -> int:
        with self._state.lock:
            now = self._state.clock.now()
            put_off = [item for item in self._on([queue], None) if item.leased_until is None and item.due_at > now]
            for item in put_off:
                self._state.waiting[item.delivery.id] = replace(item, available_at=now)
            return len(put_off)

    def move(self, source: str, target: str, limit: int, *, job_id: str | None = None) -> int:
        with self._state.lock:
            now = self._state.clock.now()
            free = [item for item in self._on([source], job_id) if item.leased_until is None or item.due_at <= now]
            moved = sorted(free, key=lambda item: (item.due_at, item.delivery.id))[:limit]
            for item in moved:
                self._state.waiting[item.delivery.id] = replace(item, delivery=replace(item.delivery, queue=target))
            return len(moved)

    def oldest_waiting(self) -> dict[str, tuple[int, datetime]]:
        with self._state.lock:
            now = self._state.clock.now()
            found: dict[str, tuple[int, datetime]] = {}
            for item in self._state.waiting.values():
                if item.due_at <= now:
                    count, since = found.get(item.delivery.queue, (0, item.due_at))
                    found[item.delivery.queue] = (count + 1, min(since, item.due_at))
            return found

    def _on(self, queues: Sequence[str], job_id: str | None) -> Iterator[Waiting]:
        for item in self._state.waiting.values():
            if item.delivery.queue in queues and job_id in (None, item.delivery.job_id):
                yield item

    def _one(self, name: str, job_id: str | None, event_id: str | None) -> Waiting | None:
        found = (
            item
            for item in self._state.waiting.values()
            if item.delivery.name == name and _belongs(item, job_id, event_id)
        )
        return min(found, key=lambda item: (item.due_at, item.delivery.id), default=None)

    def _lease(self, item: Waiting, until: datetime) -> Delivery:
        claimed = replace(item.delivery, attempt=item.delivery.attempt + 1, lease=uuid.uuid4().hex)
        leased = self._state.waiting[claimed.id] = replace(item, delivery=claimed, leased_until=until)
        return self._with_event(leased)

    def _with_event(self, item: Waiting) -> Delivery:
        position = self._state.positions.get(item.event_id or "")
        return replace(own(item.delivery), event=own(self._state.events[position]) if position else None)


def _belongs(item: Waiting, job_id: str | None, event_id: str | None) -> bool:
    """Say whether it is a step or deadline of this job, or else the handing over of this event."""
    if job_id is not None:
        return item.delivery.job_id == job_id and item.delivery.task is not Task.EVENT
    return item.event_id == event_id and item.delivery.task is Task.EVENT


def enqueue(
    state: State, transaction: Transaction, delivery: Delivery, history: tuple[dict[str, Any], ...] = ()
) -> None:
    """Put a new delivery on its queue; the event it refers to must be in the log."""
    event_id = delivery.event.id if delivery.event else None
    if event_id is not None and event_id not in state.positions:
        raise NotFound(f"The event {event_id} that a delivery on {delivery.queue} refers to is not in the log.")
    now = state.clock.now()
    available_at = delivery.available_at or now
    stored = replace(
        own(delivery),
        id=next(state.delivery_ids),
        event=None,
        available_at=available_at,
        attempt=0,
        failures=0,
        lease="",
        created_at=now,
    )
    transaction.put(state.waiting, stored.id, Waiting(stored, event_id, available_at, history=history))


def settle(state: State, transaction: Transaction, settled: Settlement) -> None:
    """Take a leased delivery off its queue, put it back for later, or lay it with the dead."""
    delivery = settled.delivery
    item = _held(state, delivery)
    if item is None:
        raise LeaseLost(f"The delivery {delivery.id} ({delivery.name}) is no longer held by this worker.")
    if isinstance(settled, Done):
        transaction.remove(state.waiting, delivery.id)
    elif isinstance(settled, Again):
        transaction.put(state.waiting, delivery.id, _put_back(state, item, settled))
    else:
        transaction.remove(state.waiting, delivery.id)
        transaction.put(state.dead, delivery.id, _dead(state, item, settled))


def _put_back(state: State, item: Waiting, settled: Again) -> Waiting:
    delivery = replace(
        item.delivery,
        queue=settled.queue or item.delivery.queue,
        # A mere wait takes its attempt back.
        attempt=item.delivery.attempt - (0 if settled.counts else 1),
        failures=item.delivery.failures + (1 if settled.counts else 0),
        lease="",
        available_at=settled.at,
    )
    return replace(
        item,
        delivery=delivery,
        available_at=settled.at,
        leased_until=None,
        history=_grown(state, item, settled),
    )


def _dead(state: State, item: Waiting, settled: Bury) -> DeadLetter:
    delivery = item.delivery
    return DeadLetter(
        id=delivery.id,
        queue=delivery.queue,
        task=delivery.task,
        name=delivery.name,
        job_id=delivery.job_id,
        attempts=delivery.attempt,
        died_at=state.clock.now(),
        error=settled.problem,
        history=_grown(state, item, settled),
        data=plain(delivery.data),
        event_id=item.event_id,
    )


def _grown(state: State, item: Waiting, settled: Again | Bury) -> tuple[dict[str, Any], ...]:
    """Return the history with this failure; a wait in a row of the same waits replaces the one before."""
    problem, history = settled.problem, item.history
    merely_waits = isinstance(settled, Again) and not settled.counts
    if merely_waits and history and history[-1]["what"] == problem.what:
        history = history[:-1]
    failure = {
        "at": state.clock.now().isoformat(),
        "attempt": item.delivery.attempt,
        "what": problem.what,
        "detail": problem.detail,
    }
    return (*history, failure)[-LONGEST_HISTORY:]


def _held(state: State, delivery: Delivery) -> Waiting | None:
    """Return what is stored of a delivery if this claim of it is still the last one."""
    item = state.waiting.get(delivery.id)
    return item if item and item.delivery.lease and item.delivery.lease == delivery.lease else None
