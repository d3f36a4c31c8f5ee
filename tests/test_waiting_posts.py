"""Posts that wait for their time may be changed or withdrawn; what fires is what stands then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pressroom.errors import BadInput, NotFound, Unavailable
from pressroom.jobs import JobStatus
from pressroom.publications import PublicationState
from pressroom.testing import ManualClock
from tests.press import Network, Press, sent

NIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


@pytest.fixture
def press() -> Press:
    clock = ManualClock(NIGHT)
    return Press(Network(clock, windows=["08:00-20:00"]), clock=clock)


def waiting(press: Press) -> str:
    press.ask()
    press.work()
    [found] = press.runtime.waiting_posts.find()
    return found.id


def test_the_words_that_stand_when_it_fires_are_sent(press: Press) -> None:
    id = waiting(press)
    press.runtime.waiting_posts.change(id, text="Good morning!")
    press.finish()
    assert sent(press) == ["Good morning!"]


def test_a_post_may_be_put_off(press: Press) -> None:
    id = waiting(press)
    press.runtime.waiting_posts.change(id, publish_at=NIGHT + timedelta(days=2))
    press.pass_time(days=1)
    assert sent(press) == []
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.clock.now() >= NIGHT + timedelta(days=2)


def test_a_withdrawn_post_never_goes_out_and_its_job_says_why(press: Press) -> None:
    id = waiting(press)
    press.runtime.waiting_posts.withdraw(id)
    press.finish()
    assert sent(press) == []
    [job] = press.ports.jobs.find()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert "withdrawn" in job.error.what


def test_a_place_among_those_of_the_day_is_another_ones_after_a_withdrawal() -> None:
    clock = ManualClock(NIGHT)
    press = Press(Network(clock, posts_per_day=1), clock=clock)
    failures = [Unavailable("Down."), None, None]

    def fail_once() -> None:
        if (error := failures.pop(0)) is not None:
            raise error

    press.network.at_publish = fail_once
    first = press.ask("First")
    press.work()
    press.runtime.waiting_posts.withdraw(press.publication(first).id)
    press.ask("Second")
    press.work()
    assert sent(press) == ["Second"]


def test_words_that_are_too_long_are_refused_and_the_post_stays_as_it_was(press: Press) -> None:
    id = waiting(press)
    with pytest.raises(BadInput, match=r"too long for Recording by 20"):
        press.runtime.waiting_posts.change(id, text="x" * 300)
    press.finish()
    assert sent(press) == ["Boo!"]


def test_an_empty_post_is_refused(press: Press) -> None:
    with pytest.raises(BadInput, match="empty"):
        press.runtime.waiting_posts.change(waiting(press), text="  ")


def test_a_post_that_was_sent_cannot_be_changed(press: Press) -> None:
    id = waiting(press)
    press.finish()
    with pytest.raises(BadInput, match="published"):
        press.runtime.waiting_posts.withdraw(id)
    with pytest.raises(BadInput, match="published"):
        press.runtime.waiting_posts.change(id, text="Later")


def test_a_post_of_which_an_attempt_is_open_cannot_be_changed() -> None:
    press = Press()
    from pressroom.testing import Lost

    press.network.enqueue(Lost(arrived=True))
    job = press.ask()
    press.work()
    publication = press.publication(job)
    assert publication.state is PublicationState.PUBLISHING
    with pytest.raises(BadInput):
        press.runtime.waiting_posts.withdraw(publication.id)
    press.finish()
    assert sent(press) == ["Boo!"]


def test_of_a_change_and_a_sending_at_the_same_moment_one_wins(press: Press) -> None:
    id = waiting(press)
    said: list[str] = []

    def change_now() -> None:
        try:
            press.runtime.waiting_posts.change(id, text="Too late")
        except BadInput as error:
            said.append(error.what)

    press.network.at_publish = change_now
    press.finish()
    assert sent(press) == ["Boo!"]
    assert said


def test_a_post_that_is_not_there_is_not_found(press: Press) -> None:
    with pytest.raises(NotFound):
        press.runtime.waiting_posts.withdraw("pub_nothing")
