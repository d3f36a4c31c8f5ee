"""Wakes the workers of one process."""

from __future__ import annotations

import threading

from pressroom.ports import Listener


class MemoryWake:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def notify(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def listen(self) -> Listener:
        with self._changed:
            return MemoryListener(self, self._count)

    def wait_beyond(self, seen: int, timeout: float | None) -> int:
        """Sleep until there were more notices than `seen`, or for `timeout` seconds; return how many there were."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > seen, timeout)
            return self._count


class MemoryListener:
    def __init__(self, wake: MemoryWake, seen: int) -> None:
        self._wake = wake
        self._seen = seen

    def wait(self, timeout: float | None) -> bool:
        before, self._seen = self._seen, self._wake.wait_beyond(self._seen, timeout)
        return self._seen > before

    def close(self) -> None:
        """Nothing is held."""
