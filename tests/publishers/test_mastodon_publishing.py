"""The publishing protocol with Mastodon's publisher: whatever becomes of the call, the post is there once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pressroom.jobs import Job, JobStatus
from tests.fakes.faults import Fault
from tests.press import Press
from tests.publishers.mastodon_bench import STATUSES, MastodonBench, a_bench


@pytest.fixture
def bench() -> Iterator[MastodonBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def press(bench: MastodonBench) -> Press:
    return Press(bench.publisher, clock=bench.clock)


def keys(bench: MastodonBench) -> list[str]:
    """The key of each call that was to make a post public."""
    asked = [one for one in bench.fake.requests if (one.method, one.path) == ("POST", STATUSES)]
    return [one.headers["idempotency-key"] for one in asked]


def outcomes(press: Press, job: Job) -> list[str]:
    return [attempt.outcome for attempt in press.publication(job, "toots").attempts]


def test_a_lost_answer_is_found_at_the_first_look(bench: MastodonBench, press: Press) -> None:
    bench.fake.script(Fault.CUT_AFTER_PROCESSING, path=STATUSES)
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert outcomes(press, job) == ["published"]
    assert (bench.count_posts(), len(keys(bench))) == (1, 1)


def test_a_lost_call_is_repeated_with_its_key(bench: MastodonBench, press: Press) -> None:
    bench.fake.script(Fault.CUT_BEFORE_PROCESSING, path=STATUSES, times=2)
    began = press.clock.now()
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert bench.count_posts() == 1
    assert len(keys(bench)) == 3
    assert len(set(keys(bench))) == 1
    assert press.clock.now() - began < timedelta(minutes=5)


def test_a_call_that_came_through_behind_the_servers_back_is_not_made_twice(bench: MastodonBench, press: Press) -> None:
    bench.fake.script(Fault.CUT_THEN_PROCESSED, path=STATUSES)
    bench.fake.script(Fault.SERVER_ERROR, path="/api/v1/accounts/*/statuses", times=None)
    job = press.ask()
    press.work()
    bench.fake.release()
    bench.fake.wait_until(bench.count_posts)
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert bench.count_posts() == 1
    assert len(set(keys(bench))) == 1


def test_after_the_hour_the_next_attempt_has_another_key(bench: MastodonBench, press: Press) -> None:
    bench.fake.script(Fault.CUT_BEFORE_PROCESSING, path=STATUSES)
    bench.fake.script(Fault.SERVER_ERROR, path="/api/v1/accounts/*/statuses")
    job = press.ask()
    press.work()
    press.clock.advance(timedelta(hours=1))
    press.finish()
    assert outcomes(press, job) == ["absent", "published"]
    assert bench.count_posts() == 1
    assert len(set(keys(bench))) == 2


def test_two_jobs_with_the_same_words_are_two_posts(bench: MastodonBench, press: Press) -> None:
    bench.fake.script(Fault.CUT_AFTER_PROCESSING, path=STATUSES, times=2)
    jobs = [press.ask(), press.ask()]
    press.finish()
    assert [press.job(job).status for job in jobs] == [JobStatus.COMPLETED] * 2
    ids = {receipt.remote_id for job in jobs if (receipt := press.publication(job, "toots").receipt)}
    assert ids == {post.id for post in bench.server.posts}
    assert len(ids) == 2
