"""The publishing protocol with Bluesky's publisher: a call without a clear answer is made again, and is one post."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pressroom.jobs import JobStatus
from tests.fakes.faults import Fault
from tests.press import Press
from tests.publishers.bluesky_bench import PUT, BlueskyBench, a_bench


@pytest.fixture
def bench() -> Iterator[BlueskyBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def press(bench: BlueskyBench) -> Press:
    return Press(bench.publisher, clock=bench.clock)


UNCLEAR = [
    Fault.CUT_BEFORE_PROCESSING,
    Fault.CUT_AFTER_PROCESSING,
    Fault.PROCESSED_BUT_500,
    Fault.PROCESSED_BUT_JUNK,
    Fault.SERVER_ERROR,
    Fault.EMPTY_BODY,
]


@pytest.mark.parametrize("fault", UNCLEAR)
def test_an_unclear_answer_is_asked_for_again_at_once(bench: BlueskyBench, press: Press, fault: Fault) -> None:
    bench.fake.script(fault, path=PUT, times=3)
    began = press.clock.now()
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert [attempt.outcome for attempt in press.publication(job, "sky").attempts] == ["published"]
    [post] = bench.sky.posts
    assert post.updates == 0
    assert press.clock.now() - began < timedelta(minutes=1)


def test_a_call_that_comes_through_late_is_the_same_post(bench: BlueskyBench, press: Press) -> None:
    bench.fake.script(Fault.CUT_THEN_PROCESSED, path=PUT)
    job = press.ask()
    press.finish()
    bench.fake.release()
    bench.fake.wait_until(lambda: bench.sky.posts and bench.sky.posts[0].puts == 2)
    assert press.job(job).status is JobStatus.COMPLETED
    assert bench.count_posts() == 1


def test_two_jobs_with_the_same_words_are_two_posts(bench: BlueskyBench, press: Press) -> None:
    bench.fake.script(Fault.CUT_AFTER_PROCESSING, path=PUT, times=2)
    jobs = [press.ask(), press.ask()]
    press.finish()
    assert [press.job(job).status for job in jobs] == [JobStatus.COMPLETED] * 2
    assert bench.count_posts() == 2


def test_a_deleted_app_password_holds_the_post_until_there_is_another(bench: BlueskyBench, press: Press) -> None:
    bench.revoke()
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.HELD
    problem = press.publication(job, "sky").problem
    assert problem is not None
    assert "channels.sky.app_password" in problem.todo
    bench.secrets.set("channels.sky.app_password", bench.sky.account.app_password)
    press.runtime.publishing.resume("sky")
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert bench.count_posts() == 1
