"""State machines executed in moto, where something comes in between: a person, a crash, a second word, a redrive."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from pressroom.changes import Change
from pressroom.deliveries import Delivery, Task
from pressroom.errors import BadInput, Held
from pressroom.events import Event
from pressroom.following import Happening, Records
from pressroom.jobs import Job, JobStatus, StepStatus
from pressroom.pipeline import ForEach, On, Parallel, Step
from pressroom.retry import Policy
from tests.deployment.machine_steps import Gate, raises, says
from tests.deployment.walking import PATIENCE_SECONDS, Walk
from tests.engine import Calls, a_pipeline

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
    walk.died(job)
    walk.runtime.runner.retry(job.id)
    gate.opened.set()
    assert walk.ended(execution) == "SUCCEEDED"
    assert walk.job(job).status is JobStatus.COMPLETED
    assert calls.completed == ["slow", "dead", "after"]


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
