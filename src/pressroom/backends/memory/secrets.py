"""Secrets in memory: gone with the process, and never shown by `repr`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from pressroom.errors import Busy


class MemorySecrets:
    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def get(self, name: str) -> str | None:
        with self._guard:
            return self._values.get(name)

    def set(self, name: str, value: str) -> None:
        self.set_many({name: value})

    def set_many(self, values: dict[str, str]) -> None:
        with self._guard:
            self._values.update(values)

    def remove(self, name: str) -> bool:
        with self._guard:
            return self._values.pop(name, None) is not None

    def names(self) -> list[str]:
        with self._guard:
            return sorted(self._values)

    @contextmanager
    def lock(self, name: str, *, wait: timedelta = timedelta(minutes=2)) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        if not lock.acquire(timeout=wait.total_seconds()):
            raise Busy(f"Somebody else has been holding the lock {name!r} for {wait.total_seconds():g} seconds.")
        try:
            yield
        finally:
            lock.release()
