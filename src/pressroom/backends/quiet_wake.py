"""A wake that tells nobody: on AWS the word travels by queues and state machines, and who listens looks by itself."""

from __future__ import annotations

import threading
from collections.abc import Collection


class QuietListener:
    def __init__(self) -> None:
        self._rung = threading.Event()

    def wait(self, timeout: float | None) -> bool:
        notified = self._rung.wait(timeout)
        self._rung.clear()
        return notified

    def ring(self) -> None:
        self._rung.set()

    def close(self) -> None:
        """Nothing is held."""


class QuietWake:
    """Implements `Wake` for a runtime in which no process waits for another's notice."""

    def notify(self, queues: Collection[str] = ()) -> None:
        """Tell nobody: the change itself has become an event on the bus."""

    def listen(self, queues: Collection[str] = ()) -> QuietListener:
        return QuietListener()
