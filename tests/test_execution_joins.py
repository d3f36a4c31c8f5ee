"""Steps in a row, joins and their deadlines, choices and loops, as they run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.errors import BadInput, Unavailable
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import Choice, ForEach, Parallel, Part
from pressroom.retry import Policy
from tests.engine import Bench, Calls, a_pipeline

HOUR = timedelta(hours=1)
PATIENT = Policy(first_wait=3 * HOUR, longest_wait=3 * HOUR)


class Channel(BaseModel):
    name: str
    limit: int = 280


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
