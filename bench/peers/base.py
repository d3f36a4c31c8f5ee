"""What an engine must do to be compared, and how one of them is measured: alike for all."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from bench.support import processes

RECORD = struct.Struct("<QQ")
"""When the message was sent and when its handler ran, in nanoseconds of the machine's monotonic clock."""
Message = dict[str, Any]
WORKERS = 8
"""Threads or processes that run handlers, alike for all: Pressroom's default, and quicker for Celery than its own."""
_GREETINGS = 3
"""Hops after which a worker that was started counts as working."""
PADDING = "x" * 200
"""So that a message has the size of a usual event."""


@dataclass(frozen=True, slots=True)
class Rate:
    hops_per_second: float
    cpu_seconds_per_hop: float


class Engine(ABC):
    """One engine with its worker, in a folder of its own. The bench's own process sends the first message."""

    name: ClassVar[str]
    settings: ClassVar[str]
    """How it is configured, where that is not its default."""

    def __init__(self, folder: Path, *, lease_seconds: int | None = None) -> None:
        self.folder, self.lease_seconds = folder, lease_seconds
        self.records = folder / "records"
        self.log = folder / "log"
        self._worker: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.records.touch()

    @abstractmethod
    def send(self, message: Message) -> None:
        """Store a message for the worker, durably, from the bench's process."""

    @abstractmethod
    def version(self) -> str: ...

    def servers(self) -> list[subprocess.Popen[bytes]]:
        """Return the processes beside the worker that the engine needs."""
        return []

    def start(self) -> None:
        """Start the worker and wait until it works."""
        command = [sys.executable, "-m", "bench.peers", type(self).__module__, type(self).__name__, str(self.folder)]
        environment = {"BENCH_LEASE_SECONDS": str(self.lease_seconds or "")}
        self._worker = processes.start(command, self.log, environment=environment)
        before = self._count()
        self.send(message(hops=_GREETINGS))
        self._wait(f"{self.name} begins to work", before + _GREETINGS)

    def stop(self) -> None:
        processes.stop(self.worker)

    @property
    def worker(self) -> subprocess.Popen[bytes]:
        if self._worker is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._worker

    def latencies(self, seconds: float, pause: float, hops: int) -> list[float]:
        """Run one chain with an idle pause before each message; return the seconds from sending to running."""
        first = self._count()
        self.send(message(hops=hops, pause=pause, seconds=seconds))
        self._quiet("a paced chain", first, hops, seconds)
        # The first ones find cold caches.
        return [(ran - sent) / 1e9 for sent, ran in self._read(first + min(10, hops // 10))]

    def handled(self, count: int, send: Callable[[], None]) -> list[float]:
        """Call `send` that often, each sending one message; return the seconds from sending to running."""
        first = self._count()
        for _ in range(count):
            send()
        self._wait(f"{count} messages from another process", first + count)
        return [(ran - sent) / 1e9 for sent, ran in self._read(first)]

    def rate(self, chains: int, warm_up: float, seconds: float) -> Rate:
        """Run chains side by side, each sending its next message from its handler, and count."""
        for _ in range(chains):
            self.send(message(hops=1 << 40, seconds=warm_up + seconds + 1))
        time.sleep(warm_up)
        measured = [self.worker, *self.servers()]
        began, cpu_before, first = time.monotonic_ns(), processes.cpu_seconds(*measured), self._count()
        time.sleep(seconds)
        ended, cpu_after, last = time.monotonic_ns(), processes.cpu_seconds(*measured), self._count()
        self._quiet(f"{chains} chains", first, 1 << 40, seconds + 5)
        if last == first:
            raise processes.Ended(f"{self.name} ran nothing in {seconds} s.")
        return Rate((last - first) / (ended - began) * 1e9, (cpu_after - cpu_before) / (last - first))

    def idle_cpu(self, seconds: float) -> float:
        """Return the share of one core that it uses with nothing to do."""
        measured = [self.worker, *self.servers()]
        before = processes.cpu_seconds(*measured)
        time.sleep(seconds)
        return (processes.cpu_seconds(*measured) - before) / seconds

    def comes_back_after_a_kill(self, patience: float) -> float | None:
        """Kill the worker while it runs a handler, start it again; return when that message came again, if it did."""
        before = self._count()
        self.send(message(hops=0, sleep=600.0))
        self._wait("the handler that will be killed runs", before + 1)
        processes.kill(self.worker)
        began = time.monotonic()
        self.start()
        answered = before + 1 + _GREETINGS
        while time.monotonic() < began + patience:
            if self._count() > answered:
                return time.monotonic() - began
            time.sleep(0.05)
        return None

    def _count(self) -> int:
        return self.records.stat().st_size // RECORD.size

    def _read(self, first: int) -> list[tuple[int, int]]:
        data = self.records.read_bytes()[first * RECORD.size :]
        return list(RECORD.iter_unpack(data))

    def _wait(self, what: str, count: int) -> None:
        processes.wait_until(what, lambda: self._count() >= count, self.worker, self.log, 60)

    def _quiet(self, what: str, first: int, hops: int, seconds: float) -> None:
        """Wait until a chain has made its hops, or its time is over and nothing runs any more."""
        ends, seen, since = time.monotonic() + seconds, self._count(), time.monotonic()

        def is_done() -> bool:
            nonlocal seen, since
            count, now = self._count(), time.monotonic()
            if count != seen:
                seen, since = count, now
            return count - first >= hops or (now > ends and now > since + 0.5)

        processes.wait_until(what, is_done, self.worker, self.log, seconds + 60)


def message(hops: int, *, pause: float = 0.0, seconds: float = 600.0, sleep: float = 0.0) -> Message:
    """Return the first message of a chain that ends after `hops`, or after that many seconds."""
    now = time.monotonic_ns()
    return {
        "sent": now,
        "left": hops - 1,
        "pause": pause,
        "until": now + int(seconds * 1e9),
        "sleep": sleep,
        "padding": PADDING,
    }


def records_file(folder: Path) -> int:
    """Open the file to which every worker process appends, whole records at a time."""
    return os.open(folder / "records", os.O_WRONLY | os.O_APPEND)
