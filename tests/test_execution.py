"""The step language as it runs: order, joins, choices, loops, gates, deadlines, and what follows from a failure."""

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
from pressroom.pipeline import Choice, ForEach, On, Outcome, Parallel, Part
from pressroom.retry import Policy
from pressroom.testing import work_off
from tests.engine import Bench, Calls, a_pipeline

HOUR = timedelta(hours=1)
PATIENT = Policy(first_wait=3 * HOUR, longest_wait=3 * HOUR)


class Channel(BaseModel):
    name: str
    limit: int = 280


class Words(BaseModel):
    text: str


def raises(error: BaseException) -> Any:
    def does(context: Context) -> None:
        raise error

    return does


@pytest.fixture
def calls() -> Calls:
    return Calls()


# --- sequence and Parallel


def test_steps_run_one_after_the_other_and_the_job_is_completed(calls: Calls) -> None:
    bench = Bench(a_pipeline(*calls.steps("draw", "write", "post")))
    job = bench.run()
    assert calls.paths == ["draw", "write", "post"]
    assert job.status is JobStatus.COMPLETED
    assert job.completed_at == bench.clock.now()
    assert [type for type, _ in bench.events(job)] == [
        "JobRequested",
        "JobStarted",
        "StepCompleted",
        "StepCompleted",
        "StepCompleted",
        "JobCompleted",
    ]


def test_branches_are_on_their_queue_at_the_same_time_and_are_joined_once(calls: Calls) -> None:
    bench = Bench(a_pipeline(Parallel(*calls.steps("draw", "write")), calls.step("post")))
    job = bench.request()
    assert bench.standing(job) == {"together_draw_write": "waiting", "draw": "ready", "write": "ready"}
    bench.work()
    assert calls.paths == ["draw", "write", "post"]
    assert bench.standing(job)["together_draw_write"] == "completed"


def test_a_failing_branch_lets_the_others_finish_and_then_fails_the_job(calls: Calls) -> None:
    bench = Bench(
        a_pipeline(
            Parallel(calls.step("draw", raises(BadInput("No paint."))), [*calls.steps("write", "check")]),
            calls.step("post"),
        )
    )
    job = bench.run()
    assert calls.completed == ["write", "check"]
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.what == "No paint."
    assert "post" not in bench.standing(job)


def test_two_failing_branches_are_both_told_of(calls: Calls) -> None:
    bench = Bench(
        a_pipeline(Parallel(*(calls.step(name, raises(BadInput(f"No {name}."))) for name in ("paint", "ink"))))
    )
    job = bench.run()
    assert job.error is not None
    assert job.error.what == "2 steps failed. No paint. No ink."


def test_what_failed_in_an_optional_join_is_passed_over(calls: Calls) -> None:
    bench = Bench(
        a_pipeline(
            Parallel(calls.step("draw", raises(BadInput("No paint."))), calls.step("write"), optional=True),
            calls.step("post"),
        )
    )
    job = bench.run()
    assert job.status is JobStatus.COMPLETED
    assert job.error is None
    assert calls.completed == ["write", "post"]
    assert bench.standing(job)["draw"] == "failed"


def test_a_failure_that_was_passed_over_is_not_given_as_the_cause_of_a_later_one(calls: Calls) -> None:
    bench = Bench(
        a_pipeline(
            Parallel(calls.step("draw", raises(BadInput("No paint."))), optional=True),
            calls.step("post", raises(BadInput("No network."))),
        )
    )
    job = bench.run()
    assert job.error is not None
    assert job.error.what == "No network."


def test_a_join_waits_no_longer_than_its_deadline_and_what_is_late_fails_the_job(calls: Calls) -> None:
    slow = calls.step("draw", raises(Unavailable("Away.")), retry=PATIENT)
    bench = Bench(a_pipeline(Parallel(slow, calls.step("write"), deadline=HOUR), calls.step("post")))
    job = bench.run()
    bench.later(minutes=59)
    assert bench.status(job) is JobStatus.PROCESSING
    bench.later(minutes=1)
    ended = bench.job(job)
    assert ended.status is JobStatus.FAILED
    assert ended.error is not None
    assert ended.error.kind == "DeadlinePassed"
    assert bench.standing(job) == {"together_draw_write": "failed", "draw": "passed_over", "write": "completed"}


def test_an_optional_join_goes_on_without_what_is_late(calls: Calls) -> None:
    slow = calls.step("draw", raises(Unavailable("Away.")), retry=PATIENT)
    bench = Bench(a_pipeline(Parallel(slow, calls.step("write"), deadline=HOUR, optional=True), calls.step("post")))
    job = bench.run()
    bench.later(hours=1)
    assert bench.status(job) is JobStatus.COMPLETED
    assert calls.completed == ["write", "post"]
    bench.later(hours=3)
    assert calls.paths.count("draw") == 1, "what was passed over is not begun again"


@pytest.mark.parametrize(
    "ends",
    [
        lambda: Outcome(output=Words(text="late"), phase="drawn", result={"picture": "late.png"}),
        raises(BadInput("Too late anyway.")),
        raises(Unavailable("Away.")),
        raises(Skip("Nothing to draw.")),
        raises(Held("Somebody must look.")),
    ],
    ids=["completes", "dies", "fails", "skips", "is held"],
)
def test_a_step_that_runs_past_the_deadline_changes_nothing(calls: Calls, ends: Any) -> None:
    bench: Bench

    def overtaken(context: Context) -> Any:
        bench.clock.advance(HOUR)
        work_off(bench.runtime)  # the deadline comes while this step runs
        return ends() if not ends.__code__.co_argcount else ends(context)

    bench = Bench(
        a_pipeline(
            Parallel(calls.step("draw", overtaken), calls.step("write"), deadline=HOUR, optional=True),
            On("PaperArrived"),
        ),
        worker={"lease_seconds": 86_400},
    )
    job = bench.run()
    expected = {
        "together_draw_write": "completed",
        "draw": "passed_over",
        "write": "completed",
        "on_paper_arrived": "waiting",
    }
    assert bench.standing(job) == expected
    bench.later(hours=3)
    after = bench.job(job)
    assert bench.standing(job) == expected
    assert (after.status, after.phase, after.result) == (JobStatus.PROCESSING, "", {})
    assert ("StepCompleted", "draw") not in bench.events(job)
    assert bench.letters(job) == []
    assert bench.runtime.ports.queue.next_due(["steps"]) is None


# --- Choice


def test_a_choice_goes_one_way_and_is_asked_once(calls: Calls) -> None:
    asked = []

    def is_spooky(job: Job) -> bool:
        asked.append(job.id)
        return len(asked) == 1

    bench = Bench(a_pipeline(Choice(is_spooky, calls.steps("haunt", "howl"), calls.steps("smile")), calls.step("post")))
    job = bench.run()
    assert calls.paths == ["haunt", "howl", "post"]
    assert asked == [job.id]
    assert bench.records(job)["choose_is_spooky"].output is True


def test_a_choice_without_another_way_goes_on(calls: Calls) -> None:
    def is_spooky(job: Job) -> bool:
        return False

    bench = Bench(a_pipeline(Choice(is_spooky, calls.step("haunt")), calls.step("post")))
    assert bench.run().status is JobStatus.COMPLETED
    assert calls.paths == ["post"]


@pytest.mark.parametrize("place", ["first", "later"])
def test_a_question_that_cannot_be_answered_fails_the_job_and_repeats_nothing(calls: Calls, place: str) -> None:
    def is_spooky(job: Job) -> bool:
        raise BadInput("The mood is unknown.", todo="Say it.")

    first: list[Part] = [calls.step("draw")] if place == "later" else []
    bench = Bench(a_pipeline(*first, Choice(is_spooky, calls.step("haunt")), on_failure=[calls.step("tell")]))
    job = bench.run()
    for _ in range(3):
        bench.later(minutes=5)
    ended = bench.job(job)
    assert ended.status is JobStatus.FAILED
    assert ended.error is not None
    assert ended.error.what == "The mood is unknown."
    assert calls.paths == (["draw", "tell"] if first else ["tell"])


# --- ForEach


def test_a_loop_runs_its_steps_for_each_string_under_its_name(calls: Calls) -> None:
    items: dict[str, Any] = {}

    def note(context: Context) -> None:
        items[context.path] = context.item

    def channels(job: Job) -> list[str]:
        return ["main", "sky"]

    bench = Bench(a_pipeline(ForEach(channels, calls.step("fit", note), calls.step("send", note)), calls.step("tell")))
    job = bench.run()
    assert items == {"fit[main]": "main", "send[main]": "main", "fit[sky]": "sky", "send[sky]": "sky"}
    assert calls.paths[-1] == "tell"
    assert calls.paths.count("tell") == 1
    assert bench.status(job) is JobStatus.COMPLETED


def test_a_loop_over_models_numbers_its_turns_and_hands_each_step_its_model() -> None:
    seen: list[Channel] = []

    def channels(job: Job) -> list[Channel]:
        return [Channel(name="main"), Channel(name="sky", limit=300)]

    def send(item: Channel) -> None:
        seen.append(item)

    bench = Bench(a_pipeline(ForEach(channels, send)))
    job = bench.run()
    assert sorted(seen, key=lambda channel: channel.name) == [Channel(name="main"), Channel(name="sky", limit=300)]
    assert [path for path in bench.standing(job) if "[" in path] == ["send[0]", "send[1]"]


def test_a_loop_over_nothing_goes_on(calls: Calls) -> None:
    def channels(job: Job) -> list[str]:
        return []

    bench = Bench(a_pipeline(ForEach(channels, calls.step("send")), calls.step("tell")))
    assert bench.run().status is JobStatus.COMPLETED
    assert calls.paths == ["tell"]


def test_loops_within_loops_have_turns_of_their_own(calls: Calls) -> None:
    items: dict[str, Any] = {}

    def note(context: Context) -> None:
        items[context.path] = context.item

    def channels(job: Job) -> list[str]:
        return ["main", "sky"]

    def sizes(item: str) -> list[int]:
        return [1, 2] if item == "main" else [3]

    inner = ForEach(sizes, calls.step("crop", note))
    bench = Bench(a_pipeline(ForEach(channels, inner, calls.step("send", note))))
    assert bench.run().status is JobStatus.COMPLETED
    assert items == {
        "crop[main][0]": 1,
        "crop[main][1]": 2,
        "crop[sky][0]": 3,
        "send[main]": "main",
        "send[sky]": "sky",
    }


def test_an_item_with_brackets_reaches_its_step_whole(calls: Calls) -> None:
    seen: list[Any] = []

    def files(job: Job) -> list[str]:
        return ["photo[1].jpg", "1", "photo.jpg"]

    bench = Bench(a_pipeline(ForEach(files, calls.step("load", lambda context: seen.append(context.item)))))
    job = bench.run()
    assert sorted(seen) == ["1", "photo.jpg", "photo[1].jpg"]
    assert bench.status(job) is JobStatus.COMPLETED


def test_the_same_item_twice_is_refused_by_name(calls: Calls) -> None:
    def channels(job: Job) -> list[str]:
        return ["main", "sky", "main"]

    bench = Bench(a_pipeline(calls.step("draw"), ForEach(channels, calls.step("send"))))
    job = bench.run()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert "channels" in job.error.what
    assert "main" in job.error.what
    assert calls.paths == ["draw"]


def test_items_that_cannot_be_stored_fail_the_job_by_name(calls: Calls) -> None:
    def channels(job: Job) -> list[Any]:
        return [object()]

    bench = Bench(a_pipeline(calls.step("draw"), ForEach(channels, calls.step("send"))))
    job = bench.run()
    assert job.status is JobStatus.FAILED
    assert calls.paths == ["draw"]


def test_a_turn_that_fails_lets_the_others_finish(calls: Calls) -> None:
    def does(context: Context) -> None:
        if context.item == "main":
            raise BadInput("Refused.")

    def channels(job: Job) -> list[str]:
        return ["main", "sky"]

    bench = Bench(a_pipeline(ForEach(channels, calls.step("send", does), calls.step("note"))))
    assert bench.run().status is JobStatus.FAILED
    assert calls.completed == ["send[sky]", "note[sky]"]


def test_an_optional_loop_goes_on_without_the_turns_that_failed_or_are_late(calls: Calls) -> None:
    def does(context: Context) -> None:
        if context.item == "main":
            raise BadInput("Refused.")
        if context.item == "late":
            raise Unavailable("Away.")

    def channels(job: Job) -> list[str]:
        return ["main", "sky", "late"]

    loop = ForEach(channels, calls.step("send", does, retry=PATIENT), optional=True, deadline=HOUR)
    bench = Bench(a_pipeline(loop, calls.step("tell")))
    job = bench.run()
    bench.later(hours=1)
    assert bench.status(job) is JobStatus.COMPLETED
    assert calls.completed == ["send[sky]", "tell"]


def test_a_deadline_inside_a_loop_closes_its_own_turn_alone(calls: Calls) -> None:
    def does(context: Context) -> None:
        if context.item == "main":
            raise Unavailable("Away.")

    def channels(job: Job) -> list[str]:
        return ["main", "sky"]

    inner = Parallel(calls.step("send", does, retry=PATIENT), deadline=HOUR, optional=True)
    bench = Bench(a_pipeline(ForEach(channels, inner, calls.step("note"))))
    job = bench.run()
    assert calls.completed == ["send[sky]", "note[sky]"]
    bench.later(hours=1)
    assert bench.status(job) is JobStatus.COMPLETED
    assert bench.standing(job)["together_send[main]"] == "completed"
    assert calls.completed == ["send[sky]", "note[sky]", "note[main]"]


def test_everything_may_stand_within_everything(calls: Calls) -> None:
    def channels(job: Job) -> list[str]:
        return ["main", "sky"]

    def is_main(item: str) -> bool:
        return item == "main"

    nested = ForEach(
        channels,
        Choice(
            is_main,
            [Parallel([*calls.steps("crop", "tone")], calls.step("caption")), calls.step("send")],
            calls.step("archive"),
        ),
    )
    bench = Bench(a_pipeline(calls.step("draw"), nested, calls.step("tell")))
    assert bench.run().status is JobStatus.COMPLETED
    assert calls.paths[0] == "draw"
    assert calls.paths[-1] == "tell"
    assert sorted(calls.paths[1:-1]) == ["archive[sky]", "caption[main]", "crop[main]", "send[main]", "tone[main]"]
    assert calls.paths.index("send[main]") > max(calls.paths.index(path) for path in ("tone[main]", "caption[main]"))


# --- On


def arrived(bench: Bench, job: Job | None, subject: str = "images/1.png", type: str = "PaperArrived") -> None:
    event = Event(type=type, subject=subject, time=bench.clock.now(), job_id=job.id if job else None)
    bench.runtime.bus.commit(Change(events=(event,)))
    bench.work()


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
    arrived(bench, None)
    assert bench.standing(job) == {"on_paper_arrived": "waiting"}
    assert bench.status(other) is JobStatus.COMPLETED


def test_the_same_event_twice_opens_a_gate_once(calls: Calls) -> None:
    bench = Bench(a_pipeline(On("PaperArrived", "images/"), calls.step("post")))
    job = bench.run()
    arrived(bench, job)
    arrived(bench, job, "images/2.png")
    assert calls.paths == ["post"]
    assert bench.events(job, "StepCompleted") == [("StepCompleted", "on_paper_arrived"), ("StepCompleted", "post")]


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
