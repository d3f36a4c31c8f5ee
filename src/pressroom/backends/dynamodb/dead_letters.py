"""The dead letters in DynamoDB: deliveries that were given up, each waiting for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from pressroom.backends.dynamodb import keys
from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import absent, is_, present
from pressroom.backends.dynamodb.delivery_records import handed_over, letter, letter_place, letters_of
from pressroom.backends.dynamodb.draft import Draft, Overtaken
from pressroom.backends.dynamodb.listing import newest
from pressroom.backends.dynamodb.store import DynamoStore
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.transaction import refuse
from pressroom.backends.dynamodb.values import Record, text, us
from pressroom.changes import Change
from pressroom.deliveries import DeadLetter
from pressroom.errors import NotFound


class _Gone(NotFound):
    """Somebody else has decided about the letter."""


class DynamoDeadLetters:
    def __init__(self, calls: Calls, store: DynamoStore, asides: Asides) -> None:
        self._calls, self._store, self._asides = calls, store, asides

    def find(
        self,
        *,
        queue: str | None = None,
        job_id: str | None = None,
        limit: int = 100,
        before: tuple[datetime, int] | None = None,
    ) -> list[DeadLetter]:
        place = letter_place(us(before[0]), before[1]) if before is not None else ""
        found = islice(self._standing(queue, job_id, place), limit)
        return [letter(record) for record in self._asides.whole(found)]

    def count(self) -> int:
        return self._calls.count(STATE, is_("listed_in", "dead letters"), index="listed")

    def get(self, id: int) -> DeadLetter | None:
        record = self._asides.whole_one(self._stored(id))
        return letter(record) if record else None

    def redrive(self, id: int, change: Change, *, data: dict[str, Any] | None = None) -> bool:
        def again(draft: Draft, dead: Record) -> None:
            key: Key = (dead["of"], f"{keys.waiting(dead['name'])}{id:017}")
            record = draft.fit(key[0], _put_back(dead, data, draft.now_us))
            draft.transaction.put(STATE, key, record, absent("id"), refuse(Overtaken()))

        return self._decide(id, change, again)

    def discard(self, id: int, change: Change) -> bool:
        return self._decide(id, change, lambda draft, dead: None)

    def _decide(self, id: int, change: Change, further: Callable[[Draft, Record], None]) -> bool:
        dead = self._stored(id)
        if dead is None:
            return False

        def decided(draft: Draft) -> None:
            gone = refuse(_Gone(f"The dead letter {id} is gone."))
            draft.transaction.remove(STATE, (dead["of"], dead["part"]), present("id"), gone)
            draft.transaction.remove(STATE, keys.letter_by_id(id), None, gone)
            further(draft, dead)

        try:
            self._store.commit_with(change, decided)
        except _Gone:
            return False
        return True

    def _stored(self, id: int) -> Record | None:
        place = self._calls.get(STATE, keys.letter_by_id(id))
        return self._calls.get(STATE, keys.letter(place["place"], id)) if place else None

    def _standing(self, queue: str | None, job_id: str | None, place: str) -> Iterator[Record]:
        """Yield the letters below a place in their order, the newest first."""
        if job_id is not None:
            groups = [("standing", letters_of(job_id))]
        else:
            groups = [("listed", "dead letters")] if queue is None else [("grouped", f"dead letters of {queue}")]
        found = newest(self._calls, groups, below=place or None)
        return (record for record in found if queue in (None, record["queue"]))


def _put_back(dead: Record, data: dict[str, Any] | None, now: int) -> Record:
    """Return the delivery that a letter was, its failures forgotten and its history kept."""
    names = ("id", "task", "name", "job_id", "event_id", "event_position", "created_at", "history", "data")
    kept = {name: dead[name] for name in names if name in dead}
    edited = {"data": text(data)} if data is not None else {}
    fresh = {"waiting_on": dead["queue"], "due_at": now, "lease": "", "attempt": 0, "failures": 0}
    return kept | edited | fresh | handed_over(dead["task"], dead.get("job_id"), dead["id"])
