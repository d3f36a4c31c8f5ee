"""The event log and the views of read models in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pressroom.backends.sqlite import rows
from pressroom.backends.sqlite.database import Database
from pressroom.backends.sqlite.listing import BEHIND_EVERYTHING
from pressroom.errors import Conflict
from pressroom.events import Event


class SqliteEventLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_job(self, job_id: str) -> list[Event]:
        found = self._database.read("SELECT * FROM events WHERE job_id = ? ORDER BY position", (job_id,))
        return [rows.event(row) for row in found]

    def get(self, event_id: str) -> Event | None:
        found = self._database.read("SELECT * FROM events WHERE id = ?", (event_id,))
        return rows.event(found[0]) if found else None

    def after(
        self,
        position: int,
        *,
        limit: int = 1000,
        types: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Event]:
        conditions, parameters = ["position > ?"], [position]
        if since is not None:
            conditions.append("time >= ?")
            parameters.append(rows.us(since))
        if until is not None:
            conditions.append("time < ?")
            parameters.append(rows.us(until))
        return self._select(conditions, parameters, types, f"ORDER BY position LIMIT {int(limit)}")

    def latest(self, *, limit: int = 100, types: Sequence[str] = (), before: int | None = None) -> list[Event]:
        conditions = ["position < ?"] if before is not None else []
        parameters = [before] if before is not None else []
        return self._select(conditions, parameters, types, f"ORDER BY position DESC LIMIT {int(limit)}")

    def last_position(self) -> int:
        return int(self._database.read("SELECT coalesce(max(position), 0) FROM events")[0][0])

    def _select(self, conditions: list[str], parameters: list[Any], types: Sequence[str], tail: str) -> list[Event]:
        if types:
            conditions = [*conditions, f"type IN ({','.join('?' * len(types))})"]
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        found = self._database.read(f"SELECT * FROM events {where} {tail}", (*parameters, *types))
        return [rows.event(row) for row in found]


class SqliteViews:
    def __init__(self, database: Database) -> None:
        self._database = database

    def position(self, model: str) -> int:
        found = self._database.read("SELECT position FROM view_positions WHERE model = ?", (model,))
        return int(found[0][0]) if found else 0

    def write(self, model: str, documents: dict[str, dict[str, Any] | None], *, before: int, position: int) -> None:
        def work(connection: sqlite3.Connection) -> None:
            found = connection.execute("SELECT position FROM view_positions WHERE model = ?", (model,)).fetchone()
            if (found[0] if found else 0) != before:
                raise Conflict(f"The read model {model} was written meanwhile.", where=model)
            connection.execute("INSERT OR REPLACE INTO view_positions VALUES (?,?)", (model, position))
            for key, document in documents.items():
                if document is None:
                    connection.execute("DELETE FROM views WHERE model = ? AND key = ?", (model, key))
                else:
                    connection.execute("INSERT OR REPLACE INTO views VALUES (?,?,?)", (model, key, rows.text(document)))

        self._database.write(work)

    def get(self, model: str, key: str) -> dict[str, Any] | None:
        found = self._database.read("SELECT document FROM views WHERE model = ? AND key = ?", (model, key))
        return json.loads(found[0][0]) if found else None

    def find(
        self, model: str, *, limit: int = 100, before: str | None = None, prefix: str = ""
    ) -> list[dict[str, Any]]:
        # A range of the primary key at both ends: a filter alone would read every key above the prefix first.
        end = prefix + BEHIND_EVERYTHING
        found = self._database.read(
            "SELECT document FROM views WHERE model = ? AND key >= ? AND key < ? ORDER BY key DESC LIMIT ?",
            (model, prefix, end if before is None else min(before, end), limit),
        )
        return [json.loads(row[0]) for row in found]

    def clear(self, model: str) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM views WHERE model = ?", (model,))
            connection.execute("DELETE FROM view_positions WHERE model = ?", (model,))

        self._database.write(work)

    def keys(self, model: str) -> Iterator[str]:
        for row in self._database.read("SELECT key FROM views WHERE model = ? ORDER BY key", (model,)):
            yield row[0]
