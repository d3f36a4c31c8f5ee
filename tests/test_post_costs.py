"""What posts cost: entered per attempt, before it; never over a budget, never twice, never for nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pressroom.changes import Change
from pressroom.desk import Resolution
from pressroom.errors import AccountDisconnected, PostRejected, RateLimited, Unavailable
from pressroom.jobs import Job, JobStatus
from pressroom.publications import Post
from pressroom.publishers.base import CannotTell
from pressroom.testing import Lost, ManualClock, work_off
from tests.press import Network, Press, sent

PRICE = Decimal("0.015")


class Paid(Network):
    def price(self, post: Post) -> Decimal:
        return PRICE


def a_press(**budgets: Any) -> Press:
    clock = ManualClock()
    return Press(Paid(clock), clock=clock, pipeline=budgets)


def lines(press: Press, job: Job) -> list[tuple[str, str, Decimal]]:
    return [(cost.what, cost.unit, cost.money) for cost in press.ports.costs.of_job(job.id)]


BOOKED = [("main", "posts", PRICE)]


def test_a_post_that_went_out_is_booked_to_its_job_and_channel() -> None:
    press = a_press()
    job = press.ask()
    press.finish()
    assert lines(press, job) == BOOKED


def test_the_price_is_on_the_account_before_the_call() -> None:
    press = a_press()
    seen: list[Any] = []
    press.network.at_publish = lambda: seen.append(lines(press, job))
    job = press.ask()
    press.finish()
    assert seen == [BOOKED]


def test_a_network_that_charges_nothing_leaves_no_line() -> None:
    press = Press()
    job = press.ask()
    press.finish()
    assert lines(press, job) == []


@pytest.mark.parametrize(
    "error",
    [Unavailable("Busy."), RateLimited("Wait."), PostRejected("No."), AccountDisconnected("Revoked.")],
    ids=lambda error: type(error).__name__,
)
def test_a_call_that_surely_did_nothing_is_not_charged(error: Exception) -> None:
    press = a_press()
    press.network.enqueue(error)
    job = press.ask()
    press.work()
    assert lines(press, job) == []


@pytest.mark.parametrize(
    "outcomes", [(Lost(True),), (Lost(False),), (Unavailable("Busy."), Lost(False), RateLimited("Wait."))]
)
def test_however_it_goes_the_one_post_is_booked_once(outcomes: Any) -> None:
    press = a_press(budget_per_job=0.015)
    press.network.enqueue(*outcomes)
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert lines(press, job) == BOOKED


def test_while_nobody_knows_the_price_stays_on_the_account() -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=True))
    press.network.enqueue_readings(CannotTell("Two posts look alike."))
    job = press.ask()
    press.finish()
    assert lines(press, job) == BOOKED
    held = press.publication(job).id
    press.runtime.publishing.resolve(held, Resolution.IT_IS_THERE, remote_id="1")
    press.finish()
    assert lines(press, job) == BOOKED


def test_a_post_that_no_budget_leaves_room_for_is_not_sent_and_says_which_budget() -> None:
    press = a_press(budget_per_day=0.02)
    press.ask("first")
    press.finish()
    second = press.ask("second")
    press.finish()
    error = press.job(second).error
    assert sent(press) == ["first"]
    assert len(press.network.calls) == 1
    assert press.publication(second).attempts == ()
    assert error is not None
    assert error.kind == "BudgetExceeded"
    assert "may cost 0.015 USD" in error.what
    assert "0.02 a day" in error.what
    assert "[pipelines.leaflet] budget_per_day" in error.todo


def test_a_post_may_be_redriven_when_the_day_is_over() -> None:
    press = a_press(budget_per_day=0.02)
    press.ask("first")
    press.finish()
    second = press.ask("second")
    press.finish()
    press.clock.advance(days=1)
    press.runtime.runner.retry(second.id)
    press.finish()
    assert sent(press) == ["first", "second"]


def test_a_price_entered_before_a_crash_is_not_counted_against_the_budget_twice() -> None:
    press = a_press(budget_per_job=0.015)

    class Cut(BaseException):
        pass

    class Dying:
        def commit(self, change: Change) -> None:
            if any(event.type == "PublishAttempted" for event in change.events):
                raise Cut
            press.ports.store.commit(change)

    job = press.ask()
    with pytest.raises(Cut):
        work_off(press.fresh(store=Dying()))
    assert lines(press, job) == BOOKED
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert lines(press, job) == BOOKED
