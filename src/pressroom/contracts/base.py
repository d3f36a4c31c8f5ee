"""What every contract shares: the manual clock, honest differences, and work done by many at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, TypeVar

import pytest

from pressroom.ports import Ports
from pressroom.testing.clock import ManualClock

A = TypeVar("A")
T = TypeVar("T")

Reopen = Callable[[], Ports]
"""Closes the ports of a test and opens them again, as a process started anew would."""


class Contract:
    """The implementing class provides the fixtures `ports` and `reopen`, made with the contract's `clock`."""

    survives_reopening: ClassVar[bool] = True
    """Whether what was stored is there after closing and opening again; the suite asserts what is declared."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()


def at_once(work: Callable[[A], T], items: Iterable[A]) -> list[T | Exception]:
    """Do the work for every item in threads released at the same moment; return what each returned or raised."""
    given = list(items)
    barrier = threading.Barrier(len(given), timeout=30)

    def released(item: A) -> T | Exception:
        barrier.wait()
        try:
            return work(item)
        except Exception as error:  # noqa: BLE001 - handed to the test, which judges it
            return error

    with ThreadPoolExecutor(len(given)) as threads:
        return list(threads.map(released, given))


def by_many(number: int, work: Callable[[], T]) -> list[T | Exception]:
    """Do the same work in so many threads released at the same moment."""
    return at_once(lambda _: work(), range(number))
