"""Events that jobs wait for, outcomes, and what becomes of a job as a whole; joins and loops are beside this file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.changes import Change
from pressroom.errors import BadInput, Held, Problem, Skip, Unavailable
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus, StepStatus
from pressroom.media import Asset
from pressroom.pipeline import On, Outcome, Parallel
from pressroom.retry import Policy
from tests.engine import Bench, Calls, a_pipeline

HOUR = timedelta(hours=1)


class Words(BaseModel):
    text: str


def raises(error: BaseException) -> Any:
    def does(context: Context) -> None:
        raise error

    return does


@pytest.fixture
def calls() -> Calls:
    return Calls()


# --- On


def arrived(bench: Bench, job: Job | None, subject: str = "images/1.png", type: str = "PaperArrived") -> int:
    event = Event(type=type, subject=subject, time=bench.clock.now(), job_id=job.id if job else None)
    bench.runtime.bus.commit(Change(events=(event,)))
    return bench.work()


def test_a_gate_opens_with_the_event_of_its_job(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw"), On("PaperArrived", "images/"), calls.step("post")))
    job = bench.run()
    assert bench.standing(job)["on_paper_arrived"] == "waiting"
    arrived(bench, job)
    assert calls.paths == ["draw", "post"]
    output = bench.records(job)["on_paper_arrived"].output
    assert output["subject"] == "images/1.png"


def test_an_event_that_comes_before_the_gate_is_reached_is_kept_for_it(calls: Calls) -> None:
    bench = Bench(
        a_pipeline(
            calls.step("draw", lambda _: Outcome(events=(("PaperArrived", "images/1.png", {}),))),
            calls.step("write"),
            On("PaperArrived", "images/"),
            calls.step("post"),
        )
    )
    assert bench.run().status is JobStatus.COMPLETED
    assert calls.paths == ["draw", "write", "post"]


@pytest.mark.parametrize(
    ("subject", "type"), [("uploads/1.png", "PaperArrived"), ("images/1.png", "PaperLeft")], ids=["subject", "type"]
)
def test_an_event_that_the_gate_does_not_wait_for_leaves_it_shut(calls: Calls, subject: str, type: str) -> None:
    bench = Bench(a_pipeline(On("PaperArrived", "images/"), calls.step("post")))
    job = bench.run()
    arrived(bench, job, subject, type)
    assert bench.standing(job) == {"on_paper_arrived": "waiting"}


def test_the_event_of_another_job_or_of_none_leaves_a_gate_shut(calls: Calls) -> None:
    bench = Bench(a_pipeline(On("PaperArrived", "images/"), calls.step("post")))
    job, other = bench.run(), bench.run()
    arrived(bench, other)
    assert arrived(bench, None) == 0, "nobody is handed it"
    assert bench.standing(job) == {"on_paper_arrived": "waiting"}
    assert bench.status(other) is JobStatus.COMPLETED


def test_the_same_event_twice_opens_a_gate_once(calls: Calls) -> None:
    bench = Bench(a_pipeline(On("PaperArrived", "images/"), calls.step("post"), On("InkArrived")))
    job = bench.run()
    arrived(bench, job)
    arrived(bench, job, "images/2.png")
    assert calls.paths == ["post"]
    assert bench.events(job, "StepCompleted") == [("StepCompleted", "on_paper_arrived"), ("StepCompleted", "post")]
    assert bench.records(job)["on_paper_arrived"].output["subject"] == "images/1.png"


def test_a_gate_in_a_branch_lets_the_join_wait_for_its_event(calls: Calls) -> None:
    bench = Bench(
        a_pipeline(Parallel(calls.step("draw"), [On("PaperArrived"), calls.step("print_it")]), calls.step("post"))
    )
    job = bench.run()
    assert calls.paths == ["draw"]
    arrived(bench, job)
    assert calls.paths == ["draw", "print_it", "post"]


# --- the job as a whole


def test_a_job_that_is_not_done_by_the_pipelines_deadline_fails(calls: Calls) -> None:
    bench = Bench(a_pipeline(On("PaperArrived"), calls.step("post"), deadline=HOUR))
    job = bench.run()
    bench.later(minutes=59)
    assert bench.status(job) is JobStatus.PENDING
    bench.later(minutes=1)
    ended = bench.job(job)
    assert ended.status is JobStatus.FAILED
    assert ended.error is not None
    assert ended.error.kind == "DeadlinePassed"
    arrived(bench, job)
    assert calls.paths == []


def test_the_deadline_of_a_job_that_is_done_changes_nothing(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("post"), deadline=HOUR))
    job = bench.run()
    bench.later(hours=2)
    assert bench.job(job) == job


def test_what_is_for_failures_runs_once_and_is_told_why(calls: Calls) -> None:
    told: list[Problem] = []

    def apologise(error: Problem) -> None:
        told.append(error)

    bench = Bench(
        a_pipeline(
            Parallel(calls.step("draw", raises(BadInput("No paint."))), calls.step("write")), on_failure=[apologise]
        )
    )
    job = bench.run()
    assert job.status is JobStatus.FAILED
    assert [error.what for error in told] == ["No paint."]
    assert bench.events(job)[-1][0] == "JobFailed", "the job is over when that has run"


def test_what_is_for_failures_does_not_run_otherwise(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw"), on_failure=[calls.step("apologise")]))
    assert bench.run().status is JobStatus.COMPLETED
    assert calls.paths == ["draw"]


def test_what_is_for_failures_may_fail_too(calls: Calls) -> None:
    bench = Bench(
        a_pipeline(
            calls.step("draw", raises(BadInput("No paint."))),
            on_failure=[calls.step("apologise", raises(BadInput("No words.")))],
        )
    )
    job = bench.run()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.what == "2 steps failed. No paint. No words."


def test_what_is_for_failures_runs_when_the_pipelines_deadline_passes(calls: Calls) -> None:
    told: list[Problem] = []

    def apologise(error: Problem) -> None:
        told.append(error)

    bench = Bench(
        a_pipeline(calls.step("draw"), On("PaperArrived"), calls.step("post"), deadline=HOUR, on_failure=[apologise])
    )
    job = bench.run()
    bench.later(hours=1)
    ended = bench.job(job)
    assert ended.status is JobStatus.FAILED
    assert [error.kind for error in told] == ["DeadlinePassed"]
    assert ended.error == told[0]
    assert calls.paths == ["draw"]


def test_an_outcome_brings_its_output_events_assets_phase_and_result(calls: Calls) -> None:
    bench: Bench

    def does(context: Context) -> Outcome[Words]:
        asset = Asset(
            key="images/1.png",
            revision=1,
            media_type="image/png",
            bytes=3,
            sha256="abc",
            created_at=bench.clock.now(),
            job_id=context.job.id,
        )
        return Outcome(
            output=Words(text="Boo"),
            assets=(asset,),
            events=(("PaperArrived", "tray", {"sheets": 3}),),
            phase="drawn",
            result={"image": asset.key},
        )

    bench = Bench(a_pipeline(calls.step("draw", does)))
    job = bench.run()
    assert (job.phase, job.result) == ("drawn", {"image": "images/1.png"})
    assert bench.records(job)["draw"].output == {"text": "Boo"}
    assert bench.runtime.ports.assets.get("images/1.png") is not None
    told = [event for event in bench.runtime.ports.events.of_job(job.id) if event.type.endswith(("Stored", "Arrived"))]
    assert [(event.type, event.subject) for event in told] == [
        ("AssetStored", "images/1.png"),
        ("PaperArrived", "tray"),
    ]
    assert told[1].data == {"sheets": 3}
    completed = next(e for e in bench.runtime.ports.events.of_job(job.id) if e.type == "StepCompleted")
    assert {event.cause_id for event in told} == {completed.id}


def test_a_step_with_nothing_to_do_ends_the_job_as_skipped(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("look", raises(Skip("No theme today."))), calls.step("draw")))
    job = bench.run()
    assert job.status is JobStatus.SKIPPED
    assert job.error is not None
    assert job.error.what == "No theme today."
    assert calls.paths == ["look"]


def test_a_step_that_a_person_must_decide_about_holds_the_job(calls: Calls) -> None:
    bench = Bench(
        a_pipeline(
            Parallel(calls.step("post", raises(Held("Is it there?"))), [*calls.steps("archive", "index")]),
            calls.step("tell"),
        )
    )
    job = bench.request()
    bench.work()
    held = bench.job(job)
    assert held.status is JobStatus.HELD
    assert held.error is not None
    assert held.error.what == "Is it there?"
    assert calls.completed == ["archive", "index"], "the other branch goes on"
    assert bench.records(job)["post"].status is StepStatus.HELD
    assert bench.letters(job) == []


def test_a_job_that_was_held_goes_on_once_a_deadline_has_passed_over_what_held_it(calls: Calls) -> None:
    bench = Bench(
        a_pipeline(
            Parallel(calls.step("post", raises(Held("Is it there?"))), deadline=HOUR, optional=True), On("PaperArrived")
        )
    )
    job = bench.run()
    assert job.status is JobStatus.HELD
    bench.later(hours=1)
    assert bench.status(job) is JobStatus.PROCESSING


def test_a_step_that_ends_the_process_fails_alone_and_not_the_worker(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw", raises(SystemExit(3)))))
    job = bench.run()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert "SystemExit" in job.error.what


def test_deliveries_of_a_job_that_was_cancelled_run_nothing(calls: Calls) -> None:
    bench = Bench(a_pipeline(Parallel(*calls.steps("draw", "write"))))
    job = bench.request()
    bench.runtime.runner.cancel(job.id)
    assert bench.work() == 2
    assert calls.paths == []


def test_a_job_cancelled_at_the_moment_when_it_begins_runs_nothing(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    job = bench.request()
    commit = bench.runtime.bus.commit

    def overtaken(change: Change) -> None:
        monkeypatch.setattr(bench.runtime.bus, "commit", commit)
        bench.runtime.runner.cancel(job.id)
        commit(change)

    monkeypatch.setattr(bench.runtime.bus, "commit", overtaken)
    bench.work()
    assert (bench.status(job), calls.paths) == (JobStatus.CANCELLED, [])
    assert bench.runtime.ports.queue.next_due(["steps"]) is None


def test_a_job_cancelled_while_a_step_runs_stays_cancelled(calls: Calls) -> None:
    bench: Bench

    def cancelled(context: Context) -> Outcome[Words]:
        bench.runtime.runner.cancel(context.job.id)
        return Outcome(output=Words(text="Boo"), result={"text": "Boo"})

    bench = Bench(a_pipeline(calls.step("draw", cancelled), calls.step("post")))
    job = bench.run()
    assert job.status is JobStatus.CANCELLED
    assert job.result == {}
    assert calls.paths == ["draw"]
    assert bench.runtime.ports.queue.next_due(["steps"]) is None


def test_a_delivery_whose_pipeline_is_not_installed_is_kept_for_a_person(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    job = bench.request()
    known = dict(bench.runtime.runner.execution.pipelines)
    bench.runtime.runner.execution.pipelines = {}
    bench.work()
    [letter] = bench.letters(job)
    assert "work_through" in letter.error.what
    bench.runtime.runner.execution.pipelines = known
    bench.runtime.runner.redrive(letter.id)
    bench.work()
    assert bench.status(job) is JobStatus.COMPLETED


def test_a_delivery_whose_step_was_renamed_is_kept_for_a_person(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    job = bench.request()
    bench.runtime.runner.execution.pipelines = {"work_through": a_pipeline(calls.step("paint"))}
    bench.work()
    [letter] = bench.letters(job)
    assert "draw" in letter.error.what
    assert calls.paths == []


def test_wherever_a_dead_step_is_told_of_it_is_said_what_tries_it_anew_and_nothing_is_promised(calls: Calls) -> None:
    def does(context: Context) -> None:
        raise Unavailable("The server is away.", todo="Is it on? It is tried again later.")

    bench = Bench(a_pipeline(calls.step("draw", does, retry=Policy(attempts=2))))
    job = bench.run()
    waiting = bench.records(job)["draw"].error
    assert waiting is not None
    assert waiting.todo == "Is it on? It is tried again later."
    ended = bench.patiently(job)
    [letter] = bench.letters(job)
    said = f"Is it on? It failed 2 times and is not tried any more: `pressroom dead redrive {letter.id}` tries it anew."
    assert letter.as_dict()["advice"] == said
    assert ended.error is not None
    assert ended.error.todo == said
    events = {event.type: event.data for event in bench.runtime.ports.events.of_job(job.id)}
    assert {events[type_]["error"]["todo"] for type_ in ("StepFailed", "DeliveryDied", "JobFailed")} == {said}
