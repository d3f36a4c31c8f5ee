"""A post is judged before it goes out; one in which something is found is held for a person, or refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from pressroom.changes import Change
from pressroom.drafts import Draft
from pressroom.errors import Unavailable
from pressroom.generators.base import Flag, Verdict
from pressroom.jobs import JobStatus, StepStatus
from pressroom.moderating import in_short, moderate, words_of
from pressroom.pipeline import Pipeline, Request
from pressroom.steps import PublishingSettings, fitting_step, publish_everywhere
from pressroom.testing import memory_runtime, plain_png, work_off
from tests.consent import LINK, RUDE, Newsroom, Wish, write


def test_a_clean_post_goes_out_on_every_channel() -> None:
    room = Newsroom([])
    job = room.post()
    assert job.status is JobStatus.COMPLETED
    assert room.sent == ["All about cats", "All about cats, in blue"]
    assert room.step(job).output == {"verdict": {"flags": []}, "approval": None}


def test_without_a_generator_nobody_is_asked_and_the_post_goes_out() -> None:
    room = Newsroom([RUDE], moderation="")
    job = room.post()
    assert job.status is JobStatus.COMPLETED
    assert room.judge.history == []
    assert room.step(job).output == {"verdict": None, "approval": None}


def test_everything_that_can_be_read_is_judged_each_once() -> None:
    room = Newsroom()
    room.post(text="Meow")
    assert room.judge.history[0].text == "Cats\n\nMeow\n\nMeow, in blue\n\ncat 1"


def test_the_words_of_a_draft_hold_its_link_and_no_empty_lines() -> None:
    assert (
        words_of(Draft(text=" A ", texts={"x": "A", "y": "B"}, link="https://c.example"))
        == "A\n\nB\n\nhttps://c.example"
    )


def test_every_picture_is_judged_by_its_bytes_one_at_a_time_with_the_words_beside_the_first() -> None:
    room = Newsroom()
    room.post(pictures=3)
    asked = room.judge.history
    assert [[picture.number for picture in request.pictures] for request in asked] == [[1], [2], [3]]
    assert [bool(request.text) for request in asked] == [True, False, False]
    digests = [hashlib.sha256(plain_png(8, 6, 10 * number)).hexdigest() for number in (1, 2, 3)]
    assert [request.pictures[0].sha256 for request in asked] == digests


def test_a_post_without_pictures_is_judged_by_its_words() -> None:
    room = Newsroom()
    room.post(pictures=0)
    assert [(bool(request.text), request.pictures) for request in room.judge.history] == [(True, ())]


def test_a_draft_without_anything_in_it_asks_nobody() -> None:
    def write_nothing(wish: Wish) -> Draft:
        return Draft(text=" ")

    empty = Pipeline(
        "empty_post", trigger=Request(), input=Wish, settings=PublishingSettings, steps=[write_nothing, moderate]
    )
    room = Newsroom(of=empty)
    assert room.post().status is JobStatus.COMPLETED
    assert room.judge.history == []


@pytest.mark.parametrize("is_fitted", [False, True])
def test_pictures_that_are_fitted_later_lose_their_metadata_and_the_judge_is_told_so(is_fitted: bool) -> None:
    fitting: list[Any] = [fitting_step()] if is_fitted else []
    steps = [write, moderate, *fitting, publish_everywhere()]
    fitted = Pipeline("fitted_post", trigger=Request(), input=Wish, settings=PublishingSettings, steps=steps)
    room = Newsroom(of=fitted)
    room.post()
    assert room.judge.history[0].pictures[0].keeps_metadata is not is_fitted


def test_a_flagged_post_is_held_with_what_was_found_and_what_to_do() -> None:
    room = Newsroom([LINK, RUDE])
    job = room.post()
    assert job.status is JobStatus.HELD
    assert room.sent == []
    problem = room.step(job).error
    assert problem is not None
    assert problem.kind == "ApprovalNeeded"
    assert problem.what == (
        "Moderation (judge) found something in this post: profanity (0.70), link (0.50). "
        "It is posted only if a person approves it."
    )
    assert f"pressroom held resolve {job.id} --action approve" in problem.todo
    assert problem.detail.splitlines() == [RUDE.why, LINK.why]


def test_what_was_found_is_an_event_of_the_job_without_the_posts_words() -> None:
    room = Newsroom([RUDE])
    job = room.post(text="A secret plan")
    (flagged,) = [event for event in room.ports.events.of_job(job.id) if event.type == "PostFlagged"]
    assert flagged.data == {"step": "moderate", "generator": "judge", "flags": [RUDE.model_dump()]}
    assert all("secret plan" not in str(event.data) for event in room.ports.events.of_job(job.id)[1:])


def test_a_flagged_post_is_refused_where_the_settings_say_so() -> None:
    room = Newsroom([RUDE], moderation_action="refuse")
    job = room.post()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.what == "Moderation (judge) found something in this post: profanity (0.70). It is not posted."
    assert 'moderation_action = "hold" in [pipelines.picture_post]' in job.error.todo
    assert room.sent == []
    assert room.step(job).attempts == 1


def test_one_flagged_picture_among_several_holds_the_post() -> None:
    room = Newsroom([], [], [RUDE])
    assert room.post(pictures=3).status is JobStatus.HELD


def test_a_judge_that_cannot_be_reached_is_asked_again_and_nothing_goes_out_meanwhile() -> None:
    room = Newsroom(Unavailable("Overloaded."), [])
    job = room.ask()
    room.finish()
    assert len(room.judge.history) == 2
    assert room.job(job).status is JobStatus.COMPLETED
    assert room.step(job).status is StepStatus.COMPLETED


def test_a_step_that_runs_again_reads_the_kept_verdict_and_asks_nobody() -> None:
    room = Newsroom([RUDE], moderation_action="refuse")
    job = room.post()
    room.runtime.runner.retry(job.id)
    room.finish()
    assert room.job(job).status is JobStatus.FAILED
    assert len(room.judge.history) == 1


def test_after_the_list_was_mended_a_refused_post_is_judged_anew() -> None:
    listing = Pipeline(
        "picture_post",
        trigger=Request(),
        input=Wish,
        settings=PublishingSettings,
        steps=[write, moderate, publish_everywhere()],
    )
    pipelines = {"picture_post": {"moderation": "judge", "moderation_action": "refuse"}}
    judge = {"use": "offline_moderation", "words_key": "words.txt", "pictures": False}
    runtime = memory_runtime(listing, pipelines=pipelines, generators={"judge": judge})

    def put(words: str) -> None:
        runtime.bus.commit(Change(assets=(runtime.assets.store("words.txt", words.encode()),)))

    def status() -> JobStatus:
        work_off(runtime)
        found = runtime.ports.jobs.get(job.id)
        assert found is not None
        return found.status

    put("cats")
    [job] = runtime.runner.request("picture_post", {})
    assert status() is JobStatus.FAILED
    runtime.runner.retry(job.id)
    assert status() is JobStatus.FAILED
    put("dogs")
    runtime.runner.retry(job.id)
    assert status() is JobStatus.COMPLETED


def test_a_verdict_in_short_names_each_category_once_with_its_highest_score() -> None:
    milder = Flag(category="profanity", score=0.4, why="“heck” is in a list.")
    assert in_short(Verdict(flags=(RUDE, LINK, milder))) == "profanity (0.70), link (0.50)"
