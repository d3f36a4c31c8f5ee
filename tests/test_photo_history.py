"""Whether an edited photo is posted: not if an earlier version of it is, or is going to be."""

from __future__ import annotations

import pytest

from pressroom.errors import PostRejected
from pressroom.jobs import Job
from pressroom.photo_history import why_not_again
from tests.press import Press


@pytest.fixture
def press() -> Press:
    return Press()


def asked(press: Press, job: Job) -> str:
    ports = press.ports
    return why_not_again("feed:inbox:1", job, ports.ledger, ports.jobs, ports.publications)


def test_the_first_version_is_posted_however_often_its_job_asks(press: Press) -> None:
    job = press.ask()
    assert (asked(press, job), asked(press, job)) == ("", "")


def test_a_later_version_is_not_and_is_told_which_job_posts(press: Press) -> None:
    first, second = press.ask("1"), press.ask("2")
    asked(press, first)
    assert first.id in asked(press, second)
    press.finish()
    assert first.id in asked(press, second)


def test_a_version_that_came_to_nothing_leaves_its_place_to_the_next_and_to_no_other(press: Press) -> None:
    broken, second, third = press.ask("1"), press.ask("2"), press.ask("3")
    asked(press, broken)
    press.runtime.runner.cancel(broken.id)
    assert asked(press, second) == ""
    assert second.id in asked(press, third)


def test_a_version_that_every_network_refused_leaves_its_place(press: Press) -> None:
    def refuse() -> None:
        raise PostRejected("Too blue.")

    press.network.at_publish = refuse
    first, second = press.ask("1"), press.ask("2")
    asked(press, first)
    press.finish()
    assert asked(press, second) == ""
