"""A step that still runs when the deadline of its join passes: what it makes is kept, and nothing follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.errors import BadInput, Deferred, Held, LeaseLost, Skip, Unavailable
from pressroom.jobs import Job, JobStatus, fold
from pressroom.pipeline import Choice, ForEach, On, Outcome, Parallel, Part, Step
from pressroom.retention import remove_expired
from pressroom.retry import Policy
from pressroom.testing import work_off
from pressroom.worker import Worker
from tests.engine import Bench, Calls, a_pipeline

HOUR = timedelta(hours=1)
LEASE = timedelta(days=1)
QUICK = Policy(first_wait=timedelta(seconds=1), longest_wait=timedelta(seconds=1))


class Words(BaseModel):
    text: str


def is_wanted() -> bool:
    return True


class Late:
    """A pipeline whose `draw` is overtaken by the deadline of its join, and then ends as the test says."""

    def __init__(
        self,
        ends: Callable[[Context, Assets], Any],
        *,
        after: Callable[[Calls], list[Part]] = lambda calls: [calls.step("post")],
        optional: bool = True,
        beside: Part | None = None,
        within: Callable[[Part], Part] = lambda draw: draw,
        meanwhile: Callable[[Late], Any] = lambda late: None,
    ) -> None:
        self.calls = Calls()

        def draw(context: Context, assets: Assets) -> Any:
            self.calls.paths.append("draw")
            self.bench.clock.advance(HOUR)
            work_off(self.bench.runtime)  # the deadline comes while this step runs
            meanwhile(self)
            return ends(context, assets)

        branch = [within(Step(draw, retry=QUICK)), self.calls.step("frame")]
        join = Parallel(branch, beside or self.calls.step("write"), deadline=HOUR, optional=optional)
        self.bench = Bench(
            a_pipeline(join, *after(self.calls), keep=timedelta(hours=30)),
            worker={"lease_seconds": LEASE.total_seconds()},
        )
        self.job = self.bench.request()
        self.bench.work()
        self.bench.later(hours=3)

    @property
    def now(self) -> Job:
        return self.bench.job(self.job)

    def events(self, type_: str) -> list[dict[str, Any]]:
        found = self.bench.runtime.ports.events.of_job(self.job.id)
        return [dict(event.data) for event in found if event.type == type_ and event.subject in ("draw", "draw.png")]

    def replayed(self) -> Job | None:
        return fold(self.bench.runtime.ports.events.of_job(self.job.id))


def makes_a_picture(context: Context, assets: Assets) -> Outcome[Words]:
    asset = assets.store("draw.png", b"a picture", job=context.job, media_type="image/png")
    return Outcome(
        output=Words(text="late"),
        assets=(asset,),
        events=(("PictureDrawn", asset.key, {}),),
        phase="drawn",
        result={"picture": asset.key},
    )


def raises(error: BaseException) -> Callable[[Context, Assets], Any]:
    def does(context: Context, assets: Assets) -> None:
        raise error

    return does


# --- what is kept


def test_what_it_returns_is_stored_and_announced_as_late() -> None:
    late = Late(makes_a_picture)
    record = late.bench.records(late.job)["draw"]
    assert (record.status, record.output) == ("passed_over", {"text": "late"})
    assert late.bench.runtime.assets.read("draw.png") == b"a picture"
    [completed] = late.events("StepCompleted")
    assert (completed["late"], completed["result"], "phase" in completed) == (True, {"picture": "draw.png"}, False)
    assert len(late.events("AssetStored")) == len(late.events("PictureDrawn")) == 1


def test_a_job_that_has_completed_stays_so_with_the_result_added() -> None:
    late = Late(makes_a_picture, after=lambda calls: [calls.step("post", lambda context: Outcome(phase="posted"))])
    job = late.now
    assert (job.status, job.phase, job.result) == (JobStatus.COMPLETED, "posted", {"picture": "draw.png"})
    [ended] = [at for at in late.bench.runtime.ports.events.of_job(job.id) if at.type == "JobCompleted"]
    assert job.completed_at == ended.time
    assert late.bench.events(late.job, "JobCompleted", "JobAdvanced", "JobResumed").count(("JobCompleted", job.id)) == 1
    assert late.replayed() == job
    late.bench.runtime.ports.jobs.rebuild(job.id)
    assert late.now == job


def test_a_job_that_goes_on_goes_on_as_it_did() -> None:
    late = Late(makes_a_picture, after=lambda calls: [On("PaperArrived"), calls.step("post")])
    assert late.bench.standing(late.job) == {
        "together_draw_write": "completed",
        "draw": "passed_over",
        "write": "completed",
        "on_paper_arrived": "waiting",
    }
    assert (late.now.status, late.now.result) == (JobStatus.PROCESSING, {"picture": "draw.png"})
    assert late.replayed() == late.now


def test_nothing_after_it_starts_and_it_is_not_begun_again() -> None:
    late = Late(makes_a_picture)
    assert sorted(late.calls.paths) == ["draw", "post", "write"]
    assert late.bench.runtime.ports.queue.next_due(["steps"]) is None


def test_a_job_that_failed_because_it_was_late_keeps_what_was_made() -> None:
    late = Late(makes_a_picture, optional=False)
    job = late.now
    assert (job.status, job.result) == (JobStatus.FAILED, {"picture": "draw.png"})
    assert job.error is not None
    assert job.error.kind == "DeadlinePassed"
    assert late.replayed() == job


def test_later_steps_are_given_the_same_arguments_before_and_after_it_came() -> None:
    seen: list[Words | None] = []
    tries = iter([Unavailable("Away."), None])

    def tell(words: Words | None) -> None:
        seen.append(words)
        if error := next(tries):
            raise error

    def ends(context: Context, assets: Assets) -> Outcome[Words]:
        return makes_a_picture(context, assets)

    late = Late(ends, after=lambda calls: [Step(tell, retry=Policy(first_wait=HOUR))])
    assert seen == [None, None]
    assert late.now.status is JobStatus.COMPLETED


def test_a_turn_of_a_loop_that_is_late_keeps_its_own_output() -> None:
    def channels(job: Job) -> list[str]:
        return ["main", "sky"]

    def fit(item: str) -> Words:
        if item == "main":
            bench.clock.advance(HOUR)
            work_off(bench.runtime)
        return Words(text=item)

    bench = Bench(
        a_pipeline(ForEach(channels, fit, deadline=HOUR, optional=True)),
        worker={"lease_seconds": LEASE.total_seconds()},
    )
    job = bench.run()
    records = bench.records(job)
    assert {path: (one.status.value, one.output) for path, one in records.items() if "[" in path} == {
        "fit[main]": ("passed_over", {"text": "main"}),
        "fit[sky]": ("completed", {"text": "sky"}),
    }
    assert bench.status(job) is JobStatus.COMPLETED


# --- what is not


@pytest.mark.parametrize(
    "error", [BadInput("Too late."), Unavailable("Away.", todo="It is tried again."), RuntimeError("a defect")]
)
def test_one_that_fails_late_is_told_of_and_not_tried_again(error: Exception) -> None:
    late = Late(raises(error))
    [failed] = late.events("StepFailed")
    assert (failed["late"], failed["retry_at"]) == (True, None)
    record = late.bench.records(late.job)["draw"]
    assert record.status == "passed_over"
    assert record.error is not None
    assert record.error.kind == type(error).__name__
    assert "tried again" not in record.error.todo
    assert (late.calls.paths.count("draw"), late.bench.letters(late.job), late.now.status) == (1, [], "completed")
    assert late.now.error is None
    assert late.replayed() == late.now
    assert late.bench.runtime.ports.queue.next_due(["steps"]) is None


@pytest.mark.parametrize("error", [Skip("Nothing to draw."), Held("Somebody must look.")])
def test_one_that_has_nothing_to_bring_changes_nothing(error: Exception) -> None:
    late = Late(raises(error), after=lambda calls: [On("PaperArrived")])
    assert late.now.status is JobStatus.PROCESSING
    assert late.events("StepFailed") == late.events("StepCompleted") == []
    assert late.bench.standing(late.job)["draw"] == "passed_over"
    assert late.bench.runtime.ports.queue.next_due(["steps"]) is None


def test_one_that_only_waits_is_not_begun_again() -> None:
    late = Late(lambda context, assets: raises(Deferred(late_until(context), "Not yet."))(context, assets))
    assert late.calls.paths.count("draw") == 1
    assert late.events("StepFailed") == []


def late_until(context: Context) -> Any:
    assert context.job.expires_at is not None
    return context.job.expires_at - timedelta(hours=28, minutes=30)


@pytest.mark.parametrize("how", ["cancelled", "expired"])
def test_a_job_whose_content_nobody_wants_any_more_takes_nothing(how: str) -> None:
    def end(late: Late) -> None:
        runtime = late.bench.runtime
        [job] = runtime.ports.jobs.find()
        if how == "cancelled":
            runtime.runner.cancel(job.id)
        else:
            late.bench.clock.advance(timedelta(hours=30))
            remove_expired(runtime, late.bench.clock.now())

    late = Late(makes_a_picture, after=lambda calls: [On("PaperArrived")], meanwhile=end)
    job = late.now
    assert (job.status.value, job.result) == (how, {})
    assert late.events("StepCompleted") == late.events("AssetStored") == []
    assert late.bench.records(late.job)["draw"].output is None
    assert late.bench.runtime.ports.assets.of_job(job.id) == []
    assert late.bench.runtime.ports.queue.next_due(["steps"]) is None


def test_one_that_is_killed_when_it_is_late_is_not_begun_again() -> None:
    calls, kept = Calls(), []
    join = Parallel(calls.step("draw"), calls.step("write"), deadline=HOUR, optional=True)
    bench = Bench(a_pipeline(join, On("PaperArrived")), worker={"lease_seconds": 7200})
    job = bench.request()
    worker = Worker(bench.runtime)
    kept += [one for one in worker.claim(["steps"], 10) if one.name == "draw"]  # and its worker is never seen again
    assert len(kept) == 1
    bench.later(hours=3)
    assert "draw" not in calls.paths
    assert bench.standing(job)["draw"] == "passed_over"
    assert bench.runtime.ports.queue.next_due(["steps"]) is None


def test_one_whose_process_ends_before_the_commit_leaves_nothing_behind() -> None:
    def ends_with_its_process(context: Context, assets: Assets) -> Any:
        makes_a_picture(context, assets)
        raise LeaseLost("Nothing of it is stored.")

    late = Late(ends_with_its_process)
    late.bench.later(hours=25)
    assert late.calls.paths.count("draw") == 1
    assert (late.now.result, late.bench.runtime.ports.assets.of_job(late.job.id)) == ({}, [])
    assert late.events("StepCompleted") == late.events("AssetStored") == []
    assert late.bench.runtime.ports.queue.next_due(["steps"]) is None


@pytest.mark.parametrize("within", [lambda draw: draw, lambda draw: Choice(is_wanted, [draw])])
def test_a_join_that_a_redrive_opens_again_does_not_go_on_behind_what_was_late(
    within: Callable[[Part], Part],
) -> None:
    tries = iter([BadInput("No ink."), None])

    def write(context: Context) -> None:
        if error := next(tries):
            raise error

    late = Late(makes_a_picture, beside=Step(write), within=within)
    late.bench.runtime.runner.retry(late.job.id)
    late.bench.work()
    assert late.now.status is JobStatus.COMPLETED
    assert late.bench.standing(late.job)["write"] == "completed"
    assert "frame" not in late.bench.standing(late.job)
    assert late.now == late.replayed()
