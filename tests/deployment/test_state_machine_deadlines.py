"""State machines executed in moto by a clock that is moved by hand: what is late, and what is redriven after that."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from pressroom.deployment.standing import Question
from pressroom.errors import BadInput, Unavailable
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import ForEach, Parallel, Pipeline, Step
from pressroom.retry import Policy
from pressroom.testing import ManualClock
from tests.deployment.machine_steps import Gate, channels, raises, says
from tests.deployment.walking import LEASE, PATIENCE_SECONDS, Walk, told
from tests.engine import Bench, Calls, Does, a_pipeline

SOON = timedelta(minutes=5)


def only_on(item: str, does: Does) -> Does:
    return lambda context: does(context) if context.item == item else None


def standing(walk: Walk, job: Job) -> dict[str, str]:
    return {path: record.status.value for path, record in walk.runtime.ports.jobs.steps(job.id).items()}


@dataclass
class Late:
    """A walk whose clock is moved by hand, past the deadline, as soon as everything but the slow step is done."""

    walk: Walk
    clock: ManualClock
    gate: Gate

    def run(self, done: int) -> tuple[Job, str]:
        """Let `done` steps be completed, then the deadline pass; return the job and the execution's end."""
        job = self.walk.request()
        execution = self.walk.start(job)
        assert self.gate.reached.wait(PATIENCE_SECONDS)
        self.completed(job, done)
        self.clock.advance(SOON)
        status = self.walk.ended(execution)
        return self.walk.job(job), status

    def completed(self, job: Job, count: int) -> None:
        while len([1 for type_, _ in self.walk.events(job) if type_ == "StepCompleted"]) < count:
            time.sleep(0.005)


def late(gate: Gate, pipeline: Pipeline) -> Late:
    clock = ManualClock()
    return Late(Walk(pipeline, clock=clock), clock, gate)


def test_an_optional_join_goes_on_without_the_branch_that_is_late(calls: Calls, gate: Gate) -> None:
    slow = [calls.step("slow", gate.wait), calls.step("further")]
    join = Parallel(calls.step("quick"), slow, deadline=SOON, optional=True)
    walked = late(gate, a_pipeline(join, calls.step("after")))
    job, status = walked.run(done=1)
    assert (job.status, status) == (JobStatus.COMPLETED, "SUCCEEDED")
    assert calls.completed == ["quick", "after"]
    assert standing(walked.walk, job)["slow"] == "passed_over"


PUT_OFF = Policy(first_wait=timedelta(hours=3), longest_wait=timedelta(hours=3))

TOO_LATE: dict[str, Callable[[Calls, Step], Pipeline]] = {
    "branches": lambda c, slow: a_pipeline(Parallel(c.step("quick"), slow, deadline=SOON), c.step("after")),
    "optional branches": lambda c, slow: a_pipeline(
        Parallel(c.step("quick"), [slow, c.step("further")], deadline=SOON, optional=True), c.step("after")
    ),
    "turns": lambda c, slow: a_pipeline(
        ForEach(says("over", ["a", "b"]), slow, deadline=SOON), on_failure=c.steps("tidy", "tell")
    ),
    "optional turns": lambda c, slow: a_pipeline(
        ForEach(says("over", ["a", "b"]), c.step("fit"), slow, deadline=SOON, optional=True), c.step("after")
    ),
    "a join inside a turn": lambda c, slow: a_pipeline(
        ForEach(says("over", ["a", "b"]), Parallel(slow, deadline=SOON, optional=True), c.step("behind"))
    ),
    "a whole job": lambda c, slow: a_pipeline(Parallel(c.step("quick"), slow), deadline=SOON),
}


@pytest.mark.parametrize("case", TOO_LATE)
def test_what_is_late_leads_to_the_same_events_as_embedded(case: str) -> None:
    def built(calls: Calls) -> Pipeline:
        return TOO_LATE[case](calls, calls.step("slow", raises(Unavailable("Not now.")), retry=PUT_OFF))

    bench = Bench(built(Calls()))
    same = bench.run()
    bench.later(seconds=SOON.total_seconds())
    expected = [told(type_, subject, same) for type_, subject in bench.events(same)]

    walk = Walk(built(Calls()), clock=(clock := ManualClock()))
    job = walk.request()
    execution = walk.start(job)
    before = [event for event in expected if event[0] == "StepFailed" or event[1] in ("quick", "fit[a]", "fit[b]")]
    while Counter(before) - Counter(walk.events(job)):
        time.sleep(0.005)
    clock.advance(SOON)
    assert walk.ended(execution) in ("SUCCEEDED", "FAILED")
    assert walk.job(job).status is bench.status(same)
    assert sorted(walk.events(job)) == sorted(expected)


def test_what_a_late_step_comes_to_is_kept_and_nothing_follows_from_it(calls: Calls, gate: Gate) -> None:
    slow = [calls.step("slow", gate.wait), calls.step("further")]
    walked = late(gate, a_pipeline(Parallel(calls.step("quick"), slow, deadline=SOON, optional=True)))
    job, _ = walked.run(done=1)
    gate.opened.set()
    walked.completed(job, 2)
    assert walked.walk.events(job)[-1] == ("StepCompleted", "slow")
    assert walked.walk.job(job).status is JobStatus.COMPLETED
    assert "further" not in calls.paths


def test_a_join_that_is_late_fails_the_job_which_then_does_what_it_does_on_a_failure(calls: Calls, gate: Gate) -> None:
    join = Parallel(calls.step("quick"), calls.step("slow", gate.wait), deadline=SOON)
    walked = late(gate, a_pipeline(join, calls.step("after"), on_failure=calls.steps("tell")))
    job, status = walked.run(done=1)
    assert (job.status, status) == (JobStatus.FAILED, "FAILED")
    assert calls.completed == ["quick", "tell"]
    assert job.error is not None
    assert "not done in time" in job.error.what


def test_a_loop_goes_on_without_the_turn_that_is_late(calls: Calls, gate: Gate) -> None:
    loop = channels(calls, only_on("a", gate.wait), deadline=SOON, optional=True)
    walked = late(gate, a_pipeline(loop, calls.step("after")))
    job, _ = walked.run(done=3)
    assert job.status is JobStatus.COMPLETED
    assert calls.completed[-1] == "after"
    assert standing(walked.walk, job)["send[a]"] == "passed_over"
    assert standing(walked.walk, job)["send[b%5B1%5D]"] == "completed"


def test_a_deadline_inside_a_loop_is_that_of_its_turn(calls: Calls, gate: Gate) -> None:
    inner = Parallel(calls.step("quick"), calls.step("slow", only_on("x", gate.wait)), deadline=SOON, optional=True)
    walked = late(gate, a_pipeline(ForEach(says("over", ["x", "y"]), inner, calls.step("behind"))))
    job, status = walked.run(done=4)
    assert (job.status, status) == (JobStatus.COMPLETED, "SUCCEEDED")
    assert standing(walked.walk, job)["slow[x]"] == "passed_over"
    assert standing(walked.walk, job)["slow[y]"] == "completed"
    assert sorted(path for path in calls.completed if path.startswith("behind")) == ["behind[x]", "behind[y]"]


def test_a_whole_job_that_takes_too_long_fails(calls: Calls, gate: Gate) -> None:
    walked = late(gate, a_pipeline(calls.step("slow", gate.wait), calls.step("after"), deadline=SOON))
    job, status = walked.run(done=0)
    assert (job.status, status) == (JobStatus.FAILED, "FAILED")
    assert calls.completed == []


def test_a_deadline_that_somebody_else_dealt_with_ends_the_waiting_for_it(calls: Calls, gate: Gate) -> None:
    join = Parallel(calls.step("quick"), calls.step("slow", gate.wait), deadline=SOON, optional=True)
    walk = Walk(a_pipeline(join, calls.step("after")), clock=(clock := ManualClock()))
    job = walk.request()
    execution = walk.start(job)
    assert gate.reached.wait(PATIENCE_SECONDS)
    with walk.asking_held_up():
        clock.advance(SOON)
        passed = walk.runtime.ports.queue.claim_one(join.name, LEASE, job_id=job.id)
        assert passed is not None
        walk.runtime.runner.execution.run(passed)
    assert walk.ended(execution) == "SUCCEEDED"
    assert walk.job(job).status is JobStatus.COMPLETED


def test_a_deadline_that_somebody_else_holds_is_waited_for_once_more(calls: Calls, gate: Gate) -> None:
    join = Parallel(calls.step("quick"), calls.step("slow", gate.wait), deadline=SOON, optional=True)
    walk = Walk(a_pipeline(join, calls.step("after")), clock=(clock := ManualClock()))
    job = walk.request()
    execution = walk.start(job)
    assert gate.reached.wait(PATIENCE_SECONDS)
    with walk.asking_held_up():
        clock.advance(SOON)
        vanished = walk.runtime.ports.queue.claim_one(join.name, LEASE, job_id=job.id)
    assert vanished is not None
    while walk.asked.count(join.name) < 2:
        time.sleep(0.005)
    assert walk.job(job).status is JobStatus.PROCESSING
    clock.advance(LEASE)
    assert walk.ended(execution) == "SUCCEEDED"
    assert calls.completed == ["quick", "after"]
    assert walk.asked.count("slow") == 1, "the branches were not begun anew for that"


# --- redriven after the deadline


def test_a_join_that_is_redriven_after_its_deadline_has_all_the_time_it_needs(calls: Calls) -> None:
    loop = channels(calls, only_on("a", raises(BadInput("No."), 1)), deadline=SOON)
    walk = Walk(a_pipeline(loop, calls.step("after")), clock=(clock := ManualClock()))
    job, status = walk.walk()
    assert (job.status, status) == (JobStatus.FAILED, "FAILED")
    clock.advance(2 * SOON)
    walk.run(Question(job.id, loop.name))  # the deadline, which finds nothing to do
    walk.runtime.runner.retry(job.id)
    assert walk.ended(walk.start(job, 1)) == "SUCCEEDED"
    assert walk.job(job).status is JobStatus.COMPLETED
    assert calls.completed[-2:] == ["send[a]", "after"]


def test_a_redriven_join_does_not_wait_for_what_its_deadline_has_passed_over(calls: Calls, gate: Gate) -> None:
    dead = calls.step("dead", raises(BadInput("No."), 1))
    join = Parallel(dead, [calls.step("slow", gate.wait), calls.step("further")], deadline=SOON)
    walk = Walk(a_pipeline(join, calls.step("after")), clock=(clock := ManualClock()))
    job = walk.request()
    execution = walk.start(job)
    assert gate.reached.wait(PATIENCE_SECONDS)
    walk.died(job)
    clock.advance(SOON)
    assert walk.ended(execution) == "FAILED"
    walk.runtime.runner.retry(job.id)
    assert walk.ended(walk.start(job, 1)) == "SUCCEEDED"
    assert calls.completed == ["dead", "after"]
    assert standing(walk, job)["slow"] == "passed_over"
