"""Rows by table and key, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pressroom.backends.memory.state import State, plain


class MemoryTables:
    def __init__(self, state: State) -> None:
        self._state = state

    def put(self, table: str, rows: Mapping[str, dict[str, Any]]) -> None:
        stored = {key: plain(row) for key, row in rows.items()}
        with self._state.lock:
            self._state.tables.setdefault(table, {}).update(stored)

    def add(self, table: str, key: str, row: dict[str, Any]) -> bool:
        with self._state.lock:
            if self.get(table, key) is not None:
                return False
            self.put(table, {key: row})
            return True

    def get(self, table: str, key: str) -> dict[str, Any] | None:
        with self._state.lock:
            found = self._state.tables.get(table, {}).get(key)
            return plain(found) if found is not None else None

    def all(self, table: str) -> dict[str, dict[str, Any]]:
        with self._state.lock:
            return {key: plain(row) for key, row in sorted(self._state.tables.get(table, {}).items())}

    def remove(self, table: str, keys: Collection[str]) -> int:
        with self._state.lock:
            rows = self._state.tables.get(table, {})
            return sum(rows.pop(key, None) is not None for key in set(keys))
