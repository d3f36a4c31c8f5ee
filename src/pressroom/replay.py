"""Replay: events run again, into read models or through a handler. Nothing here can publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pressroom import registry
from pressroom.bus import Subscription
from pressroom.errors import Conflict, UnknownName
from pressroom.events import Event
from pressroom.ports import EventLog, JobStore, Views
from pressroom.read_models.base import Document, ReadModel

JOBS = "jobs"
"""The jobs are a read model too: each is the fold of its events."""
BATCH = 1000
Told = Callable[[int], None]
"""Is told now and then how many events were read so far; what it raises ends the replay."""


def tell_nobody(events: int) -> None:
    """Is told, and does nothing."""


class Replay:
    def __init__(self, events: EventLog, jobs: JobStore, views: Views, handlers: Mapping[str, Subscription]) -> None:
        self._events, self._jobs, self._views, self._handlers = events, jobs, views, handlers

    def models(self) -> list[str]:
        return sorted([JOBS, *registry.names("read_models")])

    def handlers(self) -> list[str]:
        """Return the handlers that are enabled."""
        return sorted(self._handlers)

    def knows_model(self, model: str) -> None:
        """Raise `UnknownName` for what is no read model."""
        if model not in self.models():
            raise UnknownName("read model", model, self.models())

    def knows_handler(self, handler: str) -> None:
        """Raise `UnknownName` for what is no handler that is enabled."""
        if handler not in self._handlers:
            raise UnknownName("enabled handler", handler, self._handlers)

    def into(self, model: str, told: Told = tell_nobody) -> int:
        """Build a read model anew from the whole log; return how many events were read."""
        self.knows_model(model)
        if model == JOBS:
            return self._rebuild_jobs(told)
        self._views.clear(model)
        return self.catch_up(model, told)

    def catch_up(self, model: str, told: Told = tell_nobody) -> int:
        """Fold the events that a read model has not seen yet; return how many there were."""
        folding: ReadModel = registry.read_model(model)()
        read = 0
        while True:
            before = self._views.position(model)
            events = self._events.after(before, limit=BATCH, types=folding.types)
            if not events:
                return read
            documents = self._folded(model, folding, events)
            try:
                self._views.write(model, documents, before=before, position=events[-1].position or before)
            except Conflict:
                continue  # another reader was faster; go on from where it is
            read += len(events)
            told(read)

    def through(
        self, handler: str, since: datetime | None = None, until: datetime | None = None, told: Told = tell_nobody
    ) -> int:
        """Hand the events of a range (`until` not included) to one handler again; return how many it was handed."""
        self.knows_handler(handler)
        subscription = self._handlers[handler]
        types = sorted(subscription.types)
        position, handed = 0, 0
        while events := self._events.after(position, limit=BATCH, types=types, since=since, until=until):
            for event in events:
                subscription.handle(event)
                handed += 1
                told(handed)
            position = events[-1].position or position
        return handed

    def _folded(self, model: str, folding: ReadModel, events: list[Event]) -> dict[str, Document | None]:
        written: dict[str, Document | None] = {}

        def lookup(key: str) -> dict[str, Any] | None:
            return written[key] if key in written else self._views.get(model, key)

        for event in events:
            written |= folding.apply(event, lookup)
        return written

    def _rebuild_jobs(self, told: Told) -> int:
        position, read = 0, 0
        while events := self._events.after(position, limit=BATCH, types=("JobRequested",)):
            for event in events:
                self._jobs.rebuild(event.subject)
                read += 1
            told(read)
            position = events[-1].position or position
        return read
