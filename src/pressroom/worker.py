"""The worker: threads that claim deliveries, run them, keep their leases, and stop gracefully.

Each channel has a lane of its own, so that a slow or dead network never takes the threads of another; so have
photos, so that no more are decoded at the same time than memory is meant for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from pressroom import memory_use
from pressroom.bus import EVENTS_QUEUE
from pressroom.channel_desk import queue_of
from pressroom.deliveries import Delivery
from pressroom.errors import Unavailable
from pressroom.handing_over import deal_with
from pressroom.lanes import Lane
from pressroom.log import log
from pressroom.pipeline import DEFAULT_QUEUE, PICTURES_QUEUE
from pressroom.runtime import Runtime
from pressroom.waiting_rooms import WaitingRooms

LONGEST_SLEEP = 5.0
"""Seconds after which a lane looks by itself: a wake-up from another machine's process cannot be relied on."""
PAUSE_AFTER_ERROR = 1.0
GIVE_BACK_EVERY = timedelta(minutes=1)
"""How often freed memory is returned to the system while the work goes on."""


class Worker:
    """Runs what is due, in threads of this process, until it is stopped."""

    def __init__(self, runtime: Runtime, *, job_id: str | None = None) -> None:
        settings = runtime.config.worker
        self._runtime, self._job_id = runtime, job_id
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._stop_seconds = settings.stop_seconds
        self._stopping, self._stopped = threading.Event(), threading.Event()
        self._held: dict[int, Delivery] = {}
        self._missed: dict[tuple[int, str], int] = {}
        """In how many rounds a claim that is held here could not be prolonged."""
        self._mutex = threading.Lock()
        self._has_worked = False
        """Since memory was last given back."""
        self._given_back_at = runtime.ports.clock.now()
        self._last_busy = time.monotonic()
        self.heartbeat: datetime = runtime.ports.clock.now()
        """When it last renewed its leases, or looked whether there are any."""
        channels = [queue_of(channel) for channel in runtime.publishing.channels()]
        self._rooms = WaitingRooms(runtime)
        self._lanes = [self._lane([DEFAULT_QUEUE, EVENTS_QUEUE], settings.threads)]
        self._lanes += [self._lane([PICTURES_QUEUE], settings.picture_threads)]
        self._lanes += [self._lane([queue], settings.channel_threads) for queue in channels]
        self._keeper = threading.Thread(target=self._keep_leases, name="leases", daemon=True)

    @property
    def is_alive(self) -> bool:
        return self._keeper.is_alive() and all(lane.is_alive for lane in self._lanes)

    @property
    def idle_seconds(self) -> float:
        """For how long it has had nothing to do."""
        with self._mutex:
            return 0.0 if self._held else time.monotonic() - self._last_busy

    def start(self) -> None:
        self._keeper.start()
        for lane in self._lanes:
            lane.start()

    def stop(self, timeout: float | None = None) -> bool:
        """Finish what runs within `timeout` seconds and hand back what does not; say whether all finished."""
        ends = time.monotonic() + (self._stop_seconds if timeout is None else timeout)
        self._stopping.set()
        for lane in self._lanes:
            lane.ring()
        for lane in self._lanes:
            lane.join(ends)
        with self._mutex:
            left = list(self._held.values())
        self._runtime.ports.queue.hand_back(left)
        for delivery in left:
            log.warning("handed back unfinished", delivery=delivery.name, job_id=delivery.job_id)
        if left:
            self._runtime.bus.wake()
        self._stopped.set()
        if self._keeper.is_alive():
            self._keeper.join(1)
        return not left

    # --- what the lanes call

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def rest(self) -> None:
        """Let some time go by after an error, unless the worker stops: a full disk gets no better by asking faster."""
        self._stopping.wait(PAUSE_AFTER_ERROR)

    def claim(self, queues: Sequence[str], limit: int) -> list[Delivery]:
        self._rooms.let_go(queues, limit, job_id=self._job_id)
        claimed = self._runtime.ports.queue.claim(queues, limit, self._lease, job_id=self._job_id)
        with self._mutex:
            self._held.update((delivery.id, delivery) for delivery in claimed)
            self._has_worked = self._has_worked or bool(claimed)
        return claimed

    def seconds_until_due(self, queues: Sequence[str]) -> float:
        due = self._rooms.next_due(queues, job_id=self._job_id)
        if due is None:
            return LONGEST_SLEEP
        return min(max((due - self._runtime.ports.clock.now()).total_seconds(), 0.0), LONGEST_SLEEP)

    def run(self, delivery: Delivery) -> None:
        try:
            deal_with(self._runtime, delivery)
        finally:
            with self._mutex:
                self._held.pop(delivery.id, None)
                self._last_busy = time.monotonic()

    def _lane(self, queues: list[str], threads: int) -> Lane:
        listener = self._runtime.ports.wake.listen(queues)
        return Lane(self, queues, threads, listener, is_patient=queues == [PICTURES_QUEUE])

    def _give_memory_back(self, *, is_idle: bool) -> None:
        """Once the work is done, and now and then while it goes on: what is freed piece by piece would add up."""
        now = self._runtime.ports.clock.now()
        if self._has_worked and (is_idle or now - self._given_back_at >= GIVE_BACK_EVERY):
            self._has_worked, self._given_back_at = False, now
            memory_use.give_back()

    def _keep_leases(self) -> None:
        pause = min(self._lease.total_seconds() / 3, LONGEST_SLEEP)
        while not self._stopped.wait(pause):  # also while it stops: what still runs is still held
            self.keep_leases()

    def keep_leases(self) -> None:
        """Prolong the leases of what runs, once, and tell of those that another worker has."""
        with self._mutex:
            held = list(self._held.values())
        self._give_memory_back(is_idle=not held)
        try:
            kept = self._runtime.ports.queue.renew(held, self._lease)
        except Unavailable as error:
            log.warning("leases could not be renewed; the next round tries again", why=str(error))
            return
        except Exception:
            log.exception("leases could not be renewed; the next round tries again")
            return
        self.heartbeat = self._runtime.ports.clock.now()
        missed = {(one.id, one.lease): one for one in held if one.id not in kept}
        self._missed = {claim: self._missed.get(claim, 0) + 1 for claim in missed}
        for claim, delivery in missed.items():
            # The first time it may just have been settled; what still runs a round later was lost, and is told once.
            if self._missed[claim] == 2:
                log.warning("lease lost while running", delivery=delivery.name, job_id=delivery.job_id)
