"""The dead letters in SQLite: deliveries that were given up, each waiting for a person."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from pressroom.backends.sqlite import rows
from pressroom.backends.sqlite.database import Database
from pressroom.backends.sqlite.store import apply
from pressroom.changes import Change
from pressroom.deliveries import DeadLetter
from pressroom.ports import Clock

_DEAD = "SELECT d.*, e.id AS event_id FROM dead_letters d LEFT JOIN events e ON e.position = d.event_position"


class SqliteDeadLetters:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def find(
        self,
        *,
        queue: str | None = None,
        job_id: str | None = None,
        limit: int = 100,
        before: tuple[datetime, int] | None = None,
    ) -> list[DeadLetter]:
        # Only conditions that are asked for stand in the statement: each way of asking has an index of its own.
        asked = {"d.queue = ?": queue, "d.job_id = ?": job_id}
        conditions = [condition for condition, value in asked.items() if value is not None]
        values: list[Any] = [value for value in asked.values() if value is not None]
        if before is not None:
            conditions.append("(d.died_at, d.id) < (?, ?)")
            values += [rows.us(before[0]), before[1]]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        found = self._database.read(f"{_DEAD}{where} ORDER BY d.died_at DESC, d.id DESC LIMIT ?", (*values, limit))
        return [rows.dead_letter(row) for row in found]

    def count(self) -> int:
        return int(self._database.read("SELECT count(*) FROM dead_letters")[0][0])

    def get(self, id: int) -> DeadLetter | None:
        found = self._database.read(f"{_DEAD} WHERE d.id = ?", (id,))
        return rows.dead_letter(found[0]) if found else None

    def redrive(self, id: int, change: Change, *, data: dict[str, Any] | None = None) -> bool:
        now = rows.us(self._clock.now())

        def work(connection: sqlite3.Connection) -> bool:
            if not connection.execute("SELECT 1 FROM dead_letters WHERE id = ?", (id,)).fetchone():
                return False
            connection.execute(
                "INSERT INTO deliveries (id, queue, task, name, job_id, event_position, data, available_at, history,"
                " created_at) SELECT id, queue, task, name, job_id, event_position, coalesce(?, data), ?, history,"
                " created_at FROM dead_letters WHERE id = ?",
                (rows.maybe_text(data), now, id),
            )
            connection.execute("DELETE FROM dead_letters WHERE id = ?", (id,))
            apply(connection, change, now)
            return True

        return self._database.write(work)

    def discard(self, id: int, change: Change) -> bool:
        now = rows.us(self._clock.now())

        def work(connection: sqlite3.Connection) -> bool:
            if not connection.execute("DELETE FROM dead_letters WHERE id = ?", (id,)).rowcount:
                return False
            apply(connection, change, now)
            return True

        return self._database.write(work)
