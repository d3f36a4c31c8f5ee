"""The steps that pipelines share: a draft becomes one post on each channel, fitted to it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from pressroom.changes import Change
from pressroom.drafts import Draft, DraftMedia
from pressroom.jobs import JobStatus
from pressroom.pipeline import Pipeline, Request, Step
from pressroom.publications import PostMedia
from pressroom.publishers.base import TextRules
from pressroom.steps import Published, PublishingSettings, publish_everywhere
from pressroom.testing import ManualClock, memory_runtime, plain_png, work_off
from tests.press import Network, Press


class Short(Network):
    text_rules = TextRules(limit=10, counted_in="characters")


class Doubled(Network):
    """Counts every character twice, as some networks do with some scripts."""

    text_rules = TextRules(limit=10, counted_in="half characters")

    def length(self, text: str) -> int:
        return 2 * len(text)


def test_a_draft_is_fitted_to_each_channel_by_its_own_count() -> None:
    clock = ManualClock()
    networks = [Network(clock, "long"), Short(clock, "short"), Doubled(clock, "doubled")]
    press = Press(*networks, clock=clock)
    press.ask("Boo to all of you!")
    press.finish()
    assert [network.posts[0].text for network in networks] == ["Boo to all of you!", "Boo to…", "Boo…"]


def test_a_channel_that_is_named_twice_gets_one_post() -> None:
    press = Press(pipeline={"channels": ["main", "main"]})
    job = press.ask()
    press.finish()
    assert len(press.network.posts) == 1
    assert press.job(job).status is JobStatus.COMPLETED


def test_without_any_channel_nothing_is_posted_and_the_job_completes() -> None:
    press = Press(pipeline={"channels": []})
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert press.network.posts == []


def test_one_wrong_channel_stops_the_post_before_it_is_on_any_other() -> None:
    press = Press(pipeline={"channels": ["main", "mian"]})
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.FAILED
    assert press.network.posts == []


def test_each_channel_has_its_own_queue_and_patience() -> None:
    [step] = publish_everywhere().steps
    assert isinstance(step, Step)
    assert step.queue == "publish.{item}"
    assert (step.retry.attempts, step.retry.lost_workers) == (12, 50)


def test_what_was_published_is_the_steps_output() -> None:
    press = Press()
    job = press.ask()
    press.finish()
    output = Published(**press.step(job).output)
    assert output == Published(channel="main", url="memory://posts/1", remote_id="1")


class Wanted(BaseModel):
    link: str = ""


def test_everything_of_a_draft_reaches_the_network() -> None:
    media = {"key": "images/cat.png", "revision": 1, "media_type": "image/png", "width": 8, "height": 8}

    def write(input: Wanted) -> Draft:
        pictures = [DraftMedia(**media, alt_text="A cat")]
        return Draft(text="Boo!", media=pictures, link=input.link, title="Cats", about={"day": "2026-10-31"})

    pipeline = Pipeline(
        "poster", trigger=Request(), input=Wanted, settings=PublishingSettings, steps=[write, publish_everywhere()]
    )
    runtime: Any = memory_runtime(pipeline)
    stored = runtime.assets.store("images/cat.png", plain_png(8, 8))
    runtime.bus.commit(Change(assets=(stored,)))
    [job] = runtime.runner.request("poster", {"link": "https://example.com"})
    work_off(runtime)
    [publication] = runtime.ports.publications.of_job(job.id)
    post = publication.post
    assert post.media == (PostMedia(**media, alt_text="A cat"),)  # type: ignore[arg-type]
    assert (post.text, post.link, post.title, post.about) == (
        "Boo!",
        "https://example.com",
        "Cats",
        {"day": "2026-10-31"},
    )
