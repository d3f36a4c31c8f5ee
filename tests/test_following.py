"""What follows from a happening: the item of a turn, why a job fails, when it is held or goes on."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.errors import PressroomError, Problem
from pressroom.following import Following, Happening, item_of, why_failed
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus
from pressroom.pipeline import ForEach, Parallel, PipelineSettings
from pressroom.testing import ManualClock
from tests.engine import Bench, Calls, a_pipeline


def outer(job: Any) -> list[Any]:
    return []


def inner(job: Any) -> list[Any]:
    return []


def record(path: str, status: StepStatus = StepStatus.COMPLETED, output: Any = None, error: str = "") -> StepRecord:
    problem = Problem(error) if error else None
    return StepRecord(job_id="job_1", path=path, status=status, output=output, error=problem)


def records(*all_of_them: StepRecord) -> dict[str, StepRecord]:
    return {one.path: one for one in all_of_them}


def following_of(bench: Bench, job: Job) -> Following:
    return Following(
        pipeline=bench.pipeline,
        settings=PipelineSettings(),
        provide=lambda *_: None,
        job=job,
        now=ManualClock().now(),
    )


LOOPS = a_pipeline(
    *Calls().steps("draw"),
    ForEach(outer, *Calls().steps("fit"), ForEach(inner, Parallel(*Calls().steps("crop", "tone")))),
)


def test_a_step_outside_every_loop_has_no_item() -> None:
    assert item_of(LOOPS, records(record("each_outer", output=["main"])), "draw") is None


def test_the_item_is_that_of_the_innermost_loop() -> None:
    known = records(
        record("each_outer", output=["main", "sky"]), record("each_inner[sky]", output=[{"width": 3}, {"width": 4}])
    )
    assert item_of(LOOPS, known, "fit[sky]") == "sky"
    assert item_of(LOOPS, known, "crop[sky][1]") == {"width": 4}


def test_an_item_with_brackets_is_found_by_its_label() -> None:
    known = records(record("each_outer", output=["x[1]"]), record("each_inner[x%5B1%5D]", output=[7]))
    assert item_of(LOOPS, known, "fit[x%5B1%5D]") == "x[1]"
    assert item_of(LOOPS, known, "crop[x%5B1%5D][0]") == 7


def test_the_error_of_the_one_step_that_failed_is_why() -> None:
    pipeline = a_pipeline(*Calls().steps("draw"))
    assert why_failed(pipeline, records(record("draw", StepStatus.FAILED, error="No paint."))) == Problem("No paint.")


def test_several_errors_are_told_together() -> None:
    pipeline = a_pipeline(Parallel(*Calls().steps("draw", "write")))
    failed = records(
        record("draw", StepStatus.FAILED, error="No paint."),
        record("write", StepStatus.FAILED, error="No ink."),
        record("together_draw_write", StepStatus.FAILED),
    )
    assert why_failed(pipeline, failed).what == "2 steps failed. No paint. No ink."


def test_what_an_optional_join_passed_over_is_not_why() -> None:
    pipeline = a_pipeline(
        ForEach(outer, *Calls().steps("draw"), optional=True), Parallel(*Calls().steps("write"), optional=True)
    )
    failed = records(
        record("draw[a]", StepStatus.FAILED, error="No paint."), record("write", StepStatus.FAILED, error="No ink.")
    )
    assert why_failed(pipeline, failed).what == "A step failed without saying why."


def test_a_decision_that_rests_on_a_job_changes_its_version_though_nothing_happened() -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw")))
    job = bench.request()
    following = following_of(bench, job)
    change = following.change(bench.records(job), Happening())
    assert [event.type for event in change.events] == ["JobAdvanced"]
    assert (change.jobs[0].before, change.jobs[0].after.version) == (job.version, job.version + 1)
    assert change.jobs[0].after.status is JobStatus.PENDING


@pytest.mark.parametrize("status", [StepStatus.READY, StepStatus.WAITING, StepStatus.HELD])
def test_a_job_does_not_complete_over_a_step_that_is_not_over(status: StepStatus) -> None:
    bench = Bench(a_pipeline(Parallel(*Calls().steps("draw", "write"))))
    job = bench.request()
    inconsistent = records(record("together_draw_write"), record("draw"), record("write", status))
    with pytest.raises(PressroomError, match=rf"must not complete: write \({status}\)"):
        following_of(bench, job).change(inconsistent, Happening())


def test_a_job_completes_although_what_a_failure_had_begun_is_not_over() -> None:
    calls = Calls()
    bench = Bench(a_pipeline(*calls.steps("draw"), on_failure=calls.steps("tell")))
    job = bench.request()
    redriven = records(record("draw"), record("tell", StepStatus.READY))
    events = following_of(bench, job).change(redriven, Happening()).events
    assert [event.type for event in events][-1] == "JobCompleted"
