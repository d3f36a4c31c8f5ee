"""Every port: what the core needs of a backend, and what it may rely on.

The promises are those of the weaker runtime (AWS); nothing may rely on more. The suites in `pressroom.contracts`
hold every implementation to them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from pressroom.blob_store import BlobStore as BlobStore
from pressroom.changes import Change
from pressroom.channels import ChannelState
from pressroom.costs import Budget, Cost
from pressroom.deliveries import DeadLetter, Delivery
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus, StepRecord
from pressroom.media import Asset
from pressroom.publications import Publication, PublicationState


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the time with its zone, in UTC."""


class Store(Protocol):
    """Where changes go. Everything else here reads."""

    def commit(self, change: Change) -> None:
        """Store a change wholly or not at all; when it returns, it survives a power cut.

        Raises `Conflict` if a version, a claim, a job's key or a schedule's time is not as the change expects,
        and `LeaseLost` if the settled delivery has been handed to somebody else. Nothing is stored then.
        """


class EventLog(Protocol):
    """Append-only. Events of one job keep their order; positions only grow."""

    def of_job(self, job_id: str) -> list[Event]: ...

    def get(self, event_id: str) -> Event | None: ...

    def after(
        self,
        position: int,
        *,
        limit: int = 1000,
        types: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Event]:
        """Return events in order from the first behind `position`; `since` is inclusive, `until` is not."""

    def latest(self, *, limit: int = 100, types: Sequence[str] = (), before: int | None = None) -> list[Event]:
        """Return the newest events, newest first, from behind the position `before` downwards."""

    def last_position(self) -> int:
        """Return the position of the newest event, 0 if there is none."""


class Queue(Protocol):
    """At least once, in no promised order. A delivery is invisible while leased, and comes back with its lease."""

    def claim(
        self, queues: Sequence[str], limit: int, lease: timedelta, *, job_id: str | None = None
    ) -> list[Delivery]:
        """Lease up to `limit` deliveries that are due; each claim counts one attempt."""

    def claim_one(
        self, name: str, lease: timedelta, *, job_id: str | None = None, event_id: str | None = None
    ) -> Delivery | None:
        """Lease this one delivery, None if there is none, it is not yet due, or somebody holds it.

        It is the one of the step or the deadline at path `name` of the job, or that of the subscriber `name` for
        the event; exactly one of the two is given. Of many claims at once one succeeds.
        """

    def due(self, name: str, *, job_id: str | None = None, event_id: str | None = None) -> datetime | None:
        """Return when `claim_one` can next succeed: its time, or the end of the claim that holds it; None for never.

        None says that there is no such delivery: it was settled, or it is dead.
        """

    def overdue(self, before: datetime, *, limit: int = 100) -> list[Delivery]:
        """Return deliveries of every queue that were due before that moment and that nobody holds, the oldest first.

        Nothing is leased by that.
        """

    def renew(self, deliveries: Iterable[Delivery], lease: timedelta) -> set[int]:
        """Prolong leases from now on; return the ids that are still held with their token."""

    def hand_back(self, deliveries: Iterable[Delivery]) -> None:
        """Make leased deliveries visible at once, as if they had not been claimed."""

    def next_due(self, queues: Sequence[str], *, job_id: str | None = None) -> datetime | None:
        """Return when the next delivery can be claimed, None if there is none."""

    def hasten(self, queue: str) -> int:
        """Make everything that waits for its time on this queue due now; return how many there were."""

    def move(self, source: str, target: str, limit: int, *, job_id: str | None = None) -> int:
        """Put up to `limit` deliveries that nobody holds onto another queue, the first due first; return how many.

        When each is due stays as it is; of several at the same moment, each delivery is moved by one.
        """

    def oldest_waiting(self) -> dict[str, tuple[int, datetime]]:
        """Return for each queue how many deliveries are due and unclaimed, and since when the oldest is."""


class DeadLetters(Protocol):
    def find(
        self,
        *,
        queue: str | None = None,
        job_id: str | None = None,
        limit: int = 100,
        before: tuple[datetime, int] | None = None,
    ) -> list[DeadLetter]:
        """Return dead deliveries, newest first; `before` is when the last one of the page before died, and its id."""

    def count(self) -> int:
        """Return how many there are."""

    def get(self, id: int) -> DeadLetter | None: ...

    def redrive(self, id: int, change: Change, *, data: dict[str, Any] | None = None) -> bool:
        """Put a dead delivery back with its failures forgotten, together with `change`; False if it is gone.

        `data` replaces what it carries.
        """

    def discard(self, id: int, change: Change) -> bool:
        """Remove it for good, together with `change`; False if it is gone."""


class JobStore(Protocol):
    def get(self, job_id: str) -> Job | None: ...

    def by_key(self, key: str) -> Job | None:
        """Return the one job that holds this key."""

    def find(
        self,
        *,
        limit: int = 50,
        before: str | None = None,
        pipeline: str | None = None,
        statuses: Sequence[JobStatus] = (),
        text: str = "",
    ) -> list[Job]:
        """Return jobs, newest first; `before` is the id of the last one of the page before.

        `text` asks for those whose input or result has, for each of its words, one that begins so, whatever the
        case and the accents; what holds no word at all finds none.
        """

    def count(self) -> dict[str, int]:
        """Return how many jobs there are of each status."""

    def expired(self, now: datetime, *, limit: int = 100) -> list[Job]:
        """Return jobs whose time is over and that are not yet marked as expired."""

    def steps(self, job_id: str) -> dict[str, StepRecord]:
        """Return the job's steps by path, in the order in which they came up."""

    def rebuild(self, job_id: str) -> None:
        """Store the job anew as the fold of its events."""


class Publications(Protocol):
    def get(self, publication_id: str) -> Publication | None: ...

    def by_key(self, key: str) -> Publication | None: ...

    def of_job(self, job_id: str) -> list[Publication]: ...

    def find(
        self,
        *,
        states: Sequence[PublicationState] = (),
        channel: str | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[Publication]:
        """Return publications, newest first."""

    def count(self, states: Sequence[PublicationState]) -> int:
        """Return how many are in one of these states."""


class AssetIndex(Protocol):
    def get(self, key: str, revision: int | None = None) -> Asset | None:
        """Return one revision of an asset, the newest if none is named."""

    def of_job(self, job_id: str) -> list[Asset]: ...

    def expired(self, now: datetime, *, limit: int = 100) -> list[Asset]: ...

    def revisions(self, key: str) -> list[Asset]:
        """Return every revision of an asset, the newest first."""

    def find(self, prefix: str, *, limit: int = 100, after: str = "") -> list[Asset]:
        """Return the newest revisions of the assets whose keys begin with `prefix`, by key, from behind `after`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger knows of a key."""

    key: str
    note: dict[str, Any]
    at: datetime
    result: dict[str, Any] | None = None


class Ledger(Protocol):
    """Remembers by key what was already done. A key is claimed once and for all, unless its claim has an end."""

    def claim(self, key: str, note: dict[str, Any]) -> bool:
        """Claim the key; of many claims one succeeds, however many processes try."""

    def keep(self, key: str, result: dict[str, Any]) -> None:
        """Store the result of a claimed key; a second result does not replace the first."""

    def get(self, key: str) -> Entry | None: ...

    def forget_expired(self, now: datetime, *, limit: int = 10_000) -> int:
        """Forget claims whose time is over, whose keys can then be claimed anew; return how many there were.

        Until they are forgotten, they stand.
        """


class Costs(Protocol):
    def reserve(self, cost: Cost, budgets: Sequence[Budget]) -> Budget | None:
        """Store the cost if no budget is passed by it, else return that budget; of two at once one sees the other."""

    def settle(self, reserved_id: str, actual: Sequence[Cost]) -> None:
        """Replace a reserved cost by what it really was."""

    def of_job(self, job_id: str) -> list[Cost]: ...

    def spent(self, since: datetime, *, pipeline: str | None = None) -> Decimal: ...


class Schedules(Protocol):
    def next_at(self, name: str) -> datetime | None:
        """Return the stored next time of a schedule; moved only by a change."""

    def names(self) -> list[str]: ...


class Cursors(Protocol):
    """How far something outside has been read, in its own word."""

    def get(self, name: str) -> str:
        """Return what was put last; empty if nothing ever was."""

    def put(self, name: str, value: str) -> None:
        """Store it durably in the place of what was there."""


class Tables(Protocol):
    """Rows that people and programs fill, by table and key: a story's characters, readers, keys of the HTTP API."""

    def put(self, table: str, rows: Mapping[str, dict[str, Any]]) -> None:
        """Store rows durably in the place of what was under their keys: all of them, or none."""

    def add(self, table: str, key: str, row: dict[str, Any]) -> bool:
        """Store a row whose key is free; of many at once one succeeds, and the others change nothing."""

    def get(self, table: str, key: str) -> dict[str, Any] | None: ...

    def all(self, table: str) -> dict[str, dict[str, Any]]:
        """Return every row of a table by its key, in the order of the keys; nothing for a table without rows."""

    def remove(self, table: str, keys: Collection[str]) -> int:
        """Remove rows; return how many there were."""


class ChannelStates(Protocol):
    def get(self, name: str) -> ChannelState: ...

    def put(self, state: ChannelState) -> None:
        """Store it if the version stored is one less; raises `Conflict`."""


class Secrets(Protocol):
    def get(self, name: str) -> str | None:
        """Return a secret by its full name: `channels.main.api_key`."""

    def set(self, name: str, value: str) -> None: ...

    def set_many(self, values: dict[str, str]) -> None:
        """Store several at once: all of them survive a crash, or none."""

    def remove(self, name: str) -> bool: ...

    def names(self) -> list[str]: ...

    def lock(self, name: str, *, wait: timedelta = timedelta(minutes=2)) -> AbstractContextManager[object]:
        """Hold a lock of this name across every process of the runtime: one token refresh at a time.

        Raises `Busy` if somebody else still holds it after `wait`. Not to be taken twice by the same thread.
        """


class Views(Protocol):
    """Documents of read models, rebuilt from the log at any time."""

    def position(self, model: str) -> int:
        """Return up to which event the read model is written."""

    def write(self, model: str, documents: dict[str, dict[str, Any] | None], *, before: int, position: int) -> None:
        """Store documents by key (None removes one) and the new position; raises `Conflict` if not `before`."""

    def get(self, model: str, key: str) -> dict[str, Any] | None: ...

    def find(
        self, model: str, *, limit: int = 100, before: str | None = None, prefix: str = ""
    ) -> list[dict[str, Any]]:
        """Return documents by key, the highest first, of those keys alone that begin with `prefix`."""

    def clear(self, model: str) -> None: ...

    def keys(self, model: str) -> Iterator[str]: ...


class Listener(Protocol):
    def wait(self, timeout: float | None) -> bool:
        """Sleep until notified since the last call, or for `timeout` seconds; say whether notified."""

    def ring(self) -> None:
        """Notify this listener alone."""

    def close(self) -> None: ...


class Wake(Protocol):
    """Wakes workers when there may be work: in this process at once, in others within 50 ms."""

    def notify(self, queues: Collection[str] = ()) -> None:
        """Wake who listens to one of these queues, and who listens to everything; without queues, wake all."""

    def listen(self, queues: Collection[str] = ()) -> Listener:
        """Return a listener of its own; a notice given before it waits is not lost.

        One that names queues sleeps through notices for others, as far as the backend can tell them apart.
        """


@dataclass(frozen=True, kw_only=True)
class Ports:
    """The backends of one runtime."""

    clock: Clock
    store: Store
    events: EventLog
    queue: Queue
    dead_letters: DeadLetters
    jobs: JobStore
    publications: Publications
    assets: AssetIndex
    blobs: BlobStore
    ledger: Ledger
    costs: Costs
    schedules: Schedules
    cursors: Cursors
    tables: Tables
    channel_states: ChannelStates
    secrets: Secrets
    views: Views
    wake: Wake
    close: Callable[[], None]
    """Let go of files and connections; what was committed stays."""
