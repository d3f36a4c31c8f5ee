"""Several processes on one SQLite database: whatever they race for, one of them gets it, once."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest

from pressroom.clocks import SystemClock
from tests.backends.sqlite_ports import sqlite_ports
from tests.backends.sqlite_program import ROUNDS, TIMES, Won, open_new, race, whole_change

A = TypeVar("A")
T = TypeVar("T")
PROCESSES = 3
DELIVERIES = [str(number) for number in range(90)]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("race") / "pressroom.db"


@pytest.fixture(scope="module")
def results(database: Path) -> list[Won]:
    ports = sqlite_ports(database, SystemClock())
    for name in DELIVERIES:
        ports.store.commit(whole_change(name))
    ports.close()
    return _at_once(race, database)


def _at_once(work: Callable[[A, Barrier], T], given: A) -> list[T]:
    """Do the work in several processes, which share a barrier."""
    # Spawned, as real processes are: nothing of the parent's connections comes with them.
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(PROCESSES, mp_context=context) as processes:
        start = manager.Barrier(PROCESSES, timeout=60)
        running = [processes.submit(work, given, start) for _ in range(PROCESSES)]
        # Not in order: what the first one to fail says is the cause of the others' failures.
        return [future.result() for future in as_completed(running)]


def test_each_delivery_is_worked_off_exactly_once(results: list[Won]) -> None:
    worked = Counter(name for won in results for name in won.worked)
    assert worked == Counter(DELIVERIES)


def test_each_key_of_the_ledger_is_claimed_by_exactly_one_process(results: list[Won]) -> None:
    assert Counter(number for won in results for number in won.claimed) == Counter(range(ROUNDS))


def test_a_schedule_is_moved_once_from_each_time(results: list[Won], database: Path) -> None:
    assert Counter(number for won in results for number in won.moved) == Counter(range(ROUNDS))
    ports = sqlite_ports(database, SystemClock())
    assert ports.schedules.next_at("daily_post") == TIMES[-1]
    ports.close()


def test_no_event_is_lost_and_none_is_stored_twice(results: list[Won], database: Path) -> None:
    ports = sqlite_ports(database, SystemClock())
    events = ports.events.after(0, limit=10_000)
    ports.close()
    assert len({event.id for event in events}) == len(events) == 2 * len(DELIVERIES) + ROUNDS


def test_processes_that_open_a_new_database_at_once_all_find_it_ready(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.db" for number in range(12)]
    assert _at_once(open_new, files) == [[]] * PROCESSES
