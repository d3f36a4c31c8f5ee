"""Locks across every process of a deployment: a lease item each, prolonged while it is held."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.conditions import absent, any_of, is_, less
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.errors import Busy, Unavailable

LEASE_SECONDS = 60
"""After so long without being prolonged, the holder is taken for dead, and the lock is another's."""
_PROLONG_SECONDS = 15
_ASK_SECONDS = 0.25
_GONE_AFTER_SECONDS = 86_400


class DynamoLocks:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    @contextmanager
    def lock(self, name: str, *, wait: timedelta = timedelta(minutes=2)) -> Iterator[None]:
        """Hold the lock of this name; raises `Busy` if somebody else still holds it after `wait`.

        The times are those of the machines' clocks, which must not differ by more than the lease.
        """
        token, key = uuid.uuid4().hex, ("lock", name)
        give_up = time.monotonic() + wait.total_seconds()
        while not self._take(key, token):
            left = give_up - time.monotonic()
            if left <= 0:
                raise Busy(f"Somebody else has been holding the lock {name!r} for {wait.total_seconds():g} seconds.")
            time.sleep(min(left, random.uniform(_ASK_SECONDS / 2, _ASK_SECONDS)))
        released = threading.Event()
        keeper = threading.Thread(target=self._keep, args=(key, token, released), name=f"lock {name}", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            released.set()
            keeper.join()
            with suppress(Unavailable):  # the lease ends by itself, and what was done under the lock is done
                self._calls.remove(STATE, key, is_("token", token))

    def _take(self, key: tuple[str, str], token: str) -> bool:
        # One's own too: the answer that said so may have been lost.
        now = int(time.time() * 1000)
        free = any_of(absent("token"), less("until", now), is_("token", token))
        return self._calls.change(STATE, key, free, put=self._lease(token, now)) is not None

    def _keep(self, key: tuple[str, str], token: str, released: threading.Event) -> None:
        while not released.wait(_PROLONG_SECONDS):
            lease = self._lease(token, int(time.time() * 1000))
            with suppress(Unavailable):  # asked again soon, several times before the lease is over
                if self._calls.change(STATE, key, is_("token", token), put=lease) is None:
                    return

    def _lease(self, token: str, now_ms: int) -> dict[str, object]:
        until = now_ms + LEASE_SECONDS * 1000
        return {"token": token, "until": until, "gone_after": until // 1000 + _GONE_AFTER_SECONDS}
