"""Workers: leases, what a lost worker leaves, poison, stopping, and many threads on one database."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.changes import Change
from pressroom.clocks import SystemClock
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.deliveries import Delivery, Task
from pressroom.errors import Unavailable
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus
from pressroom.logs import configure
from pressroom.pipeline import DEFAULT_QUEUE, PICTURES_QUEUE, Choice, ForEach, Outcome, Parallel, Pipeline, Request
from pressroom.retry import Policy
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_ports
from pressroom.testing import memory_runtime
from pressroom.worker import Worker
from tests.engine import Bench, Calls, a_pipeline

LEASE = timedelta(seconds=60)
JOBS = 200
QUEUES = [DEFAULT_QUEUE, "events"]


class Words(BaseModel):
    text: str


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that another thread does."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.002)


@pytest.fixture
def calls() -> Calls:
    return Calls()


def claimed_by_another(bench: Bench) -> list[Delivery]:
    return bench.runtime.ports.queue.claim(QUEUES, 100, LEASE)


# --- leases


def test_what_a_lost_worker_held_comes_back_after_its_lease_and_not_before(calls: Calls) -> None:
    bench = Bench(a_pipeline(*calls.steps("draw", "write")))
    job = bench.request()
    assert len(claimed_by_another(bench)) == 1
    bench.clock.advance(LEASE - timedelta(seconds=1))
    assert bench.work() == 0
    bench.later(seconds=1)
    assert bench.status(job) is JobStatus.COMPLETED
    assert calls.paths == ["draw", "write"]


def test_what_was_completed_before_a_worker_was_lost_is_not_run_again(calls: Calls) -> None:
    asked: list[str] = []

    def is_spooky(job: Job) -> bool:
        asked.append(job.id)
        return True

    bench = Bench(a_pipeline(calls.step("draw"), Choice(is_spooky, calls.step("haunt")), calls.step("post")))
    job = bench.request()
    worker = Worker(bench.runtime)
    worker.run(*worker.claim(QUEUES, 1))
    for _ in range(3):
        claimed_by_another(bench)  # and lost
        bench.clock.advance(LEASE)
    bench.work()
    worker.stop()
    assert bench.status(job) is JobStatus.COMPLETED
    assert calls.paths == ["draw", "haunt", "post"]
    assert asked == [job.id]


def test_a_step_whose_lease_was_lost_stores_nothing(calls: Calls) -> None:
    bench: Bench
    others: list[Delivery] = []

    def slow(context: Context) -> Outcome[Words]:
        bench.clock.advance(LEASE)
        others.extend(claimed_by_another(bench))
        return Outcome(output=Words(text="Boo"), phase="drawn", result={"text": "Boo"})

    bench = Bench(a_pipeline(calls.step("draw", slow), calls.step("write")))
    job = bench.request()
    bench.work()
    assert [other.name for other in others] == ["draw"]
    stands = bench.job(job)
    assert (stands.status, stands.phase, stands.result) == (JobStatus.PROCESSING, "", {})
    assert bench.standing(job) == {"draw": "ready"}
    assert bench.events(job, "StepCompleted") == []


def test_a_failure_whose_lease_was_lost_stores_nothing_either(calls: Calls) -> None:
    bench: Bench

    def slow(context: Context) -> None:
        bench.clock.advance(LEASE)
        claimed_by_another(bench)
        raise Unavailable("Away.")

    bench = Bench(a_pipeline(calls.step("draw", slow)))
    job = bench.request()
    bench.work()
    assert bench.events(job, "StepFailed") == []
    assert bench.records(job)["draw"].error is None


@pytest.mark.parametrize("stopping", [False, True], ids=["running", "stopping"])
def test_the_lease_of_a_long_step_is_renewed(calls: Calls, stopping: bool) -> None:
    lease = timedelta(seconds=1.05)
    bench: Bench
    worker: Worker

    def long(context: Context) -> None:
        if stopping:
            threading.Thread(target=worker.stop, args=(30,)).start()
            until(lambda: worker.is_stopping)
        for _ in range(2):
            bench.clock.advance(lease * 0.9)
            until(lambda: worker.heartbeat == bench.clock.now())

    bench = Bench(a_pipeline(calls.step("draw", long)), worker={"lease_seconds": 1.05, "threads": 1})
    worker = Worker(bench.runtime)
    job = bench.request()
    worker.start()
    until(lambda: bench.status(job) is JobStatus.COMPLETED)
    assert worker.stop()
    assert bench.records(job)["draw"].attempts == 1


def test_freed_memory_is_given_back_after_work_and_now_and_then_during_it(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    worker, given_back = Worker(bench.runtime), list[str]()
    monkeypatch.setattr("pressroom.memory_use.give_back", lambda: given_back.append("again"))
    worker.keep_leases()
    assert given_back == []  # it has not worked
    bench.request()
    (held,) = worker.claim(QUEUES, 1)
    bench.clock.advance(minutes=0.5)
    worker.keep_leases()
    assert given_back == []
    bench.clock.advance(minutes=0.5)
    worker.keep_leases()
    assert len(given_back) == 1
    bench.request()
    (next_one,) = worker.claim(QUEUES, 1)
    for delivery in (held, next_one):
        worker.run(delivery)
    worker.keep_leases()
    assert len(given_back) == 2


def lost_leases(lines: list[Any]) -> list[str]:
    return [line["delivery"] for line in lines if line["event"] == "lease lost while running"]


def test_a_lease_that_is_lost_while_its_step_runs_is_told_once(calls: Calls) -> None:
    def long(context: Context) -> None:
        bench.clock.advance(LEASE)
        claimed_by_another(bench)
        for _ in range(4):
            worker.keep_leases()

    bench = Bench(a_pipeline(calls.step("draw", long)))
    worker = Worker(bench.runtime)
    bench.request()
    with structlog.testing.capture_logs() as lines:
        worker.run(*worker.claim(QUEUES, 1))
    assert lost_leases(lines) == ["draw"]


def test_what_is_settled_while_leases_are_renewed_was_not_lost(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    worker = Worker(bench.runtime)
    bench.request()
    [claimed] = worker.claim(QUEUES, 1)
    renew = bench.runtime.ports.queue.renew

    def settled_first(held: list[Delivery], lease: timedelta) -> set[int]:
        if held:
            bench.runtime.runner.execution.run(claimed)
        return renew(held, lease)

    monkeypatch.setattr(bench.runtime.ports.queue, "renew", settled_first)
    with structlog.testing.capture_logs() as lines:
        worker.keep_leases()
        worker.run(claimed)
        worker.keep_leases()
    assert calls.completed == ["draw"]
    assert lost_leases(lines) == []


def test_poison_ends_as_a_dead_letter(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw", retry=Policy(lost_workers=3))))
    job = bench.request()
    for _ in range(3):
        assert len(claimed_by_another(bench)) == 1  # and it takes its worker with it
        bench.clock.advance(LEASE)
    bench.work()
    assert bench.status(job) is JobStatus.FAILED
    [letter] = bench.letters(job)
    assert letter.error.what == "3 workers vanished while they ran the step draw."
    assert letter.error.todo
    assert calls.paths == []
    bench.runtime.runner.redrive(letter.id)
    bench.work()
    assert bench.status(job) is JobStatus.COMPLETED, "a redrive begins to count anew"


def test_failures_that_were_counted_are_no_lost_workers(calls: Calls) -> None:
    away = [Unavailable("Away.") for _ in range(4)]

    def does(context: Context) -> None:
        if away:
            raise away.pop()

    bench = Bench(a_pipeline(calls.step("draw", does, retry=Policy(lost_workers=2))))
    job = bench.request()
    assert bench.patiently(job).status is JobStatus.COMPLETED


# --- running and stopping


@pytest.fixture
def running() -> Iterator[list[Worker]]:
    workers: list[Worker] = []
    yield workers
    for worker in workers:
        worker.stop(1)


def test_a_worker_sleeps_until_there_is_work_and_wakes_at_once(calls: Calls, running: list[Worker]) -> None:
    runtime = memory_runtime(a_pipeline(calls.step("draw")), clock=SystemClock())
    running.append(Worker(runtime))
    running[0].start()
    assert running[0].is_alive
    for number in range(1, 4):
        runtime.runner.request("work_through", {})
        until(lambda number=number: len(calls.completed) == number, 2)  # type: ignore[misc]


@pytest.mark.skipif(sys.platform != "linux", reason="only there is it said of one thread")
def test_threads_that_work_on_pictures_let_all_others_go_first(calls: Calls, running: list[Worker]) -> None:
    found = dict[str, int]()

    def patience(context: Context) -> None:
        found[context.path] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    draw, write = calls.step("draw", patience, queue=PICTURES_QUEUE), calls.step("write", patience)
    runtime = memory_runtime(a_pipeline(draw, write), clock=SystemClock())
    running.append(Worker(runtime))
    running[0].start()
    runtime.runner.request("work_through", {})
    until(lambda: len(found) == 2)
    assert found["write"] == os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert found["draw"] > found["write"]


def test_a_worker_for_one_job_leaves_the_others_alone(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    mine, other = bench.request(), bench.request()
    worker = Worker(bench.runtime, job_id=mine.id)
    [delivery] = worker.claim(QUEUES, 10)
    worker.stop()
    assert delivery.job_id == mine.id != other.id


def test_a_worker_that_stops_lets_its_steps_finish_and_begins_no_other(calls: Calls) -> None:
    go, begun = threading.Event(), threading.Event()

    def linger(context: Context) -> None:
        begun.set()
        assert go.wait(20)

    runtime = memory_runtime(
        a_pipeline(calls.step("draw", linger), calls.step("post")), clock=SystemClock(), worker={"threads": 2}
    )
    worker = Worker(runtime)
    worker.start()
    [job] = runtime.runner.request("work_through", {})
    assert begun.wait(20)
    finished: list[bool] = []
    stopping = threading.Thread(target=lambda: finished.append(worker.stop(20)))
    stopping.start()
    until(lambda: worker.is_stopping)
    go.set()
    stopping.join(20)
    assert finished == [True]
    assert calls.completed == ["draw"]
    assert {path: str(record.status) for path, record in runtime.ports.jobs.steps(job.id).items()} == {
        "draw": "completed",
        "post": "ready",
    }


def test_what_does_not_finish_in_time_is_handed_back_and_was_no_attempt(calls: Calls) -> None:
    go, begun = threading.Event(), threading.Event()

    def linger(context: Context) -> None:
        begun.set()
        assert go.wait(20)

    runtime = memory_runtime(a_pipeline(calls.step("draw", linger)), clock=SystemClock())
    worker = Worker(runtime)
    worker.start()
    [job] = runtime.runner.request("work_through", {})
    assert begun.wait(20)
    assert not worker.stop(0.01)
    [again] = runtime.ports.queue.claim([DEFAULT_QUEUE], 10, LEASE)
    assert (again.name, again.attempt) == ("draw", 1)
    go.set()
    until(lambda: calls.completed == ["draw"])
    assert runtime.ports.jobs.steps(job.id)["draw"].status == "ready", "the one who has it now decides"


def test_an_error_while_looking_for_work_ends_no_thread(
    calls: Calls, running: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = memory_runtime(a_pipeline(calls.step("draw")), clock=SystemClock(), worker={"threads": 1})
    looks = [OSError("disk I/O error"), OSError("disk I/O error")]
    next_due = runtime.ports.queue.next_due

    def shaky(queues: list[str], **more: Any) -> Any:
        if looks and DEFAULT_QUEUE in queues:
            raise looks.pop()
        return next_due(queues, **more)

    monkeypatch.setattr(runtime.ports.queue, "next_due", shaky)
    monkeypatch.setattr("pressroom.worker.PAUSE_AFTER_ERROR", 0.001)
    running.append(Worker(runtime))
    running[0].start()
    until(lambda: not looks)
    runtime.runner.request("work_through", {})
    until(lambda: calls.completed == ["draw"])
    assert running[0].is_alive


def test_a_store_that_cannot_be_reached_costs_a_line_of_the_log_and_no_traceback(
    calls: Calls, running: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = memory_runtime(a_pipeline(calls.step("draw")), clock=SystemClock(), worker={"threads": 1})
    full = Unavailable("The disk is full.", todo="Make room.")
    claims, commits = [full], [full]
    claim, run = runtime.ports.queue.claim, runtime.runner.execution.run

    def shaky_claim(queues: list[str], *more: Any, **others: Any) -> Any:
        if claims and DEFAULT_QUEUE in queues:
            raise claims.pop()
        return claim(queues, *more, **others)

    def shaky_run(delivery: Delivery) -> None:
        run(delivery)
        if commits:
            raise commits.pop()

    monkeypatch.setattr(runtime.ports.queue, "claim", shaky_claim)
    monkeypatch.setattr(runtime.runner.execution, "run", shaky_run)
    monkeypatch.setattr("pressroom.worker.PAUSE_AFTER_ERROR", 0.001)
    with structlog.testing.capture_logs() as lines:
        running.append(Worker(runtime))
        running[0].start()
        runtime.runner.request("work_through", {})
        until(lambda: not claims and not commits and calls.completed == ["draw"])
        running[0].stop()
    told = [line for line in lines if line.get("why") == str(full)]
    assert [line["event"] for line in told] == [
        "nothing could be claimed; trying again",
        "a delivery could not be settled",
    ]
    assert {line["log_level"] for line in told} == {"warning"}
    assert not any("exc_info" in line for line in lines)


# --- many threads, one database


def embedded(workspace: Path, *pipelines: Pipeline, **sections: Any) -> Runtime:
    config = Config.model_validate({"workspace": workspace, **sections})
    return compose(config, open_ports(workspace, {}, SystemClock()), {each.name: each for each in pipelines})


@pytest.mark.parametrize("inner", ["Parallel", "ForEach"])
def test_joins_happen_exactly_once_however_many_threads_race(
    tmp_path: Path, calls: Calls, running: list[Worker], inner: str
) -> None:
    def numbers(job: Job) -> list[int]:
        return [1, 2, 3]

    middle = (
        Parallel(*calls.steps("one", "two", "three")) if inner == "Parallel" else ForEach(numbers, calls.step("one"))
    )
    pipeline = a_pipeline(middle, calls.step("after"))
    with embedded(tmp_path, pipeline, worker={"threads": 8}) as runtime:
        jobs = [job for _ in range(JOBS) for job in runtime.runner.request("work_through", {})]
        running.append(Worker(runtime))
        running[0].start()
        until(lambda: runtime.ports.jobs.count().get("completed") == len(jobs), 60)
        assert running[0].stop()
        assert Counter(path.partition("[")[0] for path in calls.paths) == Counter(
            {"one": JOBS, "two": JOBS, "three": JOBS, "after": JOBS}
            if inner == "Parallel"
            else {"one": 3 * JOBS, "after": JOBS}
        )
        for job in jobs:
            types = Counter(event.type for event in runtime.ports.events.of_job(job.id))
            assert (types["JobStarted"], types["StepCompleted"], types["JobCompleted"]) == (1, 4, 1)
        assert runtime.ports.queue.next_due(QUEUES) is None


# --- the log


@pytest.fixture
def as_configured() -> Iterator[None]:
    """Put structlog and logging back as they were."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


def test_nothing_of_a_steps_variables_is_in_the_log_or_in_an_event(
    capsys: pytest.CaptureFixture[str], as_configured: None
) -> None:
    def draw() -> None:
        planted = "-".join(["nobody", "must", "see"])
        raise ValueError(f"broken after {len(planted)} letters")

    configure("debug", "json")
    bench = Bench(Pipeline("work_through", trigger=Request(), steps=[draw]))
    job = bench.run()
    logged = capsys.readouterr().err
    assert "broken after 15 letters" in logged
    assert "Traceback" in logged
    assert job.id in logged
    assert "nobody-must-see" not in logged
    assert not any("nobody-must-see" in str(event) for event in bench.runtime.ports.events.of_job(job.id))


def test_an_event_for_nobody_here_is_a_dead_letter_and_not_lost(calls: Calls) -> None:
    bench = Bench(a_pipeline(*calls.steps("draw")))
    event = Event(type="PaperArrived", subject="tray", time=bench.clock.now())
    other = Delivery(queue="events", task=Task.EVENT, name="elsewhere", event=event)
    bench.runtime.bus.commit(Change(events=(event,), deliveries=(other,)))
    bench.work()
    [letter] = bench.runtime.ports.dead_letters.find()
    assert (letter.name, letter.event_id) == ("elsewhere", event.id)
    assert "same settings" in letter.error.todo
