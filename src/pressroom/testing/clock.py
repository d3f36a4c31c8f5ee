"""A clock that stands still until it is told to move."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class ManualClock:
    """Implements `Clock` for tests: time is a value, never a sleep. May be shared by threads."""

    def __init__(self, now: datetime = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)) -> None:
        if now.tzinfo is None:
            raise ValueError("a clock's time needs a zone: datetime(…, tzinfo=UTC)")
        self._now = now.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def advance(self, by: timedelta | None = None, **units: float) -> datetime:
        """Move on by a timedelta, or by its units (`advance(minutes=5)`), and return the new time."""
        step = timedelta(**units) if by is None else by
        if step < timedelta(0):
            raise ValueError(f"a clock does not go back by {-step}")
        with self._lock:
            self._now += step
            return self._now

    def move_to(self, moment: datetime) -> datetime:
        """Move on to this moment, which must not be over."""
        return self.advance(moment - self.now())
