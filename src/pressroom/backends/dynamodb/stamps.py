"""Numbers that grow with time: positions of events, ids of deliveries, the order in which steps came up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pressroom.backends.dynamodb.values import us, when
from pressroom.ports import Clock


class Seen:
    """Up to which position a reader may go: behind it, this process may still store an event."""

    def __init__(self, below: int | None) -> None:
        self.below = below


class Stamps:
    """Microseconds since 1970, each given once by this process; whether another has given it, its key tells."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._open: list[int] = []
        self._readers: list[Seen] = []
        self._mutex = threading.Lock()

    def next(self, count: int = 1) -> int:
        """Take numbers in a row and return the first."""
        with self._mutex:
            return self._take(count, 0)

    @contextmanager
    def taken(self, count: int, *, above: int = 0) -> Iterator[int]:
        """Take numbers in a row, all above another, and yield the first; those who read wait until this is left."""
        with self._mutex:
            first = self._take(count, above)
            self._open.append(first)
            for seen in self._readers:
                seen.below = first if seen.below is None else min(seen.below, first)
        try:
            yield first
        finally:
            with self._mutex:
                self._open.remove(first)

    @contextmanager
    def reading(self) -> Iterator[Seen]:
        """Yield what is, once the reading is done, the bound of what can be trusted to be complete."""
        with self._mutex:
            seen = Seen(min(self._open, default=None))
            self._readers.append(seen)
        try:
            yield seen
        finally:
            with self._mutex:
                self._readers.remove(seen)

    def _take(self, count: int, above: int) -> int:
        first = max(us(self._clock.now()), self._last + 1, above + 1)
        self._last = first + count - 1
        return first


def day_of(position: int) -> str:
    """Return the hash key in the log of the event at this position."""
    return when(position).date().isoformat()
