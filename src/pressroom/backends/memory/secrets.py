"""Secrets in memory: gone with the process, and never shown by `repr`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


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
    def lock(self, name: str) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            yield
