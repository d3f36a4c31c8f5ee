"""What became of an attempt without a result: found early, absent late and twice, or a person's to decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pressroom.errors import (
    OutcomeUnknown,
    OutOfCredit,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.jobs import JobStatus
from pressroom.publications import PublicationState, Receipt
from pressroom.publishers.base import Absent, CannotTell, Found, Reading
from pressroom.testing import Lost, ManualClock
from tests.press import Network, Press, sent

SECOND = timedelta(seconds=1)
SURELY_OVER = timedelta(seconds=2 * 10)
SETTLES = timedelta(seconds=100)


def a_press(**settings: Any) -> Press:
    """A channel whose calls take 10 s at most, and whose reads lag behind for 100 s."""
    clock = ManualClock()
    return Press(Network(clock, **{"timeout_seconds": 10, "settle_seconds": 100} | settings), clock=clock)


def test_absence_is_believed_only_after_the_settling_time_and_on_two_readings() -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=False))
    job = press.ask()
    press.work()
    began = press.clock.now()
    readings: list[timedelta] = []
    press.network.at_reconcile = lambda: readings.append(press.clock.now() - began)
    press.network.at_publish = lambda: readings.append(-(press.clock.now() - began))
    press.finish()
    *looks, sent_again = readings
    assert [look.total_seconds() for look in looks] == [2, 4, 8, 16, 32, 64, 120, 145]
    counted = [look for look in looks if look >= SURELY_OVER + SETTLES]
    assert len(counted) == 2
    assert sent_again == -counted[-1]
    first = press.publication(job).attempts[0]
    assert first.outcome == "absent"
    assert list(first.absent_at) == [began + look for look in counted]


def test_a_post_that_comes_late_is_found_although_it_was_looked_for_before() -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=False))
    job = press.ask()
    press.work()
    press.pass_time(seconds=60)
    publication = press.publication(job)
    press.network.accept_late(publication.post, publication.prepared)
    press.finish()
    assert sent(press) == ["Boo!"]
    assert len(press.network.calls) == 1
    assert press.outcomes(job) == ["published"]


def test_a_post_that_comes_between_the_two_readings_that_count_is_not_sent_again() -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=False))
    job = press.ask()
    press.work()
    while not press.publication(job).attempts[0].absent_at:
        due = press.next_due()
        assert due is not None
        press.clock.move_to(due)
        press.work()
    assert len(press.publication(job).attempts[0].absent_at) == 1
    publication = press.publication(job)
    press.network.accept_late(publication.post, publication.prepared)
    press.finish()
    assert len(press.network.calls) == 1
    assert press.outcomes(job) == ["published"]


def test_what_goes_on_is_shown_while_it_is_looked_for() -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=False))
    job = press.ask()
    press.work()
    press.pass_time(seconds=2)
    publication = press.publication(job)
    assert publication.state is PublicationState.PUBLISHING
    assert publication.problem is not None
    assert publication.problem.what.startswith("No clear answer came back")
    assert "nothing is sent again" in publication.problem.todo
    assert publication.due_at == press.clock.now() + 2 * SECOND
    assert press.job(job).status is JobStatus.PROCESSING


# --- what is not this very post


class Wall(Network):
    """A network that knows no key of ours: it finds posts by their words."""

    def reconcile(self, post: Any, prepared: Any, attempt: Any) -> Reading:
        self.looks += 1
        same = [number for number, one in enumerate(self.posts, 1) if one.text == post.text]
        if not same:
            return Absent()
        if len(same) > 1:
            return CannotTell("Two posts look alike.", {"candidates": same})
        number = same[0]
        return Found(Receipt(remote_id=str(number), url=f"memory://posts/{number}", at=self.channel.clock.now()))


def test_a_look_alike_that_is_anothers_receipt_is_not_this_post() -> None:
    press = Press(Wall(ManualClock()))
    first = press.ask("Boo!")
    press.work()
    press.network.enqueue(Lost(arrived=False))
    second = press.ask("Boo!")
    press.finish()
    assert sent(press) == ["Boo!", "Boo!"]
    assert press.outcomes(second) == ["absent", "published"]
    receipts = [press.publication(job).receipt for job in (first, second)]
    assert [receipt.remote_id for receipt in receipts if receipt] == ["1", "2"]


def test_of_two_that_look_for_the_same_words_one_finds_the_post_and_the_other_is_sent() -> None:
    press = Press(Wall(ManualClock()))
    press.network.enqueue(Lost(arrived=True), Lost(arrived=False))
    jobs = [press.ask("Boo!"), press.ask("Boo!")]
    press.finish()
    assert sent(press) == ["Boo!", "Boo!"]
    receipts = {receipt.remote_id for job in jobs if (receipt := press.publication(job).receipt)}
    assert receipts == {"1", "2"}


def test_what_nobody_can_tell_is_held_with_what_is_known_and_never_sent_again() -> None:
    press = Press(Wall(ManualClock()))
    press.network.enqueue(Lost(arrived=True), Lost(arrived=True))
    jobs = [press.ask("Boo!"), press.ask("Boo!")]
    press.finish()
    assert sent(press) == ["Boo!", "Boo!"]
    for job in jobs:
        publication = press.publication(job)
        assert publication.state is PublicationState.HELD
        assert publication.problem is not None
        assert publication.problem.what == "Nobody can tell whether the post is on main: Two posts look alike."
        assert "held resolve" in publication.problem.todo
        [held] = [event for event in press.ports.events.of_job(job.id) if event.type == "PostHeld"]
        assert held.data["known"] == {"candidates": [1, 2]}
        assert press.job(job).status is JobStatus.HELD
    press.clock.advance(days=30)
    press.finish()
    assert len(press.network.calls) == 2


# --- a network that cannot be read


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("Overloaded."),
        OutcomeUnknown("No answer."),
        PostRejected("There is no such user."),
        KeyError("media_keys"),
    ],
)
def test_a_network_that_cannot_be_read_is_asked_again_and_nothing_is_sent(error: Exception) -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=True))
    press.network.enqueue_readings(error, error)
    job = press.ask()
    press.work()
    press.pass_time(seconds=2)
    problem = press.publication(job).problem
    assert problem is not None
    assert (problem.what == str(error)) is isinstance(error, PressroomError)
    press.finish()
    assert len(press.network.calls) == 1
    assert press.outcomes(job) == ["published"]
    assert press.job(job).status is JobStatus.COMPLETED


def test_a_reading_that_failed_is_no_reading_that_did_not_find() -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=False))
    press.network.enqueue_readings(*[Unavailable("Overloaded.")] * 10)
    job = press.ask()
    press.work()
    while press.network.looks < 10:
        due = press.next_due()
        assert due is not None
        press.clock.move_to(due)
        press.work()
    assert press.publication(job).attempts[0].absent_at == ()
    press.finish()
    assert len(press.publication(job).attempts[0].absent_at) == 2


def test_a_network_that_cannot_be_read_for_a_day_is_a_persons_business() -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=True))
    press.network.enqueue_readings(*[Unavailable("Overloaded.")] * 100)
    job = press.ask()
    began = press.clock.now()
    press.finish()
    publication = press.publication(job)
    assert publication.state is PublicationState.HELD
    assert timedelta(days=1) < press.clock.now() - began < timedelta(days=3)
    assert publication.problem is not None
    assert publication.problem.what.endswith("which could not be read for a day: Overloaded.")
    assert publication.open_attempt is not None
    assert press.network.looks < 30


def test_a_rate_limit_on_reading_is_obeyed_and_holds_back_the_channel() -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=True))
    until = press.clock.now() + 900 * SECOND
    press.network.enqueue_readings(RateLimited("Slow down.", retry_at=until))
    job = press.ask()
    press.work()
    press.pass_time(seconds=2)
    assert press.publication(job).due_at == until
    assert press.ports.channel_states.get("main").closed_until == until
    other = press.ask("other")
    press.work()
    assert press.publication(other).due_at == until
    press.finish()
    assert sent(press) == ["Boo!", "other"]


def test_an_account_that_ends_while_it_is_looked_for_pauses_the_channel() -> None:
    press = a_press()
    press.network.enqueue(Lost(arrived=False))
    press.network.enqueue_readings(OutOfCredit("No credit left."))
    job = press.ask()
    press.finish()
    publication = press.publication(job)
    assert press.ports.channel_states.get("main").paused == "No credit left."
    assert publication.state is PublicationState.HELD
    assert publication.open_attempt is not None
    assert publication.problem is not None
    assert publication.problem.kind == "OutOfCredit"


def test_a_post_that_is_found_does_not_end_the_rate_limit_of_its_channel() -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=True))
    job = press.ask()
    press.work()
    until = press.clock.now() + timedelta(minutes=10)
    press.network.at_reconcile = lambda: press.runtime.publishing._channels.limited("main", until, "HTTP 429")
    press.pass_time(seconds=2)
    assert press.publication(job).state is PublicationState.PUBLISHED
    assert press.ports.channel_states.get("main").closed_until == until
