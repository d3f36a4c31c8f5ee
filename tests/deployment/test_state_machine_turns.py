"""State machines executed in moto, where something comes in between: a deadline, a person, a crash, a second word."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from pressroom.arguments import Context
from pressroom.changes import Change
from pressroom.deliveries import Delivery, Task
from pressroom.deployment.standing import Question
from pressroom.errors import BadInput, Held
from pressroom.events import Event
from pressroom.following import Happening, Records
from pressroom.jobs import Job, JobStatus, StepStatus
from pressroom.pipeline import ForEach, On, Parallel, Pipeline, Step
from pressroom.retry import Policy
from pressroom.testing import ManualClock
from tests.deployment.test_state_machine_walks import channels, raises, says
from tests.deployment.walking import LEASE, PATIENCE_SECONDS, Walk
from tests.engine import Calls, Does, a_pipeline

SOON = timedelta(minutes=5)


@pytest.fixture
def calls() -> Calls:
    return Calls()


class Gate:
    """Where a step waits until the test lets it go on."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def wait(self, context: Context) -> None:
        self.reached.set()
        assert self.opened.wait(PATIENCE_SECONDS)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()


def only_on(item: str, does: Does) -> Does:
    return lambda context: does(context) if context.item == item else None


def standing(walk: Walk, job: Job) -> dict[str, str]:
    return {path: record.status.value for path, record in walk.runtime.ports.jobs.steps(job.id).items()}


# --- deadlines


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


# --- words that come twice, or in vain


def test_a_function_that_is_killed_is_asked_again(calls: Calls) -> None:
    walk = Walk(a_pipeline(*calls.steps("one", "two")), breaks=["one", "two"])
    job, status = walk.walk()
    assert (job.status, status) == (JobStatus.COMPLETED, "SUCCEEDED")
    assert walk.asked == ["one", "one", "two", "two", "the job"]


def test_a_step_that_somebody_else_holds_is_waited_for(calls: Calls) -> None:
    walk = Walk(a_pipeline(calls.step("one")))
    job = walk.request()
    vanished = walk.runtime.ports.queue.claim_one("one", timedelta(seconds=0.5), job_id=job.id)
    assert vanished is not None
    assert walk.ended(walk.start(job)) == "SUCCEEDED"
    assert calls.paths == ["one"]
    assert walk.asked[0] == "one"
    assert 2 <= walk.asked.count("one") <= 4, "it asked at the end of the lease, not all the time"


def test_two_executions_of_a_job_do_everything_once(calls: Calls) -> None:
    walk = Walk(a_pipeline(calls.step("one"), Parallel(*calls.steps("left", "right")), calls.step("after")))
    job = walk.request()
    executions = [walk.start(job, number) for number in (0, 1)]
    assert [walk.ended(execution) for execution in executions] == ["SUCCEEDED"] * 2
    assert walk.job(job).status is JobStatus.COMPLETED
    assert Counter(calls.paths) == Counter(["one", "left", "right", "after"])


def test_an_execution_for_a_job_that_is_over_asks_nothing_more_of_it(calls: Calls) -> None:
    walk = Walk(a_pipeline(*calls.steps("one", "two")))
    job, _ = walk.walk()
    assert walk.ended(walk.start(job, 1)) == "SUCCEEDED"
    assert calls.paths == ["one", "two"]


# --- pauses


def resume(walk: Walk, job: Job, path: str, queue: str = "steps") -> None:
    """Let a held step go on, as a decision at the desk does."""

    def happening(records: Records) -> Happening:
        ready = replace(records[path], status=StepStatus.READY, error=None)
        again = Delivery(queue=queue, task=Task.STEP, name=path, job_id=job.id)
        return Happening(records=(ready,), deliveries=(again,))

    walk.runtime.runner.execution.commit(walk.pipeline, walk.job(job), happening)


def test_a_job_that_waits_for_an_event_is_paused_until_its_token_is_answered(calls: Calls) -> None:
    walk = Walk(a_pipeline(calls.step("one"), On("PhotoSeen"), calls.step("two")))
    job = walk.request()
    execution = walk.start(job)
    assert walk.paused.wait(PATIENCE_SECONDS)
    assert calls.paths == ["one"]
    seen = Event(type="PhotoSeen", subject="photo", time=walk.runtime.ports.clock.now(), job_id=job.id)
    walk.runtime.bus.commit(Change(events=(seen,)))
    walk.hand_over()
    walk.let_go("on_photo_seen")
    assert walk.ended(execution) == "SUCCEEDED"
    assert calls.paths == ["one", "two"]


def test_a_token_that_is_answered_for_nothing_leads_to_another_pause(calls: Calls) -> None:
    walk = Walk(a_pipeline(calls.step("one", raises(Held("Look at this."), 1)), calls.step("two")))
    job = walk.request()
    execution = walk.start(job)
    for _ in range(2):
        assert walk.paused.wait(PATIENCE_SECONDS)
        assert walk.job(job).status is JobStatus.HELD
        walk.let_go("one")
    assert walk.paused.wait(PATIENCE_SECONDS)
    resume(walk, job, "one")
    walk.let_go("one")
    assert walk.ended(execution) == "SUCCEEDED"
    assert calls.completed == ["one", "two"]


def test_a_job_that_is_cancelled_while_it_waits_does_nothing_more(calls: Calls) -> None:
    walk = Walk(a_pipeline(calls.step("one", raises(Held("Look at this."))), calls.step("two")))
    job = walk.request()
    execution = walk.start(job)
    assert walk.paused.wait(PATIENCE_SECONDS)
    walk.runtime.runner.cancel(job.id)
    walk.let_go("one")
    assert walk.ended(execution) == "SUCCEEDED"
    assert calls.paths == ["one"]
    assert walk.job(job).status is JobStatus.CANCELLED


def test_a_job_that_is_cancelled_while_a_step_runs_does_nothing_more(calls: Calls, gate: Gate) -> None:
    walk = Walk(a_pipeline(calls.step("one", gate.wait), calls.step("two")))
    job = walk.request()
    execution = walk.start(job)
    assert gate.reached.wait(PATIENCE_SECONDS)
    walk.runtime.runner.cancel(job.id)
    gate.opened.set()
    assert walk.ended(execution) == "SUCCEEDED"
    assert walk.job(job).status is JobStatus.CANCELLED
    assert calls.paths == ["one"]


# --- redriven


def died(walk: Walk, job: Job) -> None:
    """Wait until something of the job is dead."""
    while not walk.runtime.ports.dead_letters.find(job_id=job.id):
        time.sleep(0.005)


def test_a_redriven_job_goes_on_from_the_step_that_failed(calls: Calls) -> None:
    steps = [calls.step("one"), calls.step("two", raises(BadInput("No."), 1)), calls.step("three")]
    walk = Walk(a_pipeline(*steps, on_failure=calls.steps("tell")))
    job, status = walk.walk()
    assert (job.status, status) == (JobStatus.FAILED, "FAILED")
    walk.runtime.runner.retry(job.id)
    assert walk.ended(walk.start(job, 1)) == "SUCCEEDED"
    assert walk.job(job).status is JobStatus.COMPLETED
    assert calls.completed == ["one", "tell", "two", "three"]


def test_a_step_that_is_redriven_while_the_branch_beside_it_runs_is_done_by_the_same_execution(
    calls: Calls, gate: Gate
) -> None:
    dead = calls.step("dead", raises(BadInput("No."), 1))
    walk = Walk(a_pipeline(Parallel(dead, calls.step("slow", gate.wait)), calls.step("after")))
    job = walk.request()
    execution = walk.start(job)
    assert gate.reached.wait(PATIENCE_SECONDS)
    died(walk, job)
    walk.runtime.runner.retry(job.id)
    gate.opened.set()
    assert walk.ended(execution) == "SUCCEEDED"
    assert walk.job(job).status is JobStatus.COMPLETED
    assert calls.completed == ["slow", "dead", "after"]


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
    died(walk, job)
    clock.advance(SOON)
    assert walk.ended(execution) == "FAILED"
    walk.runtime.runner.retry(job.id)
    assert walk.ended(walk.start(job, 1)) == "SUCCEEDED"
    assert calls.completed == ["dead", "after"]
    assert standing(walk, job)["slow"] == "passed_over"


# --- channels


def test_each_post_goes_through_the_queue_of_its_channel_and_its_answer_comes_back(calls: Calls) -> None:
    send = calls.step("send", queue="publish.{item}", retry=Policy(first_wait=timedelta(milliseconds=20)))
    over = says("over", ["a", "b"])
    walk = Walk(a_pipeline(ForEach(over, calls.step("fit"), send), calls.step("after")))
    with walk.channels("a", "b"):
        job, status = walk.walk()
    assert (job.status, status) == (JobStatus.COMPLETED, "SUCCEEDED")
    assert sorted(calls.completed) == ["after", "fit[a]", "fit[b]", "send[a]", "send[b]"]
    assert walk.received == {"send[a]": "publish.a", "send[b]": "publish.b"}


def test_a_post_whose_answer_never_comes_is_sent_again(calls: Calls) -> None:
    walk = Walk(a_pipeline(Step(calls.step("send").run, queue="publish.a")), breaks=["send"], answer_seconds=2)
    with walk.channels("a"):
        job, status = walk.walk()
    assert (job.status, status) == (JobStatus.COMPLETED, "SUCCEEDED")
    assert calls.paths == ["send"]
    assert walk.asked.count("send") >= 2
