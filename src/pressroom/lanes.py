"""The lane: some queues and the threads of a worker that serve them."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pressroom.deliveries import Delivery
from pressroom.errors import Unavailable
from pressroom.log import log
from pressroom.ports import Listener

if TYPE_CHECKING:
    from pressroom.worker import Worker


_PATIENCE, _NICEST = 10, 19
"""How much nicer than the others threads are that compute for long: who answers requests and publishes goes first."""


class Lane:
    """Some queues and the threads that serve them. One thread waits for all; it claims for those that are free."""

    def __init__(
        self, worker: Worker, queues: Sequence[str], threads: int, listener: Listener, *, is_patient: bool = False
    ) -> None:
        """`is_patient`: its threads leave the cores to others while these have something to do."""
        self._worker, self._queues, self._listener = worker, list(queues), listener
        self._is_patient = is_patient
        self._turn = threading.Lock()
        self._free = 0
        self._claimed: list[Delivery] = []
        self._threads = [
            threading.Thread(target=self._serve, name=f"{self._queues[0]}-{number}", daemon=True)
            for number in range(threads)
        ]

    @property
    def is_alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def ring(self) -> None:
        self._listener.ring()

    def join(self, ends: float) -> None:
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, ends - time.monotonic()))
        self._listener.close()

    def _serve(self) -> None:
        if self._is_patient and sys.platform == "linux":  # elsewhere it would be said of the whole process
            thread = threading.get_native_id()
            # Nobody but the administrator may become less nice than the process was started.
            os.setpriority(os.PRIO_PROCESS, thread, min(os.getpriority(os.PRIO_PROCESS, thread) + _PATIENCE, _NICEST))
        while (delivery := self._next()) is not None:
            self._worker.run(delivery)

    def _next(self) -> Delivery | None:
        """Wait for a delivery; None when the worker stops."""
        self._free += 1  # only an estimate of how many to claim, so it needs no lock
        with self._turn:
            self._free -= 1
            while not self._worker.is_stopping:
                if not self._claimed:
                    self._claimed = self._claim_or_wait()
                if self._claimed:
                    return self._claimed.pop(0)
        self._listener.ring()  # the next thread in the queue for the turn is to see it too
        return None

    def _claim_or_wait(self) -> list[Delivery]:
        try:
            claimed = self._worker.claim(self._queues, 1 + max(self._free, 0))
            if not claimed:
                self._listener.wait(self._worker.seconds_until_due(self._queues))
            return claimed
        except Unavailable as error:
            log.warning("nothing could be claimed; trying again", queues=self._queues, why=str(error))
            self._worker.rest()
            return []
        except Exception:
            log.exception("nothing could be claimed; trying again", queues=self._queues)
            self._worker.rest()
            return []
