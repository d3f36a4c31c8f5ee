"""Networks that know our key: the call is made again until it is clear, and a refusal of the repeat proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from pressroom.errors import (
    AccountDisconnected,
    OutOfCredit,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.jobs import JobStatus
from pressroom.publications import Attempt, Post, PublicationState, Receipt
from pressroom.testing import Lost, ManualClock
from tests.press import Network, Press, sent


class Keyed(Network):
    """Takes the same key for the same post, as long as it remembers the key."""

    repeatable = True
    remembers = timedelta(days=400)

    def __init__(self, clock: ManualClock, **settings: Any) -> None:
        super().__init__(clock, **settings)
        self.key_since: dict[str, datetime] = {}

    def may_repeat(self, prepared: dict[str, Any], attempt: Attempt) -> bool:
        return self.channel.clock.now() - attempt.started_at < self.remembers - timedelta(minutes=10)

    def forget_attempt(self, prepared: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in prepared.items() if name != "key"}

    def _accept(self, post: Post, key: str) -> Receipt:
        now = self.channel.clock.now()
        known = self._receipts.get(key)
        if known is not None and now - self.key_since[key] < self.remembers:
            return known
        self.key_since[key] = now
        return super()._accept(post, key)


class Forgetful(Keyed):
    remembers = timedelta(hours=1)


def a_press(network: type[Keyed] = Keyed, **settings: Any) -> Press:
    clock = ManualClock()
    return Press(network(clock, **settings), clock=clock)


def lost(press: Press, *, arrived: bool = True) -> Any:
    press.network.enqueue(Lost(arrived=arrived))
    job = press.ask()
    press.work()
    assert press.publication(job).state is PublicationState.PUBLISHING
    return job


def test_a_call_whose_answer_was_lost_is_made_again_and_is_one_post() -> None:
    press = a_press()
    job = lost(press)
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.network.looks == 0, "nothing has to be looked for"
    assert press.outcomes(job) == ["published"]


@pytest.mark.parametrize("network", [Keyed, Forgetful])
@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize(
    "error",
    [
        lambda now: Unavailable("Nobody listens.", todo="Wait."),
        lambda now: RateLimited("Slowly.", retry_at=now + timedelta(hours=2)),
        lambda now: PostRejected("The key is odd.", todo="Change it."),
    ],
)
def test_a_repeat_that_is_refused_proves_nothing_and_in_the_end_there_is_one_post(
    network: type[Keyed], arrived: bool, error: Callable[[datetime], PressroomError]
) -> None:
    press = a_press(network)
    job = lost(press, arrived=arrived)
    press.network.enqueue(*(error(press.clock.now()) for _ in range(3)))
    press.finish()
    if press.job(job).status is JobStatus.HELD:
        assert not arrived, "what is there is found"
        assert press.publication(job).problem is not None
        assert sent(press) == []
        return
    assert sent(press) == ["Boo!"]
    assert press.publication(job).state is PublicationState.PUBLISHED


def test_no_refusal_of_a_repeat_makes_a_post_pass_for_refused() -> None:
    press = a_press()
    job = lost(press)
    press.network.enqueue(*(Unavailable("Nobody listens.") for _ in range(40)))
    for _ in range(60):
        press.pass_time(minutes=2)
        assert "refused" not in press.outcomes(job)
    assert press.job(job).status is not JobStatus.FAILED


@pytest.mark.parametrize("error", [AccountDisconnected("Revoked."), OutOfCredit("No credit.")])
def test_an_account_that_fails_at_the_repeat_pauses_the_channel_and_leaves_the_attempt_open(
    error: PressroomError,
) -> None:
    press = a_press(Forgetful)
    job = lost(press)
    press.network.enqueue(error)
    press.pass_time(minutes=1)
    publication = press.publication(job)
    assert publication.state is PublicationState.HELD
    assert publication.open_attempt is not None
    press.pass_time(hours=3)
    press.runtime.publishing.resume("main")
    press.finish()
    assert sent(press) == ["Boo!"]


def test_preparing_that_fails_before_a_repeat_does_not_reject_a_post_that_may_be_out() -> None:
    press = a_press()
    job = lost(press)

    def refuse() -> None:
        raise PostRejected("The picture is gone.", todo="Upload it again.")

    press.network.at_prepare = refuse
    press.pass_time(minutes=1)
    assert press.publication(job).state is not PublicationState.REJECTED
    press.network.at_prepare = lambda: None
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.publication(job).state is PublicationState.PUBLISHED


def test_a_process_that_stood_still_while_it_prepared_a_repeat_does_not_send_with_a_key_that_is_over() -> None:
    press = a_press(Forgetful)
    lost(press)
    sleeps = [timedelta(hours=2)]

    def stand_still() -> None:
        if sleeps:
            press.clock.advance(sleeps.pop())

    press.network.at_prepare = stand_still
    press.finish()
    assert sent(press) == ["Boo!"]


def test_what_is_never_clear_is_repeated_for_a_day_and_then_asked_of_a_person() -> None:
    press = a_press()
    job = lost(press)
    press.network.enqueue(*(Lost(arrived=False) for _ in range(5000)))
    press.network.enqueue_readings(*(Unavailable("It cannot be read.") for _ in range(5000)))
    press.finish(most=5000)
    assert press.job(job).status is JobStatus.HELD
    assert len(press.network.calls) < 500
    assert sent(press) == ["Boo!"]


def test_an_edited_redrive_never_sends_beside_a_post_that_may_be_out() -> None:
    press = a_press()
    job = lost(press)
    press.network.enqueue(*(Unavailable("Nobody listens.") for _ in range(3)))
    press.finish()
    assert press.publication(job).post.text == "Boo!"
    assert sent(press) == ["Boo!"]


def test_a_repeat_does_not_wait_for_the_channels_window() -> None:
    clock = ManualClock(datetime.fromisoformat("2026-11-20T19:59:59+00:00"))
    press = Press(Keyed(clock, windows=["08:00-20:00"]), clock=clock)
    lost(press)
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.clock.now() < datetime.fromisoformat("2026-11-20T21:00:00+00:00")


def test_a_repeat_that_is_refused_is_not_taken_off_the_bill() -> None:
    from decimal import Decimal

    class Costly(Keyed):
        def price(self, post: Post) -> Decimal:
            return Decimal("0.10")

    press = a_press(Costly)
    job = lost(press)
    press.network.enqueue(Unavailable("Nobody listens."))
    press.pass_time(minutes=1)
    [cost] = press.ports.costs.of_job(job.id)
    assert cost.money == Decimal("0.10")
