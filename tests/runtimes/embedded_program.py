"""Run in processes of their own: a worker until SIGTERM, or one of several that race for the same things."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from pressroom.clocks import SystemClock
from pressroom.entrypoints.cli._serving import stop_on_signals
from pressroom.scheduler import Scheduler
from pressroom.testing import ManualClock
from pressroom.worker import Worker
from tests.runtimes.practice import open_practice


def work(workspace: Path) -> int:
    """Work as `pressroom worker` does; say "ready" once, and return 0 if all could finish."""
    with stop_on_signals() as stop, open_practice(workspace, SystemClock()) as runtime:
        worker = Worker(runtime)
        worker.start()
        print("ready", flush=True)  # noqa: T201 - the test waits for this line
        stop.wait()
        return 0 if worker.stop() else 3


def race(workspace: Path, keys: list[str]) -> int:
    """Say "ready", wait for a line, and then ask for each key and look at the schedule."""
    with open_practice(workspace, ManualClock(datetime(2026, 10, 31, 9, 0, tzinfo=UTC))) as runtime:
        print("ready", flush=True)  # noqa: T201 - the test waits for this line
        sys.stdin.readline()
        for key in keys:
            runtime.runner.request("practice", {"folder": str(workspace), "key": key})
        Scheduler(runtime).look()
    return 0


if __name__ == "__main__":
    what, folder, *rest = sys.argv[1:]
    sys.exit(work(Path(folder)) if what == "work" else race(Path(folder), rest))
