"""Starting jobs, one for each key, and changing their course: cancel, retry, redrive, discard."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from pressroom.arguments import Context
from pressroom.changes import Change, Claim
from pressroom.contracts.samples import a_publication
from pressroom.errors import BadInput, Conflict, Deferred, NotFound, RateLimited, Skip, Unavailable, UnknownName
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import ForEach, On, Outcome, Parallel, Pipeline, Start, Step
from pressroom.publications import Attempt, PublicationState
from pressroom.retry import Policy
from pressroom.testing import ManualClock, memory_runtime, work_off
from tests.engine import Bench, Calls, a_pipeline

HOUR = timedelta(hours=1)


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    theme: str = ""
    size: int = 3


class Words(BaseModel):
    text: str


def one_for_each_theme(wish: Wish) -> list[Start]:
    return [Start({"theme": theme}, f"work:{theme}") for theme in wish.theme.split()]


class Trouble:
    """A step's body that fails with these errors in turn and goes well from then on."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def __call__(self, context: Context) -> None:
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def calls() -> Calls:
    return Calls()


def failing(calls: Calls, *errors: Exception, retry: Policy | None = None) -> Step:
    return calls.step("draw", Trouble(*errors), retry=retry)


# --- starting


def test_a_requested_job_is_stored_with_its_first_step_and_its_time_in_one_commit(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw"), input=Wish, keep=timedelta(days=2)))
    [job] = bench.runtime.runner.request("work_through", {"theme": "cats"}, trigger="http")
    assert (job.status, job.input) == (JobStatus.PENDING, {"theme": "cats"})
    assert job.expires_at == bench.clock.now() + timedelta(days=2)
    assert bench.standing(job) == {"draw": "ready"}
    [requested] = bench.runtime.ports.events.of_job(job.id)
    assert requested.data["trigger"] == "http"


def test_the_settings_may_keep_jobs_for_another_time(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw")), pipelines={"work_through": {"keep_days": 5}})
    assert bench.request().expires_at == bench.clock.now() + timedelta(days=5)


def test_a_pipeline_that_does_not_exist_is_named_with_the_closest() -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw")))
    with pytest.raises(UnknownName, match="work_trough") as refused:
        bench.runtime.runner.request("work_trough", {})
    assert "work_through" in refused.value.todo


@pytest.mark.parametrize(
    ("input", "what"),
    [
        ({"colour": "red"}, "there is no input called 'colour'"),
        ({"size": "big"}, "size: Input should be a valid integer"),
    ],
)
def test_an_input_that_does_not_fit_is_refused_and_starts_nothing(input: dict[str, Any], what: str) -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw"), input=Wish))
    with pytest.raises(BadInput) as refused:
        bench.runtime.runner.request("work_through", input)
    assert what in refused.value.what
    assert refused.value.todo == "Inputs of work_through: theme, size."
    assert bench.runtime.ports.jobs.find() == []


def keyed(calls: Calls, *steps: Any, **more: Any) -> Bench:
    return Bench(a_pipeline(*(steps or calls.steps("draw")), input=Wish, starts=one_for_each_theme, **more))


def test_one_request_may_start_several_jobs(calls: Calls) -> None:
    bench = keyed(calls)
    jobs = bench.runtime.runner.request("work_through", {"theme": "cats bats"})
    assert [job.key for job in jobs] == ["work:cats", "work:bats"]
    bench.work()
    assert calls.paths == ["draw", "draw"]


def test_several_jobs_of_one_request_are_started_together_or_not_at_all(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = keyed(calls)
    commits: list[Change] = []
    store = bench.runtime.bus.commit

    def first_then_power_cut(change: Change) -> None:
        commits.append(change)
        if len(commits) > 1:
            raise OSError("power cut")
        store(change)

    monkeypatch.setattr(bench.runtime.bus, "commit", first_then_power_cut)
    bench.runtime.runner.request("work_through", {"theme": "cats bats owls"})
    assert len(bench.runtime.ports.jobs.find()) == 3


def test_a_job_that_stands_is_returned_instead_of_a_second_one(calls: Calls) -> None:
    bench = keyed(calls)
    [first] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    [second] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    assert second == first
    bench.work()
    [third] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    assert (third.id, third.status) == (first.id, JobStatus.COMPLETED)
    assert calls.paths == ["draw"]


@pytest.mark.parametrize("end", ["failed", "skipped", "cancelled"])
def test_a_job_that_came_to_nothing_lets_its_key_go(calls: Calls, end: str) -> None:
    ends = {"failed": BadInput("No."), "skipped": Skip("No.")}
    bench = keyed(calls, failing(calls, *([ends[end]] if end in ends else [])))
    [first] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    if end == "cancelled":
        bench.runtime.runner.cancel(first.id)
    bench.work()
    assert bench.status(first) == end
    [second] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    assert second.id != first.id
    assert second.key == "work:cats"
    assert bench.job(first).key is None
    assert bench.events(first)[-1][0] == "JobKeyReleased"


def test_a_failed_job_that_tried_to_publish_keeps_its_key(calls: Calls) -> None:
    bench = keyed(calls, failing(calls, BadInput("No.")))
    [first] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    bench.work()
    tried = replace(
        a_publication("pub_1", job_id=first.id), attempts=(Attempt(number=1, started_at=bench.clock.now()),)
    )
    bench.runtime.ports.store.commit(Change(publications=(tried,)))
    [second] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    assert second.id == first.id


def test_many_requests_for_one_key_at_the_same_time_make_one_job(calls: Calls) -> None:
    bench = keyed(calls)
    start = threading.Barrier(8)

    def ask(_: int) -> str:
        start.wait(10)
        [job] = bench.runtime.runner.request("work_through", {"theme": "cats"})
        return job.id

    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(ask, range(8)))
    assert len(ids) == len(bench.runtime.ports.jobs.find()) == 1


def test_a_request_that_meets_a_job_started_meanwhile_returns_that_one(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = keyed(calls)
    found: list[Job] = []
    look = bench.runtime.ports.jobs.by_key

    def overtaken(key: str) -> Job | None:
        if not found:
            found.append(None)  # type: ignore[arg-type]
            found[:] = bench.runtime.runner.request("work_through", {"theme": "cats"})
            return None
        return look(key)

    monkeypatch.setattr(bench.runtime.ports.jobs, "by_key", overtaken)
    [job] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    assert job == found[0]


def test_what_comes_along_and_does_not_stand_as_expected_starts_nothing(calls: Calls) -> None:
    bench = keyed(calls)
    along = Change(claims=(Claim("once", {}),))
    bench.runtime.runner.request("work_through", {"theme": "cats"}, along=along)
    with pytest.raises(Conflict):
        bench.runtime.runner.request("work_through", {"theme": "bats"}, along=along)
    assert [job.key for job in bench.runtime.ports.jobs.find()] == ["work:cats"]


def test_a_pipeline_that_begins_with_a_gate_waits_for_it(calls: Calls) -> None:
    bench = Bench(a_pipeline(On("PaperArrived"), calls.step("draw")))
    job = bench.run()
    assert job.status is JobStatus.PENDING
    event = Event(type="PaperArrived", subject="tray", time=bench.clock.now(), job_id=job.id)
    bench.runtime.bus.commit(Change(events=(event,)))
    bench.work()
    assert bench.status(job) is JobStatus.COMPLETED


# --- retry


def test_a_passing_error_is_tried_again_later_and_later_until_it_goes_well(calls: Calls) -> None:
    away = [Unavailable("Away.") for _ in range(3)]
    bench = Bench(a_pipeline(failing(calls, *away, retry=Policy(first_wait=timedelta(seconds=10)))))
    job = bench.run()
    for seconds, tries in ((4, 1), (6, 2), (9, 2), (11, 3), (19, 3), (21, 4)):
        bench.later(seconds=seconds)
        assert len(calls.paths) == tries, f"after {seconds} s more"
    done = bench.job(job)
    assert (done.status, bench.records(job)["draw"].attempts) == (JobStatus.COMPLETED, 4)
    assert bench.events(job, "StepFailed") == [("StepFailed", "draw")] * 3


def test_after_its_attempts_a_step_is_dead_with_its_history(calls: Calls) -> None:
    away = [Unavailable(f"Away {number}.") for number in range(3)]
    bench = Bench(a_pipeline(failing(calls, *away, retry=Policy(attempts=3))))
    job = bench.request()
    assert bench.patiently(job).status is JobStatus.FAILED
    [letter] = bench.letters(job)
    assert (letter.attempts, letter.error.what, letter.name, letter.queue) == (3, "Away 2.", "draw", "steps")
    assert [(entry["attempt"], entry["what"]) for entry in letter.history] == [
        (1, "Away 0."),
        (2, "Away 1."),
        (3, "Away 2."),
    ]
    assert [type for type, _ in bench.events(job)][-2:] == ["DeliveryDied", "JobFailed"]


def test_an_error_that_stays_is_not_tried_again(calls: Calls) -> None:
    bench = Bench(a_pipeline(failing(calls, BadInput("No such file.", todo="Name another."))))
    job = bench.run()
    bench.later(hours=24)
    assert (bench.status(job), calls.paths) == (JobStatus.FAILED, ["draw"])
    assert bench.letters(job)[0].as_dict()["advice"] == "Name another."


def test_waiting_is_no_failure_and_is_not_counted(calls: Calls) -> None:
    until = ManualClock().now() + 3 * HOUR
    waits = [Deferred(until + number * HOUR, "Not yet.") for number in range(4)]
    bench = Bench(a_pipeline(failing(calls, *waits, Unavailable("Away."), retry=Policy(attempts=2))))
    job = bench.run()
    before = bench.job(job)
    for _ in range(4):
        bench.later(hours=3)
    bench.later(minutes=1)
    assert bench.status(job) is JobStatus.COMPLETED
    assert len(calls.paths) == 6
    assert before.version < bench.job(job).version
    assert len(bench.events(job, "StepFailed")) == 1
    assert bench.records(job)["draw"].attempts == 2


def test_a_rate_limit_is_waited_for_until_the_time_that_was_named(calls: Calls) -> None:
    limited = RateLimited("Slow down.", retry_at=ManualClock().now() + HOUR)
    bench = Bench(a_pipeline(failing(calls, limited)))
    job = bench.run()
    bench.later(minutes=59)
    assert len(calls.paths) == 1
    bench.later(minutes=1)
    assert bench.status(job) is JobStatus.COMPLETED


# --- redrive


def test_a_redriven_step_lets_its_job_go_on_from_there(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("write"), failing(calls, BadInput("No.")), calls.step("post")))
    job = bench.run()
    [letter] = bench.letters(job)
    bench.runtime.runner.redrive(letter.id)
    assert (bench.status(job), bench.job(job).error) == (JobStatus.PROCESSING, None)
    bench.work()
    assert bench.status(job) is JobStatus.COMPLETED
    assert calls.paths == ["write", "draw", "draw", "post"], "what was completed is not run again"
    assert bench.letters(job) == []
    assert ("DeliveryRedriven", str(letter.id)) in bench.events(job)


def test_a_redriven_step_has_all_its_attempts_again(calls: Calls) -> None:
    away = [Unavailable("Away.") for _ in range(3)]
    bench = Bench(a_pipeline(failing(calls, *away, retry=Policy(attempts=2))))
    job = bench.request()
    bench.patiently(job)
    bench.runtime.runner.redrive(bench.letters(job)[0].id)
    bench.work()
    assert bench.status(job) is JobStatus.PROCESSING
    bench.later(minutes=1)
    assert bench.status(job) is JobStatus.COMPLETED


def test_a_redriven_turn_of_a_loop_reopens_every_join_around_it(calls: Calls) -> None:
    broken = ["main"]

    def does(context: Context) -> None:
        if context.item in broken:
            raise BadInput("No.")

    def channels(job: Job) -> list[str]:
        return ["main", "sky"]

    loop = ForEach(channels, Parallel(calls.step("send", does)), calls.step("note"))
    bench = Bench(a_pipeline(Parallel(loop, calls.step("archive")), calls.step("tell")))
    job = bench.run()
    assert job.status is JobStatus.FAILED
    broken.clear()
    bench.runtime.runner.redrive(bench.letters(job)[0].id)
    assert bench.standing(job)["together_send[main]"] == "waiting"
    assert bench.standing(job)["together_send[sky]"] == "completed"
    assert bench.standing(job)["each_channels"] == "waiting"
    assert bench.standing(job)["together_each_channels_archive"] == "waiting"
    bench.work()
    assert bench.status(job) is JobStatus.COMPLETED
    assert calls.completed.count("note[main]") == calls.completed.count("tell") == 1


def test_a_redriven_branch_that_was_passed_over_goes_on_to_its_end(calls: Calls) -> None:
    def channels(job: Job) -> list[str]:
        return ["main", "sky"]

    broken = ["main"]

    def does(context: Context) -> None:
        if context.item in broken:
            raise BadInput("No.")

    bench = Bench(
        a_pipeline(ForEach(channels, calls.step("send", does), calls.step("note"), optional=True), calls.step("tell"))
    )
    job = bench.run()
    assert (job.status, calls.completed) == (JobStatus.COMPLETED, ["send[sky]", "note[sky]", "tell"])
    broken.clear()
    bench.runtime.runner.redrive(bench.letters(job)[0].id)
    bench.work()
    assert bench.status(job) is JobStatus.COMPLETED
    assert calls.completed == ["send[sky]", "note[sky]", "tell", "send[main]", "note[main]"]


def test_a_failed_job_that_another_has_taken_the_place_of_is_not_redriven(calls: Calls) -> None:
    bench = keyed(calls, failing(calls, BadInput("No.")))
    [old] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    bench.work()
    [new] = bench.runtime.runner.request("work_through", {"theme": "cats"})
    bench.work()
    [letter] = bench.letters(old)
    with pytest.raises(BadInput, match=f"{new.id} was started in the place of {old.id}"):
        bench.runtime.runner.redrive(letter.id)
    assert bench.letters(old) == [letter]
    assert calls.completed == ["draw"]


def test_a_redrive_counts_against_a_branch_that_decides_at_the_same_moment(calls: Calls) -> None:
    bench: Bench

    def redriven_meanwhile(context: Context) -> None:
        # This branch has read how the other stands; before it is stored, a person redrives the other.
        [letter] = bench.letters(context.job)
        steps = bench.runtime.ports.jobs.steps
        seen = steps(context.job.id)
        answers = [seen]

        def stale(job_id: str) -> Any:
            if not answers:
                return steps(job_id)
            old = answers.pop()
            bench.runtime.runner.redrive(letter.id)
            return old

        patch.setattr(bench.runtime.ports.jobs, "steps", stale)

    with pytest.MonkeyPatch.context() as patch:
        draw = failing(calls, BadInput("No."))
        bench = Bench(a_pipeline(Parallel(draw, calls.step("write", redriven_meanwhile)), calls.step("post")))
        job = bench.run()
    assert job.status is JobStatus.COMPLETED
    assert calls.completed.count("post") == 1


def test_an_edited_redrive_gives_the_step_other_arguments(calls: Calls) -> None:
    given: list[str] = []

    def write() -> Words:
        return Words(text="far too long")

    def post(words: Words) -> None:
        given.append(words.text)
        if len(words.text) > 5:
            raise BadInput("Too long.")

    bench = Bench(a_pipeline(write, post))
    job = bench.run()
    bench.runtime.runner.redrive(bench.letters(job)[0].id, {"words": {"text": "short"}})
    bench.work()
    assert given == ["far too long", "short"]
    assert bench.status(job) is JobStatus.COMPLETED


def test_everything_that_is_dead_in_a_job_is_retried_together(calls: Calls) -> None:
    branches = [calls.step(name, Trouble(BadInput("No."))) for name in ("draw", "write")]
    bench = Bench(a_pipeline(Parallel(*branches), calls.step("post")))
    job = bench.run()
    assert len(bench.letters(job)) == 2
    assert bench.runtime.runner.retry(job.id).status is JobStatus.PROCESSING
    bench.work()
    assert bench.status(job) is JobStatus.COMPLETED
    assert calls.completed[-1] == "post"
    assert sorted(calls.completed) == ["draw", "post", "write"]


def test_a_job_without_anything_dead_has_nothing_to_retry(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    job = bench.run()
    with pytest.raises(BadInput, match="Nothing in the job"):
        bench.runtime.runner.retry(job.id)


def test_of_a_cancelled_job_nothing_is_redriven(calls: Calls) -> None:
    bench = Bench(a_pipeline(Parallel(failing(calls, BadInput("No.")), On("PaperArrived"))))
    job = bench.run()
    bench.runtime.runner.cancel(job.id)
    [letter] = bench.letters(job)
    with pytest.raises(BadInput, match="has ended as cancelled") as refused:
        bench.runtime.runner.redrive(letter.id)
    assert f"dead discard {letter.id}" in refused.value.todo
    assert bench.letters(job) == [letter]


def test_a_discarded_delivery_is_gone_and_that_is_an_event(calls: Calls) -> None:
    bench = Bench(a_pipeline(failing(calls, BadInput("No."))))
    job = bench.run()
    [letter] = bench.letters(job)
    bench.runtime.runner.discard(letter.id)
    assert bench.letters(job) == []
    [discarded] = bench.runtime.ports.events.latest(types=["DeliveryDiscarded"])
    assert (discarded.subject, discarded.data["job_id"]) == (str(letter.id), job.id)
    bench.work()
    assert bench.status(job) is JobStatus.FAILED


@pytest.mark.parametrize("action", ["redrive", "discard"])
def test_a_dead_letter_that_is_not_there_is_named(calls: Calls, action: str) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    with pytest.raises(NotFound, match="There is no dead letter 7"):
        getattr(bench.runtime.runner, action)(7)


# --- cancel


def test_a_pending_and_a_processing_job_can_be_cancelled(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw"), On("PaperArrived"), calls.step("post")))
    pending = bench.request()
    assert bench.runtime.runner.cancel(pending.id).status is JobStatus.CANCELLED
    processing = bench.run()
    assert processing.status is JobStatus.PROCESSING
    assert bench.runtime.runner.cancel(processing.id).status is JobStatus.CANCELLED
    assert calls.paths == ["draw"]


def test_a_job_that_has_ended_is_not_cancelled(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    job = bench.run()
    with pytest.raises(BadInput, match="has already ended as completed"):
        bench.runtime.runner.cancel(job.id)
    assert bench.job(job) == job


def test_a_job_is_not_cancelled_while_a_post_of_it_is_under_way(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw"), On("PaperArrived")))
    job = bench.run()
    publishing = replace(a_publication("pub_1", job_id=job.id), state=PublicationState.PUBLISHING)
    bench.runtime.ports.store.commit(Change(publications=(publishing,)))
    with pytest.raises(BadInput, match="is publishing on main at this moment"):
        bench.runtime.runner.cancel(job.id)
    assert bench.status(job) is JobStatus.PROCESSING


def test_a_job_that_does_not_exist_is_named(calls: Calls) -> None:
    bench = Bench(a_pipeline(calls.step("draw")))
    with pytest.raises(NotFound, match="There is no job job_7"):
        bench.runtime.runner.cancel("job_7")


def test_what_a_result_held_stays_when_later_steps_add_to_it(calls: Calls) -> None:
    first = calls.step("draw", lambda _: Outcome(phase="drawn", result={"image": "a.png"}))
    second = calls.step("post", lambda _: Outcome(phase="posted", result={"url": "/1"}))
    bench = Bench(Pipeline("work_through", trigger=a_pipeline(first).trigger, steps=[first, second]))
    job = bench.run()
    assert (job.phase, job.result) == ("posted", {"image": "a.png", "url": "/1"})


class Told(BaseModel):
    what: str = ""


def test_an_event_that_a_pipeline_is_triggered_by_starts_it_once() -> None:
    told: list[str] = []

    def listen(heard: Told) -> None:
        told.append(heard.what)

    runtime = memory_runtime(Pipeline("listener", trigger=On("ThingHappened"), input=Told, steps=[listen]))
    event = Event(type="ThingHappened", subject="it", time=runtime.ports.clock.now(), data={"what": "rain", "other": 1})
    runtime.bus.commit(Change(events=(event,)))
    work_off(runtime)
    runtime.bus.subscriptions["start:listener"].handle(event)
    work_off(runtime)
    assert told == ["rain"]


class Addressed(BaseModel):
    url: str = ""

    @field_validator("url")
    @classmethod
    def _is_plain(cls, value: str) -> str:
        if "@" in value:
            raise ValueError("Give the address without a user name.")
        return value


def test_an_input_that_is_refused_is_told_without_the_password_in_it() -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw"), input=Addressed))
    with pytest.raises(BadInput) as refused:
        bench.runtime.runner.request("work_through", {"url": "https://ada:s3cret-word@shop.example/lamp"})
    assert "url: Give the address without a user name, not 'https://•••@shop.example/lamp'." in refused.value.what
    assert "s3cret" not in str(refused.value)
