"""Pressroom's embedded runtime: a subscriber of the bus, run by the real worker with all its usual lanes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.peers.base import WORKERS, Engine, Message
from bench.peers.chain import Chain
from pressroom.bus import Subscription
from pressroom.changes import Change
from pressroom.events import Event
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_embedded
from pressroom.worker import Worker

_TYPE = "HopSent"


class Pressroom(Engine):
    name = "pressroom"
    settings = f"embedded, SQLite with synchronous=FULL, {WORKERS} threads"

    def __init__(self, folder: Path, *, lease_seconds: int | None = None) -> None:
        super().__init__(folder, lease_seconds=lease_seconds)
        self._runtime = _opened(folder, WORKERS, _not_here)

    def send(self, message: Message) -> None:
        _store(self._runtime, message)

    def version(self) -> str:
        return version("pressroom")

    def stop(self) -> None:
        super().stop()
        self._runtime.ports.close()


def _opened(folder: Path, threads: int, handle: Callable[[Event], None]) -> Runtime:
    settings = {"PRESSROOM_WORKER__THREADS": str(threads)}
    if lease := os.environ.get("BENCH_LEASE_SECONDS"):
        settings["PRESSROOM_WORKER__LEASE_SECONDS"] = lease
    runtime = open_embedded(folder, settings)
    runtime.bus.subscribe([Subscription("hops", frozenset({_TYPE}), handle)])
    return runtime


def _store(runtime: Runtime, message: Message) -> None:
    event = Event(type=_TYPE, subject="chain", time=datetime.now(UTC), data=message)
    runtime.bus.commit(Change(events=(event,)))


def _not_here(event: Event) -> None:
    raise RuntimeError("the bench's own process sends and handles nothing")


def serve(kind: type[Pressroom], folder: Path) -> None:
    def handle(event: Event) -> None:
        chain.hop(dict(event.data))

    runtime = _opened(folder, WORKERS, handle)
    chain = Chain(folder, lambda message: _store(runtime, message))
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    worker = Worker(runtime)
    worker.start()
    stopping.wait()
    worker.stop()
    runtime.ports.close()
