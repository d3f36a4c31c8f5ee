"""Starting and waking: one execution walks through each job, named by it, and a redriven job has another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pressroom.entrypoints.aws_lambda import starting, steps, waking
from pressroom.errors import BadInput
from pressroom.jobs import Job
from pressroom.triggers import Upload
from tests.carried import Carried, asked, batch, carried
from tests.engine import Bench, Calls, a_pipeline
from tests.lambdas import LambdaContext

CONTEXT = LambdaContext("press-starting")


def _fails(_: Any) -> None:
    raise BadInput("There are no words.")


@pytest.fixture
def bench() -> Bench:
    return Bench(a_pipeline(Calls().step("write", _fails)))


@pytest.fixture(autouse=True)
def here(bench: Bench) -> Iterator[Carried]:
    with carried(bench.runtime) as made:
        yield made


def _requested(bench: Bench, job: Job) -> str:
    """Return the event of the job's request as the bus hands it on."""
    [event] = [event for event in bench.runtime.ports.events.of_job(job.id) if event.type == "JobRequested"]
    return json.dumps({"source": "pressroom", "detail-type": event.type, "detail": event.as_cloudevent()})


def _wake(job: Job) -> None:
    waking.handler(batch("press-wake", json.dumps({"job_id": job.id})), CONTEXT)


def test_a_request_starts_an_execution_that_is_named_by_its_job(bench: Bench, here: Carried) -> None:
    job = bench.request()
    assert starting.handler(batch("press-work_through", _requested(bench, job)), CONTEXT) == {"batchItemFailures": []}
    assert here.executions.started == [("work_through", job.id, {"job_id": job.id})]


def test_a_request_that_is_told_twice_starts_one_execution(bench: Bench, here: Carried) -> None:
    told = _requested(bench, bench.request())
    assert starting.handler(batch("press-work_through", told, told), CONTEXT) == {"batchItemFailures": []}
    assert len(here.executions.started) == 1


def test_a_job_that_ended_meanwhile_is_not_started(bench: Bench, here: Carried) -> None:
    job = bench.request()
    told = _requested(bench, job)
    bench.runtime.runner.cancel(job.id)
    starting.handler(batch("press-work_through", told), CONTEXT)
    assert here.executions.started == []


def test_an_event_of_a_job_that_cannot_be_read_yet_comes_again(here: Carried) -> None:
    told = json.dumps({"detail": {"type": "JobRequested", "jobid": "job_unknown"}})
    answered = starting.handler(batch("press-work_through", told, receives=3), CONTEXT)
    assert answered == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    [(queue, receipt, after)] = here.words.shown_again
    assert (queue, receipt, after.total_seconds()) == ("press-work_through", "r0", 60)


def test_an_event_for_another_pipelines_queue_starts_nothing(bench: Bench, here: Carried) -> None:
    told = _requested(bench, bench.request())
    starting.handler(batch("press-another", told), CONTEXT)
    assert here.executions.started == []


def test_a_redriven_job_gets_an_execution_of_its_own(bench: Bench, here: Carried) -> None:
    job = bench.request()
    here.executions.start(job.pipeline, job.id, {"job_id": job.id})
    assert steps.handler(asked(job.id, "write"), CONTEXT)["go"] == "stop"
    here.executions.running[job.pipeline, job.id] = False  # it has failed with its job
    _wake(job)
    assert len(here.executions.started) == 1, "a job that has ended is walked through by nobody"
    for number in (1, 2):
        bench.runtime.runner.retry(job.id)
        _wake(job)
        _wake(job)
        name = f"{job.id}.{number}"
        assert here.executions.started[1:][number - 1 :] == [(job.pipeline, name, {"job_id": job.id})]
        steps.handler(asked(job.id, "write"), CONTEXT)
        here.executions.running[job.pipeline, name] = False


def test_a_step_redriven_while_another_branch_waits_gets_an_execution_beside_the_one_that_waits(
    bench: Bench, here: Carried
) -> None:
    job = bench.request()
    here.executions.start(job.pipeline, job.id, {"job_id": job.id})
    steps.handler(asked(job.id, "write"), CONTEXT)
    bench.runtime.runner.retry(job.id)
    [event] = [event for event in bench.runtime.ports.events.of_job(job.id) if event.type == "DeliveryRedriven"]
    told = json.dumps({"detail": event.as_cloudevent()})
    for _ in range(2):
        waking.handler(batch("press-wake", told), CONTEXT)
    assert [name for _, name, _ in here.executions.started] == [job.id, f"{job.id}.{event.id}"]
    assert all(len(name) <= 80 for _, name, _ in here.executions.started), "longer ones are refused by AWS"


def test_a_job_whose_first_word_was_lost_is_started_by_a_wake(bench: Bench, here: Carried) -> None:
    job = bench.request()
    _wake(job)
    assert [name for _, name, _ in here.executions.started] == [job.id]


def test_a_job_that_waits_for_its_upload_is_not_started() -> None:
    pipeline = a_pipeline(*Calls().steps("read"), name="reading", trigger=Upload(types=("image/png",), max_bytes=1000))
    bench = Bench(pipeline)
    with carried(bench.runtime) as here:
        job = bench.runtime.uploads.request("reading", {}).job
        starting.handler(batch("press-reading", _requested(bench, job)), CONTEXT)
        _wake(job)
        assert here.executions.started == []
        bench.runtime.uploads.start("reading", {}, b"\x89PNG\r\n\x1a\n", key=None)
        begun = bench.runtime.ports.jobs.find(limit=1)[0]
        starting.handler(batch("press-reading", _requested(bench, begun)), CONTEXT)
        assert [name for _, name, _ in here.executions.started] == [begun.id]
