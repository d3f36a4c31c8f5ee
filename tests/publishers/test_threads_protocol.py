"""Threads under the publishing protocol: whatever becomes of the public call, the post is there once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.jobs import JobStatus
from pressroom.publications import Post
from tests.fakes.faults import Fault
from tests.press import Press
from tests.publishers.threads_bench import ThreadsBench, a_bench


@pytest.fixture
def bench() -> Iterator[ThreadsBench]:
    with a_bench(Post(text="Boo!")) as bench:
        yield bench


def a_press(bench: ThreadsBench) -> Press:
    return Press(bench.publisher, clock=bench.clock)


def test_a_slow_container_is_published_once_it_is_ready_and_nothing_is_counted_as_a_failure() -> None:
    with a_bench(Post(text="Boo!"), ready_after_seconds=20) as bench:
        press = a_press(bench)
        job = press.ask()
        for _ in range(8):
            press.work()
            if bench.count_posts():
                break
            due = press.next_due()
            assert due is not None
            wait = (due - press.clock.now()).total_seconds()
            bench.threads.advance(wait)
            press.clock.advance(seconds=wait)
        assert bench.count_posts() == len(bench.threads.containers) == 1
        assert press.job(job).status is JobStatus.COMPLETED
        assert press.ports.channel_states.get("main").failures == 0
        assert press.events(job, "StepFailed") == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault.CUT_BEFORE_PROCESSING,
        Fault.CUT_AFTER_PROCESSING,
        Fault.PROCESSED_BUT_500,
        Fault.PROCESSED_BUT_JUNK,
        Fault.PROCESSED_BUT_EMPTY,
        Fault.SERVER_ERROR,
        Fault.UNAVAILABLE,
        Fault.JUNK_BODY,
        Fault.EMPTY_BODY,
        Fault.RATE_LIMITED,
    ],
)
def test_whatever_is_answered_the_post_is_there_once(bench: ThreadsBench, fault: Fault) -> None:
    bench.threads.script(fault, path="/v*/threads_publish")
    press = a_press(bench)
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert [post.text for post in bench.threads.posts] == ["Boo!"]
    receipt = press.publication(job).receipt
    assert receipt is not None
    assert receipt.remote_id == bench.threads.posts[0].id


def test_a_post_that_came_through_after_it_was_given_up_for_lost_is_not_sent_again(bench: ThreadsBench) -> None:
    bench.threads.script(Fault.CUT_BEFORE_PROCESSING, path="/v*/threads_publish")
    press = a_press(bench)
    job = press.ask()
    press.work()
    container = bench.threads.containers[0]
    while press.publication(job).open_attempt is not None:
        due = press.next_due()
        assert due is not None
        press.clock.move_to(due)
        if len(press.publication(job).attempts[-1].absent_at) == 1 and container.post_id is None:
            # It arrives now, seconds before the second reading would have had it sent again.
            bench.publisher.publish(bench.post, {"account": container.account_id, "container": {"id": container.id}})
        press.work()
    assert bench.count_posts() == 1
    assert press.job(job).status is JobStatus.COMPLETED
