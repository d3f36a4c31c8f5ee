"""What the memory backend holds: plain dictionaries under one lock, and how changes to them are taken back."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from pressroom.channels import ChannelState
from pressroom.costs import Cost
from pressroom.deliveries import DeadLetter, Delivery
from pressroom.events import Event
from pressroom.jobs import Job, StepRecord
from pressroom.media import Asset
from pressroom.ports import Clock, Entry
from pressroom.publications import Publication

R = TypeVar("R")
K = TypeVar("K")
V = TypeVar("V")

_JSON_FIELDS: dict[type[Any], tuple[str, ...]] = {
    Event: ("data",),
    Job: ("input", "result"),
    StepRecord: ("output",),
    Delivery: ("data",),
    DeadLetter: ("data",),
    Publication: ("prepared",),
    Asset: ("about",),
    Entry: ("note", "result"),
}


def plain(value: Any) -> Any:
    """Return the value as it comes back from storage: its own copy, in JSON's types; what is not JSON is refused."""
    return json.loads(json.dumps(value))


def own(record: R) -> R:
    """Return a copy that nobody else can change through a dictionary within it."""
    fields = _JSON_FIELDS[type(record)]
    return replace(record, **{name: plain(getattr(record, name)) for name in fields})  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery on its queue; its event is kept in the log only."""

    delivery: Delivery
    event_id: str | None
    available_at: datetime
    leased_until: datetime | None = None
    history: tuple[dict[str, Any], ...] = ()

    @property
    def due_at(self) -> datetime:
        """When it can be claimed next."""
        return self.leased_until or self.available_at


@dataclass
class State:
    clock: Clock
    lock: threading.RLock = field(default_factory=threading.RLock)
    events: dict[int, Event] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    """Of events, by their ids."""
    positions_of_job: dict[str, tuple[int, ...]] = field(default_factory=dict)
    waiting: dict[int, Waiting] = field(default_factory=dict)
    dead: dict[int, DeadLetter] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    job_keys: dict[str, str] = field(default_factory=dict)
    steps: dict[str, dict[str, StepRecord]] = field(default_factory=dict)
    publications: dict[str, Publication] = field(default_factory=dict)
    publication_keys: dict[str, str] = field(default_factory=dict)
    assets: dict[tuple[str, int], Asset] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    claims_end: dict[str, datetime] = field(default_factory=dict)
    """Of the ledger's entries that do, when."""
    costs: dict[str, Cost] = field(default_factory=dict)
    schedules: dict[str, datetime] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=dict)
    tables: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    channels: dict[str, ChannelState] = field(default_factory=dict)
    views: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    view_positions: dict[str, int] = field(default_factory=dict)
    delivery_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Hold the lock; take back everything that was changed if the block raises."""
        with self.lock:
            transaction = Transaction()
            try:
                yield transaction
            except BaseException:
                transaction.take_back()
                raise


class Transaction:
    """Changes dictionaries and remembers how they were."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []

    def put(self, table: dict[K, V], key: K, value: V) -> None:
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.__setitem__(key, before))
        else:
            self._undo.append(lambda: table.pop(key))
        table[key] = value

    def remove(self, table: dict[K, V], key: K) -> None:
        """Remove the key; one that is not there is no error."""
        if key in table:
            before = table.pop(key)
            self._undo.append(lambda: table.__setitem__(key, before))

    def take_back(self) -> None:
        while self._undo:
            self._undo.pop()()
