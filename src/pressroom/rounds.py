"""What is done again and again, in a thread of its own, until it is stopped."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod


class Rounds(ABC):
    def __init__(self, name: str) -> None:
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def round(self) -> float:
        """Do it once; return in how many seconds to do it again. What it raises would end the thread."""

    def interrupt(self) -> None:  # noqa: B027 - most rounds wait for nothing but the time
        """Cut a round short that waits for something outside; called from another thread."""

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float | None = 5) -> bool:
        """Let the round end; say whether it has within `timeout` seconds."""
        self.stopping.set()
        self.interrupt()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self.stopping.is_set():
            self.stopping.wait(self.round())
