"""Counts are read from the networks that tell them: when due, in batches, within budgets and rate limits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pressroom.engagement import Engagement
from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.measuring import READ, REST, Measuring
from pressroom.testing import ManualClock
from tests.press import Network, Press


class Counting(Network):
    """A network that tells counts, three posts a call."""

    measured_at_once = 3

    def __init__(self, clock: ManualClock, name: str = "main", **settings: Any) -> None:
        super().__init__(clock, name, **settings)
        self.asked: list[list[str]] = []
        self.trouble: Exception | None = None
        self.gone: set[str] = set()
        self.at_measure: Callable[[], object] = lambda: None

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        self.asked.append(list(remote_ids))
        self.at_measure()
        if self.trouble is not None:
            raise self.trouble
        return {id: Engagement(likes=len(self.asked)) for id in remote_ids if id not in self.gone}


class Costly(Counting):
    price_of_reading = Decimal("0.01")


class Measured:
    def __init__(self, network: type[Counting] = Counting, posts: int = 1, **sections: Any) -> None:
        self.clock = ManualClock()
        self.network = network(self.clock, **sections.pop("channel", {}))
        self.press = Press(self.network, clock=self.clock, **sections)
        for number in range(posts):
            self.press.ask(f"Boo {number}!")
        self.press.work()
        self.measuring = Measuring(self.press.runtime)

    def after(self, **units: float) -> int:
        self.clock.advance(timedelta(**units))
        return self.measuring.look()

    def events(self) -> list[dict[str, Any]]:
        return [dict(event.data) for event in self.press.ports.events.after(0, types=[READ])]


def test_a_post_is_read_when_it_is_due_and_not_before() -> None:
    bench = Measured()
    assert [bench.after(minutes=minutes) for minutes in (4, 1, 1, 9)] == [0, 1, 0, 1]


def test_a_reading_says_what_it_counted_when_and_of_which_post() -> None:
    bench = Measured()
    bench.after(minutes=5)
    [read] = bench.events()
    [publication] = bench.press.ports.publications.find()
    assert publication.receipt is not None
    assert read == {
        "publication_id": publication.id,
        "channel": "main",
        "network": "recording",
        "pipeline": "leaflet",
        "remote_id": publication.receipt.remote_id,
        "counts": {"likes": 1, "comments": None, "shares": None, "views": None, "clicks": None, "saves": None},
        "as_of": bench.clock.now().isoformat(),
    }


def test_posts_are_asked_for_in_batches_of_what_the_network_takes_at_once() -> None:
    bench = Measured(posts=7)
    assert bench.after(minutes=5) == 7
    assert [len(ids) for ids in bench.network.asked] == [3, 3, 1]


def test_another_process_does_not_read_again_what_was_just_read() -> None:
    bench = Measured()
    bench.after(minutes=5)
    assert Measuring(bench.press.fresh()).look() == 0


def test_a_post_that_is_gone_is_left_out_and_asked_for_at_its_next_turn_only() -> None:
    bench = Measured()
    bench.network.gone = {bench.press.ports.publications.find()[0].receipt.remote_id}  # type: ignore[union-attr]
    bench.after(minutes=5)
    bench.after(minutes=1)
    assert (bench.events(), len(bench.network.asked)) == ([], 1)


def test_a_rate_limit_is_waited_for_and_nothing_is_lost() -> None:
    bench = Measured()
    bench.network.trouble = RateLimited("Slowly.", retry_at=bench.clock.now() + timedelta(hours=1))
    bench.after(minutes=5)
    bench.network.trouble = None
    assert (bench.after(minutes=50), bench.after(minutes=5)) == (0, 1)


def test_one_channel_that_fails_does_not_keep_the_others_from_being_read() -> None:
    clock = ManualClock()
    broken, well = Counting(clock, "a_broken"), Counting(clock, "well")
    press = Press(broken, well, clock=clock)
    press.ask()
    press.work()
    broken.trouble = RuntimeError("a defect")
    clock.advance(timedelta(minutes=5))
    assert Measuring(press.runtime).look() == 1
    assert len(well.asked) == 1


def test_a_channel_that_is_not_to_be_measured_is_not() -> None:
    bench = Measured(channel={"measure": False})
    assert bench.after(minutes=5) == 0


def test_readings_that_cost_money_stand_on_the_account_of_the_posts_job_and_keep_to_the_budget() -> None:
    bench = Measured(Costly, posts=2, budgets={"per_day": "0.01"})
    bench.after(minutes=5)
    assert bench.network.asked == [], "one of two posts is within the budget, and a batch is read as a whole"
    jobs = [publication.job_id for publication in bench.press.ports.publications.find()]
    assert [bench.press.ports.costs.of_job(job) for job in jobs] == [[], []]
    bench = Measured(Costly, budgets={"per_day": "0.01"})
    bench.after(minutes=5)
    [publication] = bench.press.ports.publications.find()
    [cost] = bench.press.ports.costs.of_job(publication.job_id)
    assert (cost.unit, cost.money, cost.what) == ("readings", Decimal("0.01"), "main")


def spent(bench: Measured) -> Decimal:
    return bench.press.ports.costs.spent(bench.clock.now() - timedelta(days=1))


@pytest.mark.parametrize(
    "refused",
    [
        RateLimited("Slowly."),
        Unavailable("No route."),
        AccountDisconnected("The token is over."),
        PostRejected("Nobody knows these."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_reading_that_the_network_did_not_carry_out_costs_nothing(refused: PressroomError) -> None:
    bench = Measured(Costly, posts=2)
    bench.network.trouble = refused
    bench.after(minutes=5)
    assert (len(bench.network.asked), spent(bench)) == (1, Decimal(0))


@pytest.mark.parametrize(
    "lost",
    [Unavailable("No answer.", is_unclear=True), OutcomeUnknown("No answer."), KeyError("a defect in reading it")],
    ids=lambda error: type(error).__name__,
)
def test_a_reading_whose_answer_was_lost_may_be_on_the_bill_and_stays_entered(lost: Exception) -> None:
    bench = Measured(Costly, posts=2)
    bench.network.trouble = lost
    bench.after(minutes=5)
    assert spent(bench) == Decimal("0.02")


def test_a_post_that_is_old_is_left_alone() -> None:
    bench = Measured()
    assert (bench.after(days=30), bench.after(days=30)) == (1, 0)


def test_a_post_that_was_never_read_in_time_is_read_once_and_one_that_is_very_old_not_at_all() -> None:
    bench = Measured()
    assert (bench.after(days=40), bench.after(days=1), bench.after(days=1)) == (1, 0, 0)
    assert Measured().after(days=61) == 0


def test_an_old_post_is_not_read_and_paid_for_again_once_its_last_reading_is_forgotten() -> None:
    bench = Measured(Costly)
    bench.after(days=30)
    for _ in range(8):
        bench.clock.advance(timedelta(days=25))
        bench.press.ask("Fresh!")  # what is read for a new post is when the old readings are forgotten
        bench.press.work()
        bench.after(minutes=5)
    old = bench.network.asked[0]
    assert sum(old[0] in ids for ids in bench.network.asked) == 1


def test_two_processes_do_not_read_a_channel_at_the_same_time() -> None:
    bench = Measured()
    other = Measuring(bench.press.fresh())
    read_by_other: list[int] = []
    bench.network.at_measure = lambda: read_by_other.append(other.look() if len(bench.network.asked) == 1 else -1)
    assert (bench.after(minutes=5), read_by_other) == (1, [0])
    assert len(bench.network.asked) == 1


def test_reading_can_be_stopped_while_another_process_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Measured()
    bench.clock.advance(timedelta(minutes=5))
    secrets, tries = bench.press.ports.secrets, threading.Event()
    lock = secrets.lock

    def tried(name: str, **how: Any) -> AbstractContextManager[object]:
        tries.set()
        return lock(name, **how)

    with lock("measure main"):
        monkeypatch.setattr(secrets, "lock", tried)
        bench.measuring.start()
        assert tries.wait(10)
        assert bench.measuring.stop(timeout=10)
    assert bench.network.asked == []


@pytest.mark.parametrize(("until", "rest"), [(timedelta(days=400), timedelta(days=1)), (timedelta(0), REST)])
def test_a_rest_is_neither_none_nor_for_ever(until: timedelta, rest: timedelta) -> None:
    bench = Measured()
    bench.network.trouble = RateLimited("Slowly.", retry_at=bench.clock.now() + timedelta(minutes=5) + until)
    bench.after(minutes=5)
    bench.network.trouble = None
    bench.clock.advance(rest - timedelta(seconds=1))
    assert (bench.after(seconds=0), bench.after(seconds=1)) == (0, 1)
