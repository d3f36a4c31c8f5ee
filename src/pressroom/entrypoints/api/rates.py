"""How often one key may ask: a bucket of requests for each, refilled all the time. In memory, for each process."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable


class Rates:
    """Lets each caller ask `per_minute` times a minute, all of them at once if it likes; 0 lets everybody."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute, self._clock = per_minute, clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}
        """What is left for each caller, and when that was counted. Only keys that exist come in here, so few."""

    def take(self, caller: str) -> int:
        """Take one request; return after how many seconds to ask again, 0 if this one may go on."""
        if not self.per_minute:
            return 0
        with self._lock:
            now = self._clock()
            left, counted = self._buckets.get(caller, (float(self.per_minute), now))
            left = min(float(self.per_minute), left + (now - counted) * self.per_minute / 60)
            if left >= 1:
                self._buckets[caller] = (left - 1, now)
                return 0
            self._buckets[caller] = (left, now)
            return math.ceil((1 - left) * 60 / self.per_minute)
