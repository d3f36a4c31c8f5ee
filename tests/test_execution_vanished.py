"""A step whose process is killed, by the system for want of memory say: it is run again, and what happened is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pressroom.arguments import Context
from pressroom.jobs import Job, JobStatus, fold
from pressroom.pipeline import Parallel, Step
from pressroom.retry import Policy
from pressroom.worker import Worker
from tests.engine import Bench, Calls, a_pipeline

LEASE = timedelta(seconds=60)


def killed(bench: Bench) -> None:
    """Let a worker take all that is due, and let its process be killed."""
    assert Worker(bench.runtime).claim(["steps"], 10)
    bench.clock.advance(LEASE)


def failures(bench: Bench, job: Job) -> list[dict[str, Any]]:
    return [dict(event.data) for event in bench.runtime.ports.events.of_job(job.id) if event.type == "StepFailed"]


def test_each_kill_is_told_once_and_the_step_is_run_again() -> None:
    calls = Calls()
    bench = Bench(a_pipeline(calls.step("draw")))
    job = bench.request()
    killed(bench)
    killed(bench)
    bench.work()
    assert calls.completed == ["draw"]
    assert bench.status(job) is JobStatus.COMPLETED
    [told] = failures(bench, job)
    assert (told["step"], told["attempt"], told["error"]["kind"]) == ("draw", 2, "WorkerVanished")
    assert "draw" in told["error"]["what"]
    assert "memory" in told["error"]["todo"]
    record = bench.records(job)["draw"]
    assert (record.error, record.attempts) == (None, 3)
    assert fold(bench.runtime.ports.events.of_job(job.id)) == bench.job(job)


def test_while_it_runs_again_the_job_shows_that_a_worker_vanished() -> None:
    shown: list[Any] = []

    def look(context: Context) -> None:
        record = bench.records(context.job)["draw"]
        shown.append((record.status.value, record.attempts, record.error and record.error.kind))

    bench = Bench(a_pipeline(Calls().step("draw", look)))
    bench.request()
    bench.work()
    bench.request()
    killed(bench)
    bench.work()
    assert shown == [("ready", 0, None), ("ready", 1, "WorkerVanished")]


def test_a_failure_and_a_wait_are_not_taken_for_a_kill() -> None:
    tries: list[int] = []

    def draw(context: Context) -> None:
        tries.append(context.attempt)
        if len(tries) < 3:
            raise MemoryError

    bench = Bench(a_pipeline(Step(draw, retry=Policy(attempts=4))))
    job = bench.request()
    killed(bench)
    assert bench.patiently(job).status is JobStatus.COMPLETED
    assert tries == [2, 3, 4]
    assert [(one["attempt"], one["error"]["kind"]) for one in failures(bench, job)] == [
        (1, "WorkerVanished"),
        (2, "MemoryError"),
        (3, "MemoryError"),
    ]


def test_one_that_its_deadline_passed_over_meanwhile_is_not_told_of() -> None:
    join = Parallel(Calls().step("draw"), deadline=timedelta(seconds=30), optional=True)
    bench = Bench(a_pipeline(join))
    job = bench.request()
    killed(bench)
    bench.work()
    assert bench.status(job) is JobStatus.COMPLETED
    assert failures(bench, job) == []


def test_too_little_memory_is_tried_again_and_then_says_what_to_do() -> None:
    def draw() -> None:
        raise MemoryError

    bench = Bench(a_pipeline(Step(draw, retry=Policy(attempts=2))))
    job = bench.run()
    assert bench.status(job) is JobStatus.PROCESSING
    ended = bench.patiently(job)
    assert ended.error is not None
    assert ended.error.what == "There was not enough memory."
    [letter] = bench.letters(job)
    assert "picture_threads" in letter.error.todo
    assert f"`pressroom dead redrive {letter.id}`" in letter.error.todo
    assert "tried again" not in letter.error.todo
