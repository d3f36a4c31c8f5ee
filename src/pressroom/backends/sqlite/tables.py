"""Rows by table and key, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from typing import Any

from pressroom.backends.sqlite import rows as form
from pressroom.backends.sqlite.database import Database


class SqliteTables:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, table: str, rows: Mapping[str, dict[str, Any]]) -> None:
        values = [(table, key, form.text(row)) for key, row in rows.items()]
        self._database.write(
            lambda connection: connection.executemany("INSERT OR REPLACE INTO rows VALUES (?,?,?)", values)
        )

    def add(self, table: str, key: str, row: dict[str, Any]) -> bool:
        def work(connection: sqlite3.Connection) -> bool:
            values = (table, key, form.text(row))
            return connection.execute("INSERT OR IGNORE INTO rows VALUES (?,?,?)", values).rowcount == 1

        return self._database.write(work)

    def get(self, table: str, key: str) -> dict[str, Any] | None:
        found = self._database.read("SELECT row FROM rows WHERE of_table = ? AND key = ?", (table, key))
        return dict(json.loads(found[0]["row"])) if found else None

    def all(self, table: str) -> dict[str, dict[str, Any]]:
        found = self._database.read("SELECT key, row FROM rows WHERE of_table = ? ORDER BY key", (table,))
        return {each["key"]: json.loads(each["row"]) for each in found}

    def remove(self, table: str, keys: Collection[str]) -> int:
        def work(connection: sqlite3.Connection) -> int:
            values = [(table, key) for key in keys]
            return connection.executemany("DELETE FROM rows WHERE of_table = ? AND key = ?", values).rowcount

        return self._database.write(work) if keys else 0
