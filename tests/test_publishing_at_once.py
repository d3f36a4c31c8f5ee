"""Several workers meet over one publication, and several posts over one channel: real threads, met at barriers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom.changes import Change
from pressroom.contracts.samples import a_delivery
from pressroom.errors import AccountDisconnected, Unavailable
from pressroom.jobs import JobStatus
from pressroom.publications import PublicationState
from pressroom.testing import ManualClock, work_off
from tests.press import Network, Press, sent

PATIENCE = 20
LEASE = timedelta(seconds=61)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


class Gate:
    """Holds one call until it is let go."""

    def __init__(self) -> None:
        self.reached, self._open = threading.Event(), threading.Event()

    def __call__(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            assert self._open.wait(PATIENCE)

    def wait(self) -> None:
        assert self.reached.wait(PATIENCE)

    def open(self) -> None:
        self._open.set()


def test_a_worker_that_comes_while_another_is_inside_the_call_does_not_send(threads: ThreadPoolExecutor) -> None:
    press = Press()
    press.network.at_publish = gate = Gate()
    job = press.ask()
    slow = threads.submit(work_off, press.fresh())
    gate.wait()
    press.clock.advance(LEASE)  # the slow worker's lease is over
    press.work()
    assert press.network.looks == 1
    assert press.publication(job).state is PublicationState.PUBLISHING
    assert press.network.calls == []
    gate.open()
    slow.result(PATIENCE)
    press.finish()
    assert sent(press) == ["Boo!"]
    assert len(press.network.calls) == 1
    assert press.job(job).status is JobStatus.COMPLETED
    assert press.outcomes(job) == ["published"]


def test_two_workers_that_prepare_at_the_same_time_do_not_both_send(threads: ThreadPoolExecutor) -> None:
    press = Press()
    barrier = threading.Barrier(2, timeout=PATIENCE)
    press.network.at_prepare = barrier.wait
    job = press.ask()
    path = "publish_post[main]"

    def give_a_second_delivery() -> None:
        again = a_delivery(path, queue="publish.main", job_id=job.id)
        press.runtime.bus.commit(Change(deliveries=(again,)))

    publishers = [press.fresh() for _ in range(2)]
    work_off_steps_only(press)
    give_a_second_delivery()
    list(threads.map(work_off_one, publishers))
    press.network.at_prepare = lambda: None
    press.finish()
    assert sent(press) == ["Boo!"]
    assert len(press.network.calls) == 1
    assert press.job(job).status is JobStatus.COMPLETED


def work_off_steps_only(press: Press) -> None:
    """Do all but publishing."""
    from pressroom.pipeline import DEFAULT_QUEUE
    from pressroom.worker import Worker

    worker = Worker(press.runtime)
    while claimed := worker.claim([DEFAULT_QUEUE], 1):
        worker.run(claimed[0])
    worker.stop()


def work_off_one(runtime: Any) -> None:
    """Run one delivery of the channel."""
    from pressroom.worker import Worker

    worker = Worker(runtime)
    [delivery] = worker.claim(["publish.main"], 1)
    worker.run(delivery)
    worker.stop()


def test_a_receipt_that_comes_after_another_worker_found_the_post_changes_nothing(
    threads: ThreadPoolExecutor,
) -> None:
    press = Press()
    gate = Gate()
    accept = press.network._accept

    def accept_and_wait(*arguments: Any) -> Any:
        receipt = accept(*arguments)
        gate()
        return receipt

    press.network._accept = accept_and_wait  # type: ignore[assignment,method-assign]
    job = press.ask()
    slow = threads.submit(work_off, press.fresh())
    gate.wait()
    press.clock.advance(LEASE)
    press.work()
    found = press.publication(job)
    assert found.state is PublicationState.PUBLISHED
    gate.open()
    slow.result(PATIENCE)
    press.finish()
    assert press.publication(job) == found
    assert sent(press) == ["Boo!"]
    assert press.events(job, "PostPublished", "JobCompleted") == ["PostPublished", "JobCompleted"]


def test_an_error_that_comes_after_another_worker_went_on_does_not_send_again(threads: ThreadPoolExecutor) -> None:
    press = Press()
    press.network.at_publish = gate = Gate()
    press.network.enqueue(Unavailable("Overloaded."))
    job = press.ask()
    slow = threads.submit(work_off, press.fresh())
    gate.wait()
    press.clock.advance(LEASE)
    press.work()
    waiting = press.publication(job)
    gate.open()
    slow.result(PATIENCE)
    assert press.publication(job) == waiting
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.outcomes(job) == ["absent", "published"]


def test_two_threads_on_a_channel_with_a_gap_never_send_together(threads: ThreadPoolExecutor) -> None:
    press = Press(Network(clock := ManualClock(), minimum_gap_seconds=60), clock=clock)
    for number in range(6):
        press.ask(f"post {number}")
    work_off_steps_only(press)
    for expected in range(1, 7):
        list(threads.map(work_off, [press.fresh() for _ in range(4)]))
        assert len(press.network.posts) == expected
        press.clock.advance(seconds=60)
    press.finish()
    assert len(press.network.posts) == 6


def test_a_channel_that_is_paused_by_one_post_while_another_is_under_way_loses_neither(
    threads: ThreadPoolExecutor,
) -> None:
    press = Press()
    jobs = [press.ask("first"), press.ask("second")]
    work_off_steps_only(press)
    barrier = threading.Barrier(2, timeout=PATIENCE)
    press.network.at_publish = barrier.wait
    press.network.enqueue(AccountDisconnected("Revoked."))
    list(threads.map(work_off_one, [press.fresh() for _ in range(2)]))
    press.network.at_publish = lambda: None
    press.finish()
    assert sorted(press.job(job).status for job in jobs) == [JobStatus.COMPLETED, JobStatus.HELD]
    press.runtime.publishing.resume("main")
    press.finish()
    assert sorted(sent(press)) == ["first", "second"]


def test_two_commands_that_end_a_pause_at_once_let_each_post_go_on_once(threads: ThreadPoolExecutor) -> None:
    press = Press()
    press.network.enqueue(AccountDisconnected("Revoked."))
    jobs = [press.ask(f"post {number}") for number in range(3)]
    press.finish()
    held = press.runtime.publishing.held()
    assert len(held) == 3
    runtimes = [press.fresh() for _ in range(4)]
    barrier = threading.Barrier(4, timeout=PATIENCE)

    def resume(runtime: Any) -> None:
        barrier.wait()
        runtime.publishing.resume("main")

    list(threads.map(resume, runtimes))
    press.finish()
    assert sorted(sent(press)) == ["post 0", "post 1", "post 2"]
    assert {press.job(job).status for job in jobs} == {JobStatus.COMPLETED}
    assert [press.events(job, "PublicationResolved") for job in jobs] == [["PublicationResolved"]] * 3


def test_a_second_publication_under_the_same_key_is_refused() -> None:
    from pressroom.errors import Conflict

    press = Press()
    job = press.ask()
    press.work()
    twin = replace(press.publication(job), id="pub_twin", version=1)
    with pytest.raises(Conflict):
        press.ports.store.commit(Change(publications=(twin,)))


def test_a_job_that_is_cancelled_while_its_post_is_prepared_sends_nothing() -> None:
    press = Press()
    press.network.at_prepare = lambda: press.runtime.runner.cancel(job.id)
    job = press.ask()
    press.finish()
    assert press.network.calls == []
    assert press.publication(job).attempts == ()
    assert press.job(job).status is JobStatus.CANCELLED
    assert press.next_due() is None
    assert press.ports.dead_letters.find(job_id=job.id) == []
