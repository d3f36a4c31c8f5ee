"""The memory backend's dead letters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pressroom.backends.memory.queue import enqueue
from pressroom.backends.memory.state import State, own
from pressroom.backends.memory.store import apply
from pressroom.changes import Change
from pressroom.deliveries import DeadLetter, Delivery


class MemoryDeadLetters:
    def __init__(self, state: State) -> None:
        self._state = state

    def find(
        self,
        *,
        queue: str | None = None,
        job_id: str | None = None,
        limit: int = 100,
        before: tuple[datetime, int] | None = None,
    ) -> list[DeadLetter]:
        with self._state.lock:
            found = [
                letter
                for letter in self._state.dead.values()
                if queue in (None, letter.queue)
                and job_id in (None, letter.job_id)
                and (before is None or (letter.died_at, letter.id) < before)
            ]
            found.sort(key=lambda letter: (letter.died_at, letter.id), reverse=True)
            return [own(letter) for letter in found[:limit]]

    def count(self) -> int:
        with self._state.lock:
            return len(self._state.dead)

    def get(self, id: int) -> DeadLetter | None:
        with self._state.lock:
            letter = self._state.dead.get(id)
            return own(letter) if letter else None

    def redrive(self, id: int, change: Change, *, data: dict[str, Any] | None = None) -> bool:
        with self._state.transaction() as transaction:
            letter = self._state.dead.get(id)
            if letter is None:
                return False
            transaction.remove(self._state.dead, id)
            apply(self._state, transaction, change)
            position = self._state.positions.get(letter.event_id or "")
            revived = Delivery(
                queue=letter.queue,
                task=letter.task,
                name=letter.name,
                job_id=letter.job_id,
                event=self._state.events[position] if position else None,
                data=letter.data if data is None else data,
            )
            enqueue(self._state, transaction, revived, letter.history)
            return True

    def discard(self, id: int, change: Change) -> bool:
        with self._state.transaction() as transaction:
            if id not in self._state.dead:
                return False
            transaction.remove(self._state.dead, id)
            apply(self._state, transaction, change)
            return True
