"""Tells streams that the log has grown: one thread for all of them, which sleeps until the bus wakes it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pressroom.log import log
from pressroom.ports import Listener, Ports

PACE_SECONDS = 0.05
"""Between two looks, so that a burst of commits is one round of reading for each stream."""
LOOK_SECONDS = 5.0
"""A notice from another process can be lost; then the log is looked at all the same."""


class EventTail:
    """Lives while somebody listens; a server without streams has no thread for them."""

    def __init__(self, ports: Ports, *, pace_seconds: float = PACE_SECONDS) -> None:
        self._events, self._wake, self._pace = ports.events, ports.wake, pace_seconds
        self._lock = threading.Lock()
        self._bells: list[Bell] = []
        self._listener: Listener | None = None

    @contextmanager
    def listening(self) -> Iterator[Bell]:
        """Give a bell of the running loop that rings for everything that is stored from now on."""
        bell = Bell(asyncio.get_running_loop())
        with self._lock:
            self._bells.append(bell)
            if self._listener is None:
                self._listener = self._wake.listen()
                threading.Thread(target=self._run, args=(self._listener,), name="event tail", daemon=True).start()
        try:
            yield bell
        finally:
            with self._lock:
                self._bells.remove(bell)
                if not self._bells and self._listener is not None:
                    self._listener.ring()

    def ring_all(self) -> None:
        with self._lock:
            for bell in self._bells:
                bell.ring()

    def _run(self, listener: Listener) -> None:
        known = -1
        pause = threading.Event()
        while not self._is_left(listener):
            try:
                # What cannot be read now is tried again with the next notice, and by the streams in their own time.
                last = self._events.last_position()
            except Exception:
                log.exception("the end of the log could not be read for the streams of events")
                last = known
            if last > known:
                known = last
                self.ring_all()
            pause.wait(self._pace)
            listener.wait(LOOK_SECONDS)

    def _is_left(self, listener: Listener) -> bool:
        """Say whether nobody listens any more; whoever comes next then begins anew."""
        with self._lock:
            if self._bells:
                return False
            self._listener = None
        listener.close()
        return True


class Bell:
    """Rung from any thread, heard in the loop that it was made in."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._rung = loop, asyncio.Event()

    def ring(self) -> None:
        # A loop that has been closed meanwhile has nobody left to hear.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    def silence(self) -> None:
        self._rung.clear()

    async def heard(self, seconds: float) -> bool:
        """Wait until it rings, at most so long; say whether it did."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True
