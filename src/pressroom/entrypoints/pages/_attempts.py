"""Attempts to connect an account that browsers have under way: in memory, for ten minutes, each one browser's own."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pressroom.connecting import Begun, Outcome
from pressroom.errors import Problem

LASTS = timedelta(minutes=10)
MOST = 100
"""Under way at the same time; of more the oldest is forgotten."""


@dataclass(slots=True)
class Attempt:
    begun: Begun
    ends_at: datetime
    outcome: Outcome | None = None
    problem: Problem | None = None
    is_taken: bool = field(default=False)
    """Whether a browser came back for it: a second one finds it under way, or what it came to."""


class Attempts:
    """May be used by threads. An attempt is found by a token that only the browser has which began it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempts: dict[str, Attempt] = {}

    def add(self, begun: Begun, now: datetime) -> str:
        """Return the token of a new attempt."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._attempts = {key: one for key, one in self._attempts.items() if one.ends_at > now}
            while len(self._attempts) >= MOST:
                del self._attempts[next(iter(self._attempts))]
            self._attempts[_key(token)] = Attempt(begun, now + LASTS)
        return token

    def find(self, token: str, channel: str, now: datetime) -> Attempt | None:
        with self._lock:
            found = self._attempts.get(_key(token))
        return found if found and found.ends_at > now and found.begun.channel == channel else None

    def take(self, attempt: Attempt) -> bool:
        """Let one caller finish the attempt; False for every other one."""
        with self._lock:
            was_taken, attempt.is_taken = attempt.is_taken, True
        return not was_taken


def _key(token: str) -> str:
    # How long it takes to look up a hash tells nothing about the token.
    return hashlib.sha256(token.encode()).hexdigest()
