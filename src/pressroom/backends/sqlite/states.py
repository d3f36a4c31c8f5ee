"""Where schedules, sources and channels stand, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace
from datetime import datetime

from pressroom.backends.sqlite import rows
from pressroom.backends.sqlite.database import Database
from pressroom.channels import ChannelState
from pressroom.errors import Conflict


class SqliteSchedules:
    def __init__(self, database: Database) -> None:
        self._database = database

    def next_at(self, name: str) -> datetime | None:
        found = self._database.read("SELECT next_at FROM schedules WHERE name = ?", (name,))
        return rows.when(found[0][0]) if found else None

    def names(self) -> list[str]:
        return [row["name"] for row in self._database.read("SELECT name FROM schedules ORDER BY name")]


class SqliteCursors:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str:
        found = self._database.read("SELECT value FROM cursors WHERE name = ?", (name,))
        return str(found[0]["value"]) if found else ""

    def put(self, name: str, value: str) -> None:
        self._database.write(
            lambda connection: connection.execute("INSERT OR REPLACE INTO cursors VALUES (?,?)", (name, value))
        )


class SqliteChannelStates:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> ChannelState:
        found = self._database.read("SELECT state, version FROM channel_states WHERE name = ?", (name,))
        if not found:
            return ChannelState(name=name)
        values = json.loads(found[0]["state"])
        for field in ("closed_until", "last_sent_at"):
            values[field] = rows.maybe_when(values[field])
        values["posts"] = tuple(values.get("posts", ()))
        return ChannelState(**values, version=found[0]["version"])

    def put(self, state: ChannelState) -> None:
        values = asdict(replace(state, version=0))
        values.pop("version")
        for field in ("closed_until", "last_sent_at"):
            values[field] = rows.maybe_us(values[field])

        def work(connection: sqlite3.Connection) -> None:
            found = connection.execute("SELECT version FROM channel_states WHERE name = ?", (state.name,)).fetchone()
            if (found[0] if found else 0) != state.version - 1:
                raise Conflict(f"The channel {state.name} has changed meanwhile.", where=state.name)
            connection.execute(
                "INSERT OR REPLACE INTO channel_states VALUES (?,?,?)", (state.name, rows.text(values), state.version)
            )

        self._database.write(work)
