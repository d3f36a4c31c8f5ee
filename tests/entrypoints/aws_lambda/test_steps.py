"""The function that runs steps: once each, whatever word comes twice, late, or for what somebody else has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pressroom.deliveries import Delivery
from pressroom.deployment.standing import timestamp
from pressroom.entrypoints.aws_lambda import look, steps
from pressroom.entrypoints.aws_lambda._invocation import MARGIN
from pressroom.errors import Unavailable
from pressroom.nodes import Parallel
from pressroom.retry import Policy
from tests.carried import Carried, asked, carried
from tests.engine import Bench, Calls, a_pipeline
from tests.lambdas import LambdaContext

TIME_OUT = timedelta(seconds=840)


def _context(left: timedelta = TIME_OUT) -> LambdaContext:
    return LambdaContext("press-steps", remaining_ms=int(left.total_seconds() * 1000))


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def bench(calls: Calls) -> Bench:
    return Bench(a_pipeline(*calls.steps("write", "draw")))


@pytest.fixture(autouse=True)
def here(bench: Bench) -> Iterator[Carried]:
    with carried(bench.runtime) as made:
        yield made


def _run(job_id: str, path: str) -> dict[str, Any]:
    return steps.handler(asked(job_id, path), _context())


def test_a_job_is_walked_through_step_by_step(bench: Bench, calls: Calls) -> None:
    job = bench.request()
    assert _run(job.id, "write") == {"go": "on", "at": None, "chosen": None, "turns": []}
    assert bench.status(job) == "processing"
    # The job ends with its last step, and whoever asks then is told that nothing more happens.
    assert _run(job.id, "draw")["go"] == "stop"
    assert bench.status(job) == "completed"
    assert look.handler(asked(job.id), _context())["go"] == "on"
    assert calls.completed == ["write", "draw"]


def test_a_word_that_comes_twice_runs_nothing_twice(bench: Bench, calls: Calls) -> None:
    job = bench.request()
    assert [_run(job.id, "write")["go"] for _ in range(3)] == ["on"] * 3
    assert calls.paths == ["write"]


def test_a_word_for_what_somebody_else_has_is_told_to_come_again_when_that_claim_ends(
    bench: Bench, calls: Calls
) -> None:
    job = bench.request()
    lease = timedelta(minutes=3)
    assert bench.runtime.ports.queue.claim_one("write", lease, job_id=job.id)
    ends = bench.clock.now() + lease
    assert _run(job.id, "write") == {"go": "again", "at": timestamp(ends), "chosen": None, "turns": []}
    assert calls.paths == []
    bench.clock.advance(lease)
    assert _run(job.id, "write")["go"] == "on"


def test_what_is_claimed_stays_longer_than_the_function_may_run(bench: Bench) -> None:
    ends: list[Any] = []
    ports = bench.runtime.ports

    def peek(context: Any) -> None:
        ends.append(ports.queue.due("peek", job_id=context.job.id))

    other = Bench(a_pipeline(Calls().step("peek", peek), name="peeking"))
    ports = other.runtime.ports
    with carried(other.runtime):
        _run(other.request().id, "peek")
    assert ends == [other.clock.now() + TIME_OUT + MARGIN]


def test_a_function_that_was_killed_comes_again_and_is_counted_as_lost_not_as_failed(
    bench: Bench, calls: Calls
) -> None:
    job = bench.request()
    lease = TIME_OUT + MARGIN
    for _ in range(2):
        assert bench.runtime.ports.queue.claim_one("write", lease, job_id=job.id)  # and then it is killed
        bench.clock.advance(lease)
    assert _run(job.id, "write")["go"] == "on"
    record = bench.records(job)["write"]
    assert (record.attempts, record.error) == (3, None)


def test_a_step_on_which_every_function_dies_is_given_up() -> None:
    calls = Calls()
    bench = Bench(a_pipeline(calls.step("write", retry=Policy(lost_workers=2))))
    with carried(bench.runtime):
        job = bench.request()
        for _ in range(2):
            assert bench.runtime.ports.queue.claim_one("write", timedelta(minutes=1), job_id=job.id)
            bench.clock.advance(timedelta(minutes=1))
        assert _run(job.id, "write")["go"] == "stop"
    assert bench.status(job) == "failed"
    assert calls.paths == []


def test_a_step_that_failed_is_to_be_asked_for_again_at_its_next_time() -> None:
    failing = [Unavailable("The model is away.")]
    calls = Calls()

    def write(_: Any) -> None:
        if failing:
            raise failing.pop()

    bench = Bench(a_pipeline(calls.step("write", write)))
    with carried(bench.runtime):
        job = bench.request()
        answered = _run(job.id, "write")
        due = bench.runtime.ports.queue.due("write", job_id=job.id)
        assert due is not None
        assert due > bench.clock.now()
        assert (answered["go"], answered["at"]) == ("again", timestamp(due))
        assert _run(job.id, "write")["at"] == timestamp(due), "too early changes nothing"
        bench.clock.advance(timedelta(minutes=1))
        assert _run(job.id, "write")["go"] == "stop"
    assert bench.status(job) == "completed"


def test_a_word_for_a_job_that_has_ended_finds_nothing_to_do(bench: Bench, calls: Calls) -> None:
    job = bench.request()
    bench.runtime.runner.cancel(job.id)
    assert _run(job.id, "write")["go"] == "stop"
    assert calls.paths == []
    assert bench.runtime.ports.queue.due("write", job_id=job.id) is None, "its delivery is settled by that"


def test_a_word_for_a_job_that_nobody_knows_ends_its_execution(bench: Bench) -> None:
    assert _run("job_unknown", "write")["go"] == "stop"
    assert look.handler(asked("job_unknown"), _context())["go"] == "stop"


def test_what_could_not_be_settled_comes_again_with_its_lease(
    bench: Bench, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = bench.request()

    def run(delivery: Delivery) -> None:
        raise Unavailable("The table is throttled.")

    monkeypatch.setattr(bench.runtime.runner.execution, "run", run)
    answered = _run(job.id, "write")
    assert (answered["go"], answered["at"]) == ("again", timestamp(bench.clock.now() + TIME_OUT + MARGIN))


def test_a_deadline_is_run_by_its_path_and_not_before_its_time() -> None:
    calls = Calls()
    minutes = timedelta(minutes=10)
    pipeline = a_pipeline(Parallel(*calls.steps("narrate", "draw"), deadline=minutes), *calls.steps("mail"))
    bench = Bench(pipeline)
    with carried(bench.runtime):
        job = bench.request()
        [join] = [node.name for node in pipeline.nodes() if isinstance(node, Parallel)]
        assert _run(job.id, join) == {
            "go": "enter",
            "at": timestamp(bench.clock.now() + minutes),
            "chosen": None,
            "turns": [],
        }
        _run(job.id, "narrate")
        bench.clock.advance(minutes)
        assert _run(job.id, join)["go"] == "stop"
    assert bench.standing(job)["draw"] == "passed_over"
    assert bench.status(job) == "failed"


def test_looking_changes_nothing(bench: Bench, calls: Calls) -> None:
    job = bench.request()
    before = bench.events(job)
    assert look.handler(asked(job.id, "write"), _context())["go"] == "again"
    assert look.handler(asked(job.id), _context())["go"] == "enter"
    assert (calls.paths, bench.events(job)) == ([], before)
