"""What waits on a long queue costs nothing while it waits: who claims, or looks, reads only what it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pressroom.backends.sqlite import Sqlite, open_sqlite
from pressroom.changes import Change
from pressroom.deliveries import Delivery, Task
from pressroom.testing import ManualClock

LEASE = timedelta(seconds=60)
QUEUES = ["steps", "events", "pictures"]


def _waiting(file: Path, clock: ManualClock, count: int) -> Sqlite:
    sqlite = open_sqlite(file, clock)
    deliveries = tuple(
        Delivery(queue="steps", task=Task.STEP, name=f"{number}", job_id=None) for number in range(count)
    )
    sqlite.store.commit(Change(deliveries=deliveries))
    clock.advance(timedelta(seconds=1))
    return sqlite


def _instructions(sqlite: Sqlite, work: Callable[[], object]) -> int:
    """Return how many hundreds of SQLite's instructions the work takes on the connection that writes."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    def start(connection: object) -> None:
        connection.set_progress_handler(count, 100)  # type: ignore[attr-defined]

    sqlite.database.write(start)
    work()
    return counted


@pytest.mark.parametrize("limit", [1, 5])
def test_a_claim_costs_the_same_however_many_wait(tmp_path: Path, limit: int) -> None:
    clock, costs = ManualClock(), []
    for count in (20, 5_000):
        sqlite = _waiting(tmp_path / f"{count}.db", clock, count)
        costs.append(_instructions(sqlite, lambda sqlite=sqlite: sqlite.queue.claim(QUEUES, limit, LEASE)))  # type: ignore[misc]
        sqlite.close()
    few, many = costs
    assert many <= few + 2
