"""A network that is still at work on what was uploaded is waited for: no failure, no attempt, no turn used up."""

from __future__ import annotations

from datetime import timedelta

from pressroom.errors import Deferred
from pressroom.jobs import JobStatus
from pressroom.publications import PublicationState
from pressroom.testing import ManualClock
from tests.press import Network, Press, sent

HOUR = timedelta(hours=1)


def still_working(press: Press, seconds: float = 5) -> None:
    """Have preparation say that the network needs some more seconds."""

    def defer() -> None:
        raise Deferred(press.clock.now() + timedelta(seconds=seconds), "The network is still working.")

    press.network.at_prepare = defer


def ready(press: Press) -> None:
    press.network.at_prepare = lambda: None


def test_it_is_told_why_and_until_when_a_post_waits() -> None:
    press = Press()
    still_working(press)
    job = press.ask()
    press.work()
    found = press.publication(job)
    assert found.state is PublicationState.SCHEDULED
    assert found.due_at == press.clock.now() + timedelta(seconds=5)
    assert found.problem is not None
    assert found.problem.what == "The network is still working."
    assert found.attempts == ()


def test_however_often_it_is_not_ready_it_is_no_failure() -> None:
    press = Press()
    still_working(press)
    job = press.ask()
    press.work()
    for _ in range(20):
        press.pass_time(seconds=5)
    assert press.events(job, "StepFailed", "PublishAttempted") == []
    assert press.ports.channel_states.get("main").failures == 0
    ready(press)
    press.pass_time(seconds=5)
    assert sent(press) == ["Boo!"]
    assert press.job(job).status is JobStatus.COMPLETED


def test_the_gap_between_two_posts_begins_with_a_post_and_not_with_one_that_is_not_ready() -> None:
    clock = ManualClock()
    press = Press(Network(clock, minimum_gap_seconds=HOUR.total_seconds()), clock=clock)
    still_working(press)
    press.ask("first")
    press.work()
    ready(press)
    press.pass_time(seconds=5)
    assert sent(press) == ["first"]
    press.ask("second")
    press.work()
    assert sent(press) == ["first"]
    press.pass_time(hours=1)
    assert sent(press) == ["first", "second"]


def test_a_turn_that_somebody_else_took_meanwhile_stays_taken() -> None:
    clock = ManualClock()
    press = Press(Network(clock, minimum_gap_seconds=HOUR.total_seconds()), clock=clock)
    still_working(press, seconds=10)
    press.ask("slow")
    press.work()
    ready(press)
    press.pass_time(seconds=5)
    press.ask("quick")
    press.work()
    assert sent(press) == ["quick"]
    press.pass_time(seconds=5)
    assert sent(press) == ["quick"]
    press.pass_time(hours=1)
    assert sent(press) == ["quick", "slow"]
