"""Whether an edited photo is posted: not if an earlier version of it is, or is going to be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.errors import Deferred, PostRejected
from pressroom.jobs import Job
from pressroom.photo_history import PhotoHistory
from pressroom.publications import PublicationState
from pressroom.testing import Lost, ManualClock
from tests.press import Network, Press


@pytest.fixture
def press() -> Press:
    return Press()


def asked(press: Press, job: Job) -> str:
    ports = press.ports
    history = PhotoHistory("feed:inbox:1", ports.ledger, ports.jobs, ports.publications)
    return history.why_not_again(job, press.clock.now())


def test_the_first_version_is_posted_however_often_its_job_asks(press: Press) -> None:
    job = press.ask()
    assert (asked(press, job), asked(press, job)) == ("", "")


def test_a_later_version_is_not_and_is_told_which_job_posts(press: Press) -> None:
    first, second = press.ask("1"), press.ask("2")
    asked(press, first)
    press.finish()
    assert first.id in asked(press, second)


def test_while_an_earlier_version_is_under_way_a_later_one_waits_for_what_becomes_of_it(press: Press) -> None:
    first, second = press.ask("1"), press.ask("2")
    asked(press, first)
    with pytest.raises(Deferred) as waits:
        asked(press, second)
    assert press.clock.now() < waits.value.until <= press.clock.now() + timedelta(minutes=10)


def test_a_version_that_was_cancelled_before_it_was_sent_leaves_its_place(press: Press) -> None:
    press = Press(Network(ManualClock(), posts_per_day=1, windows=["03:00-03:01"]))
    first, second = press.ask("1"), press.ask("2")
    asked(press, first)
    press.work()
    assert press.publication(first).state is PublicationState.SCHEDULED
    press.runtime.runner.cancel(first.id)
    assert asked(press, second) == ""


def test_a_version_of_which_nobody_knows_whether_it_is_out_keeps_its_place(press: Press) -> None:
    press.network.enqueue(Lost(arrived=True))
    first, second = press.ask("1"), press.ask("2")
    asked(press, first)
    press.work()
    with pytest.raises(Deferred):
        asked(press, second)
    press.finish()
    assert first.id in asked(press, second)


def test_a_version_that_came_to_nothing_leaves_its_place_to_the_next_and_to_no_other(press: Press) -> None:
    broken, second, third = press.ask("1"), press.ask("2"), press.ask("3")
    asked(press, broken)
    press.runtime.runner.cancel(broken.id)
    assert asked(press, second) == ""
    press.finish()
    assert second.id in asked(press, third)


def test_a_version_that_every_network_refused_leaves_its_place(press: Press) -> None:
    def refuse() -> None:
        raise PostRejected("Too blue.")

    press.network.at_publish = refuse
    first, second = press.ask("1"), press.ask("2")
    asked(press, first)
    press.finish()
    assert asked(press, second) == ""
