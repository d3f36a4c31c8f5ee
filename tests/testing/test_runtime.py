"""A pipeline of one's own, run in memory from request to rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import BaseModel

from pressroom.errors import Skip, Unavailable
from pressroom.jobs import JobStatus
from pressroom.pipeline import Outcome, Parallel, Pipeline, Request
from pressroom.testing import ManualClock, memory_runtime, work_off


class Wish(BaseModel):
    theme: str


class Written(BaseModel):
    text: str


def a_pipeline(failures: int = 0) -> Pipeline:
    """Return a pipeline whose second step meets a service that is away so many times."""
    left = [failures]

    def write(input: Wish) -> Outcome[Written]:
        return Outcome(output=Written(text=f"About {input.theme}"), result={"theme": input.theme})

    def fetch() -> None:
        if left[0]:
            left[0] -= 1
            raise Unavailable("The service is away.")

    def draw() -> None: ...

    return Pipeline("wall_paper", trigger=Request(), input=Wish, steps=[write, Parallel(fetch, draw)])


def test_a_job_runs_to_its_end_without_a_thread_or_a_file() -> None:
    runtime = memory_runtime(a_pipeline())
    [job] = runtime.runner.request("wall_paper", {"theme": "cats"})
    assert work_off(runtime) >= 3
    done = runtime.ports.jobs.get(job.id)
    assert done is not None
    assert (done.status, done.result) == (JobStatus.COMPLETED, {"theme": "cats"})
    assert runtime.ports.jobs.steps(job.id)["write"].output == {"text": "About cats"}
    assert runtime.ports.queue.oldest_waiting() == {}


def test_what_waits_for_its_retry_goes_on_when_the_clock_is_moved() -> None:
    clock = ManualClock()
    runtime = memory_runtime(a_pipeline(failures=2), clock=clock)
    [job] = runtime.runner.request("wall_paper", {"theme": "cats"})
    for _ in range(3):
        waiting = runtime.ports.jobs.get(job.id)
        assert waiting is not None
        assert waiting.status is not JobStatus.COMPLETED
        work_off(runtime)
        clock.advance(timedelta(minutes=1))
    done = runtime.ports.jobs.get(job.id)
    assert done is not None
    assert done.status is JobStatus.COMPLETED


def test_a_rebuilt_job_is_the_one_that_was_stored() -> None:
    runtime = memory_runtime(a_pipeline())
    [job] = runtime.runner.request("wall_paper", {"theme": "cats"})
    work_off(runtime)
    stored = runtime.ports.jobs.get(job.id)
    runtime.ports.jobs.rebuild(job.id)
    assert runtime.ports.jobs.get(job.id) == stored


def test_a_step_with_nothing_to_do_ends_the_job_as_skipped() -> None:
    def look() -> None:
        raise Skip("Nothing today.")

    runtime = memory_runtime(Pipeline("look_around", trigger=Request(), steps=[look]))
    [job] = runtime.runner.request("look_around", {})
    work_off(runtime)
    ended = runtime.ports.jobs.get(job.id)
    assert ended is not None
    assert ended.status is JobStatus.SKIPPED


def test_a_job_that_never_comes_to_rest_fails_the_test() -> None:
    runtime = memory_runtime(a_pipeline())
    runtime.runner.request("wall_paper", {"theme": "cats"})
    with pytest.raises(AssertionError, match="still not at rest after 1 deliveries"):
        work_off(runtime, most=1)
