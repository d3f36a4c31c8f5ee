"""The queue in SQLite. A leased delivery is one whose time to be available lies ahead."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pressroom.backends.sqlite import rows
from pressroom.backends.sqlite.database import Database
from pressroom.deliveries import Delivery, Task
from pressroom.ports import Clock


class SqliteQueue:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def claim(
        self, queues: Sequence[str], limit: int, lease: timedelta, *, job_id: str | None = None
    ) -> list[Delivery]:
        due = self.next_due(queues, job_id=job_id)
        now = self._clock.now()
        if due is None or due > now:
            return []

        def take(connection: sqlite3.Connection) -> list[Delivery]:
            taken = _take(connection, queues, limit, rows.us(now), rows.us(now + lease), job_id)
            return _with_events(connection.execute, taken)

        # A claim that a power cut undoes only means that the delivery comes again.
        return self._database.write(take, durable=False)

    def claim_one(
        self, name: str, lease: timedelta, *, job_id: str | None = None, event_id: str | None = None
    ) -> Delivery | None:
        now = self._clock.now()
        of, values = _one(name, job_id, event_id)
        values |= {"lease": uuid.uuid4().hex, "now": rows.us(now), "until": rows.us(now + lease)}
        sql = (
            "UPDATE deliveries SET available_at = :until, attempt = attempt + 1, lease = :lease WHERE id = ("
            f" SELECT id FROM deliveries WHERE {of} AND available_at <= :now ORDER BY available_at, id LIMIT 1)"
            " RETURNING *"
        )

        def take(connection: sqlite3.Connection) -> list[Delivery]:
            return _with_events(connection.execute, connection.execute(sql, values).fetchall())

        return next(iter(self._database.write(take, durable=False)), None)

    def due(self, name: str, *, job_id: str | None = None, event_id: str | None = None) -> datetime | None:
        of, values = _one(name, job_id, event_id)
        found = self._database.read(f"SELECT min(available_at) FROM deliveries WHERE {of}", values)[0][0]
        return None if found is None else rows.when(found)

    def overdue(self, before: datetime, *, limit: int = 100) -> list[Delivery]:
        found = self._database.read(
            "SELECT * FROM deliveries WHERE available_at < ? AND (lease = '' OR available_at <= ?)"
            " ORDER BY available_at, id LIMIT ?",
            (rows.us(before), rows.us(self._clock.now()), limit),
        )
        # The token of a claim that is over is nobody's any more.
        return [replace(delivery, lease="") for delivery in _with_events(self._database.read, found)]

    def renew(self, deliveries: Iterable[Delivery], lease: timedelta) -> set[int]:
        until = rows.us(self._clock.now() + lease)
        held = [(until, delivery.id, delivery.lease) for delivery in deliveries]
        return self._move(held)

    def hand_back(self, deliveries: Iterable[Delivery]) -> None:
        now = rows.us(self._clock.now())
        self._move([(now, delivery.id, delivery.lease) for delivery in deliveries], release=True)

    def next_due(self, queues: Sequence[str], *, job_id: str | None = None) -> datetime | None:
        if not queues:
            return None
        sql = "SELECT min(available_at) AS due FROM deliveries WHERE queue = ?"
        more: tuple[str, ...] = ()
        if job_id is not None:
            sql, more = sql + " AND job_id = ?", (job_id,)
        # One entry of the index for each queue, in one statement: this is asked at every turn of every lane.
        each = " UNION ALL ".join([sql] * len(queues))
        values = [value for queue in queues for value in (queue, *more)]
        due = self._database.read(f"SELECT min(due) FROM ({each})", values)[0][0]
        return None if due is None else rows.when(due)

    def hasten(self, queue: str) -> int:
        now = rows.us(self._clock.now())
        sql = "UPDATE deliveries SET available_at = ?1 WHERE queue = ?2 AND available_at > ?1 AND lease = ''"
        return self._database.write(lambda connection: connection.execute(sql, (now, queue)).rowcount)

    def move(self, source: str, target: str, limit: int, *, job_id: str | None = None) -> int:
        of_job = "AND job_id = :job_id" if job_id is not None else ""
        sql = (
            "UPDATE deliveries SET queue = :target WHERE id IN (SELECT id FROM deliveries"
            f" WHERE queue = :source AND (lease = '' OR available_at <= :now) {of_job}"
            " ORDER BY available_at, id LIMIT :limit)"
        )
        values = {"source": source, "target": target, "limit": limit, "job_id": job_id}
        values["now"] = rows.us(self._clock.now())
        # One that a power cut undoes is made again, as a claim is.
        return self._database.write(lambda connection: connection.execute(sql, values).rowcount, durable=False)

    def oldest_waiting(self) -> dict[str, tuple[int, datetime]]:
        found = self._database.read(
            "SELECT queue, count(*), min(available_at) FROM deliveries WHERE available_at <= ? GROUP BY queue",
            (rows.us(self._clock.now()),),
        )
        return {queue: (count, rows.when(oldest)) for queue, count, oldest in found}

    def _move(self, held: list[tuple[int, int, str]], *, release: bool = False) -> set[int]:
        sql = "UPDATE deliveries SET available_at = ?"
        if release:
            # The claim did not come to anything, so it does not count as an attempt.
            sql += ", lease = '', attempt = attempt - 1"
        sql += " WHERE id = ? AND lease = ?"

        def work(connection: sqlite3.Connection) -> set[int]:
            return {item[1] for item in held if connection.execute(sql, item).rowcount}

        return self._database.write(work, durable=False) if held else set()


def _take(
    connection: sqlite3.Connection, queues: Sequence[str], limit: int, now: int, until: int, job_id: str | None
) -> list[sqlite3.Row]:
    lease = uuid.uuid4().hex
    of_job = "AND job_id = :job_id" if job_id is not None else ""
    # One queue after the other, so that each is read in the order of its index and nothing is sorted.
    sql = (
        "UPDATE deliveries SET available_at = :until, attempt = attempt + 1, lease = :lease WHERE id IN ("
        f" SELECT id FROM deliveries WHERE queue = :queue AND available_at <= :now {of_job}"
        " ORDER BY available_at LIMIT :limit) RETURNING *"
    )
    taken: list[sqlite3.Row] = []
    for queue in _oldest_first(connection, queues, now):
        if len(taken) == limit:
            break
        parameters = {"until": until, "lease": lease, "queue": queue, "now": now, "job_id": job_id}
        taken += connection.execute(sql, parameters | {"limit": limit - len(taken)}).fetchall()
    return taken


def _oldest_first(connection: sqlite3.Connection, queues: Sequence[str], now: int) -> list[str]:
    """Return the queues with something due, what waits longest first, so that a busy one keeps no other waiting."""
    # The least stands in a query of its own: else the condition on it is put inside, and all that waits is read.
    due = "(SELECT min(available_at) FROM deliveries WHERE queue = ?)"
    each = " UNION ALL ".join([f"SELECT ? AS queue, {due} AS due"] * len(queues))
    twice = [queue for queue in queues for _ in range(2)]
    found = connection.execute(f"SELECT queue FROM ({each}) WHERE due <= ? ORDER BY due", (*twice, now))
    return [row["queue"] for row in found]


def _one(name: str, job_id: str | None, event_id: str | None) -> tuple[str, dict[str, Any]]:
    """Return the condition for a job's step or deadline, or else for an event's subscriber, and its values."""
    values = {"name": name, "job_id": job_id, "event_id": event_id, "event": Task.EVENT.value}
    if job_id is not None:
        return "job_id = :job_id AND name = :name AND task != :event", values
    of_event = "event_position = (SELECT position FROM events WHERE id = :event_id)"
    return f"{of_event} AND name = :name AND task = :event", values


def _with_events(
    ask: Callable[[str, Sequence[Any]], Iterable[sqlite3.Row]], found: list[sqlite3.Row]
) -> list[Delivery]:
    positions = {row["event_position"] for row in found if row["event_position"] is not None}
    marks = ",".join("?" * len(positions))
    events = {
        row["position"]: rows.event(row)
        for row in ask(f"SELECT * FROM events WHERE position IN ({marks})", tuple(positions))
    }
    return [rows.delivery(row, events.get(row["event_position"])) for row in found]
