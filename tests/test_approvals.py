"""A person's decision about a flagged post is stored with what its job does next, once, however it is cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom.approvals import Approvals, known_waiting
from pressroom.changes import Change
from pressroom.drafts import Draft
from pressroom.errors import AccountDisconnected, BadInput, NotFound
from pressroom.following import Happening
from pressroom.jobs import Job, JobStatus, StepStatus
from pressroom.moderating import ApprovalNeeded, Moderated, moderate
from pressroom.pipeline import ForEach, Outcome, Parallel, Pipeline, Request, Step
from pressroom.runtime import Runtime
from pressroom.steps import PublishingSettings, publish_everywhere
from pressroom.testing import plain_png, work_off
from tests.consent import LINK, RUDE, Newsroom, Wish, write

Decide = Callable[[Approvals, str], None]
BOTH: list[Decide] = [Approvals.approve, Approvals.refuse]


class Cut(BaseException):
    """The process was killed."""


def a_held_post(**wish: Any) -> tuple[Newsroom, Job]:
    room = Newsroom([RUDE, LINK])
    job = room.post(**wish)
    assert job.status is JobStatus.HELD
    return room, job


def test_what_waits_is_listed_with_the_post_and_what_was_found() -> None:
    room, job = a_held_post(pictures=2)
    (waiting,) = room.runtime.approvals.waiting()
    assert (waiting.job.id, waiting.step) == (job.id, "moderate")
    assert waiting.draft is not None
    assert waiting.draft.texts == {"sky": "All about cats, in blue"}
    assert [media.key for media in waiting.draft.media] == ["images/1.png", "images/2.png"]
    assert waiting.flags == (RUDE, LINK)
    assert waiting.since == room.clock.now()
    assert [known.id for known in known_waiting(room.ports.jobs)] == [job.id]


def test_jobs_that_are_held_for_something_else_are_not_listed() -> None:
    room = Newsroom()
    room.main.enqueue(AccountDisconnected("Revoked."))
    assert room.post().status is JobStatus.HELD
    assert room.runtime.approvals.waiting() == []
    assert known_waiting(room.ports.jobs) == []


def test_an_approved_post_goes_out_once_on_every_channel_and_nobody_is_asked_again() -> None:
    room, job = a_held_post()
    room.runtime.approvals.approve(job.id, "It is a quotation.", by="mira")
    room.finish()
    assert room.job(job).status is JobStatus.COMPLETED
    assert room.sent == ["All about cats", "All about cats, in blue"]
    assert len(room.judge.history) == 1
    approval = Moderated.model_validate(room.step(job).output).approval
    assert approval is not None
    assert (approval.by, approval.comment, approval.at) == ("mira", "It is a quotation.", room.clock.now())
    told = room.events(job, "PostFlagged", "JobHeld", "PostApproved", "JobResumed", "JobCompleted")
    assert told == ["PostFlagged", "JobHeld", "PostApproved", "JobResumed", "JobCompleted"]
    (approved,) = [event for event in room.ports.events.of_job(job.id) if event.type == "PostApproved"]
    assert approved.data == {"step": "moderate", "by": "mira", "comment": "It is a quotation."}
    assert approved.subject == job.id


def test_a_refused_post_is_never_sent_and_its_job_is_cancelled_with_the_reason() -> None:
    room, job = a_held_post()
    room.runtime.approvals.refuse(job.id, "Not our tone.", by="mira")
    for _ in range(3):
        room.clock.advance(timedelta(days=1))
        room.finish()
    ended = room.job(job)
    assert ended.status is JobStatus.CANCELLED
    assert ended.error is not None
    assert ended.error.what == "A person refused this post: Not our tone."
    assert room.sent == []
    assert room.ports.publications.of_job(job.id) == []
    assert room.step(job).status is StepStatus.FAILED
    assert room.events(job)[-2:] == ["PostRefused", "JobCancelled"]
    assert room.runtime.approvals.waiting() == []
    assert room.ports.dead_letters.find(job_id=job.id) == []


def test_what_is_posted_is_what_was_approved_although_the_files_and_the_writer_have_changed_since() -> None:
    room, job = a_held_post()
    (waiting,) = room.runtime.approvals.waiting()
    assert waiting.draft is not None
    newer = room.runtime.assets.store("images/1.png", plain_png(8, 6, 250))
    room.runtime.bus.commit(Change(assets=(newer,)))
    room.runtime.approvals.approve(job.id)
    room.finish()
    (post,) = room.main.posts
    assert (post.text, post.media[0].key) == (waiting.draft.text, waiting.draft.media[0].key)
    assert post.media[0].revision == waiting.draft.media[0].revision != newer.revision
    assert room.ports.jobs.steps(job.id)["write"].attempts == 1


@pytest.mark.parametrize("first", BOTH)
@pytest.mark.parametrize("second", BOTH)
def test_of_two_people_the_second_is_told_that_it_was_decided(first: Decide, second: Decide) -> None:
    room, job = a_held_post()
    first(room.runtime.approvals, job.id)
    with pytest.raises(BadInput):
        second(room.runtime.approvals, job.id)
    room.finish()
    is_approved = first is Approvals.approve
    assert room.sent == (["All about cats", "All about cats, in blue"] if is_approved else [])
    assert len(room.events(job, "PostApproved", "PostRefused")) == 1


@pytest.mark.parametrize("first", BOTH)
@pytest.mark.parametrize("second", BOTH)
@pytest.mark.parametrize("status", [JobStatus.HELD, JobStatus.PROCESSING])
def test_of_two_people_at_the_same_moment_one_decides(first: Decide, second: Decide, status: JobStatus) -> None:
    """The first one's commit comes between the second one's reading and writing."""
    room, job = _held_while(status)

    class Slow:
        def commit(self, change: Change) -> None:
            if not overtaken:
                overtaken.append(change)
                first(room.runtime.approvals, job.id)
            room.ports.store.commit(change)

    overtaken: list[Change] = []
    with pytest.raises(BadInput):
        second(room.fresh(store=Slow()).approvals, job.id)
    assert len(room.events(job, "PostApproved", "PostRefused")) == 1
    _let_go(room, job)
    assert bool(room.sent) is (first is Approvals.approve)


@pytest.mark.parametrize("decide", BOTH)
def test_a_decision_that_is_killed_before_its_commit_was_never_made_and_after_it_holds(decide: Decide) -> None:
    room, job = a_held_post()

    class Dying:
        def __init__(self, *, before: bool) -> None:
            self.before = before

        def commit(self, change: Change) -> None:
            if not self.before:
                room.ports.store.commit(change)
            raise Cut

    for before in (True, False):
        assert [waiting.job.id for waiting in room.runtime.approvals.waiting()] == [job.id]
        with pytest.raises(Cut):
            decide(room.fresh(store=Dying(before=before)).approvals, job.id)
    room.finish()
    ends = JobStatus.COMPLETED if decide is Approvals.approve else JobStatus.CANCELLED
    assert room.job(job).status is ends
    assert len(room.sent) == (2 if decide is Approvals.approve else 0)


def test_a_worker_that_dies_at_any_commit_around_the_hold_leaves_a_post_that_can_be_approved() -> None:
    """Each time another commit of the worker's is its last; the lease ends, another worker goes on."""
    for number in range(40):
        room = Newsroom([RUDE])
        job = room.ask()
        died = _work_until_commit(room, number)
        room.clock.advance(timedelta(minutes=10))
        room.finish()
        assert room.job(job).status is JobStatus.HELD, number
        assert len(room.judge.history) <= 2
        room.runtime.approvals.approve(job.id)
        died = _work_until_commit(room, number) or died
        room.clock.advance(timedelta(minutes=10))
        room.finish()
        assert room.job(job).status is JobStatus.COMPLETED, number
        assert sorted(room.sent) == ["All about cats", "All about cats, in blue"], number
        if not died:
            assert number > 10
            return
    raise AssertionError("the worker never got through")


def test_a_step_that_is_held_although_its_job_is_not_yet_can_be_decided_about() -> None:
    room, job = _held_while(JobStatus.PROCESSING)
    assert [waiting.job.id for waiting in room.runtime.approvals.waiting()] == [job.id]
    room.runtime.approvals.approve(job.id)
    _let_go(room, job)
    assert len(room.sent) == 2


def test_a_post_that_is_still_being_looked_at_cannot_be_decided_about() -> None:
    room = Newsroom([RUDE])
    job = room.ask()
    with pytest.raises(BadInput, match=r"No post of the job .* waits for consent"):
        room.runtime.approvals.approve(job.id)


def test_a_job_that_was_cancelled_meanwhile_cannot_be_approved() -> None:
    room, job = a_held_post()
    room.runtime.runner.cancel(job.id)
    with pytest.raises(BadInput, match="has ended as cancelled"):
        room.runtime.approvals.approve(job.id)
    room.finish()
    assert room.sent == []


def test_a_job_that_there_is_not_is_said_to_be_unknown() -> None:
    with pytest.raises(NotFound, match="no job job_nobody"):
        Newsroom().runtime.approvals.approve("job_nobody")


def test_a_pipeline_that_is_not_installed_here_is_listed_and_cannot_be_decided_about() -> None:
    room, job = a_held_post()
    approvals = Newsroom(of=_pipeline(write), ports=room.ports).runtime.approvals
    (waiting,) = approvals.waiting()
    assert waiting.draft is None
    with pytest.raises(BadInput, match=r"pipeline picture_post .* is not installed"):
        approvals.approve(job.id)


def test_of_several_posts_in_one_job_the_step_says_which() -> None:
    def drafts(wish: Wish) -> list[str]:
        return ["one", "two"]

    def write_each(item: str) -> Draft:
        return Draft(text=f"The {item}")

    room = Newsroom([RUDE], [LINK], of=_pipeline(ForEach(drafts, write_each, moderate)))
    job = room.post()
    waiting = {one.step: one for one in room.runtime.approvals.waiting()}
    assert set(waiting) == {"moderate[one]", "moderate[two]"}
    assert {step: one.draft.text for step, one in waiting.items() if one.draft} == {
        "moderate[one]": "The one",
        "moderate[two]": "The two",
    }
    assert len({one.flags for one in waiting.values()}) == 2
    with pytest.raises(BadInput, match="2 posts") as caught:
        room.runtime.approvals.approve(job.id)
    assert "moderate[one], moderate[two]" in caught.value.todo
    room.runtime.approvals.approve(job.id, step="moderate[two]")
    room.finish()
    assert room.job(job).status is JobStatus.HELD
    assert [one.step for one in room.runtime.approvals.waiting()] == ["moderate[one]"]
    with pytest.raises(BadInput, match=r"waits for consent at moderate\[two\]"):
        room.runtime.approvals.approve(job.id, step="moderate[two]")
    room.runtime.approvals.approve(job.id)
    room.finish()
    assert room.job(job).status is JobStatus.COMPLETED


def test_a_step_of_ones_own_may_ask_for_consent_about_something_else() -> None:
    def ask_about_the_weather(wish: Wish) -> Outcome[Draft]:
        raise ApprovalNeeded("It rains.", todo="Wait.")

    room = Newsroom(of=_pipeline(ask_about_the_weather))
    job = room.post()
    (waiting,) = room.runtime.approvals.waiting()
    assert (waiting.draft, waiting.flags, waiting.problem.what) == (None, (), "It rains.")
    room.runtime.approvals.refuse(job.id)
    assert room.job(job).status is JobStatus.CANCELLED


def _pipeline(*steps: Any) -> Pipeline:
    return Pipeline("another_post", trigger=Request(), input=Wish, settings=PublishingSettings, steps=steps)


def _held_while(status: JobStatus) -> tuple[Newsroom, Job]:
    """A job of which the step is held; PROCESSING while another branch of it goes on."""
    if status is JobStatus.HELD:
        return a_held_post()

    def wait_a_little(wish: Wish) -> None:
        raise AssertionError("its queue is not served")

    branches = Parallel(moderate, Step(wait_a_little, queue="nobody.serves.this"))
    room = Newsroom([RUDE], of=_pipeline(write, branches, publish_everywhere()))
    job = room.post()
    assert job.status is JobStatus.PROCESSING
    assert room.step(job).status is StepStatus.HELD
    return room, job


def _let_go(room: Newsroom, job: Job) -> None:
    """Let the other branch be done, then everything that is due."""
    room.finish()
    other = room.ports.jobs.steps(job.id).get("wait_a_little")
    if other is None or room.job(job).status.has_ended:
        return
    execution = room.runtime.runner.execution
    done = Happening(records=(replace(other, status=StepStatus.COMPLETED),))
    execution.commit(execution.pipelines[job.pipeline], room.job(job), lambda _: done)
    room.finish()


def _work_until_commit(room: Newsroom, number: int) -> bool:
    """Let a worker work until its commit of this number, which it does not survive; say whether it died."""

    class Dying:
        left = number

        def commit(self, change: Change) -> None:
            if self.left == 0:
                raise Cut
            self.left -= 1
            room.ports.store.commit(change)

    runtime: Runtime = room.fresh(store=Dying())
    try:
        work_off(runtime)
    except Cut:
        return True
    return False
