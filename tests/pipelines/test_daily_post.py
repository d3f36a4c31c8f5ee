"""The daily post from the day's theme to its receipt, through what anybody may call."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.config import Config
from pressroom.errors import ConfigurationError
from pressroom.generation import Generators
from pressroom.jobs import JobStatus
from pressroom.pipeline import DEFAULT_QUEUE
from pressroom.testing import ManualClock
from pressroom.worker import Worker
from tests.pipelines.newsroom import PNG, Newsroom


def test_the_day_is_drawn_captioned_and_posted() -> None:
    room = Newsroom()
    job = room.make()
    assert job.status is JobStatus.COMPLETED
    assert job.phase == "posted"
    assert job.result == {
        "theme": "Dress Up Your Pet",
        "day": "2026-01-14",
        "name": "National Dress Up Your Pet Day",
        "image": "images/january_14_0_DressUpYourPet.png",
        "caption": "National Dress Up Your Pet Day!",
        "url": "memory://posts/1",
    }
    [post] = room.network.posts
    assert post.text == "National Dress Up Your Pet Day!"
    assert [media.alt_text for media in post.media] == ["A cat in a hat"]


def test_the_picture_that_was_stored_is_the_one_that_is_posted() -> None:
    room = Newsroom()
    room.image.enqueue(PNG)
    room.make()
    assert list(room.network.uploads.values()) == [PNG]
    asset = room.ports.assets.get("images/january_14_0_DressUpYourPet.png")
    assert asset is not None
    assert room.runtime.assets.read(asset.key) == PNG
    assert (asset.width, asset.height, asset.about["title"]) == (32, 24, "National Dress Up Your Pet Day")


@pytest.mark.parametrize(
    ("theme", "name"),
    [
        ("Dress Up Your Pet", "january_14_0_DressUpYourPet"),
        ("New Year's", "january_14_0_NewYears"),
        ("S'mores & more – über all", "january_14_0_SmoresMoreÜberAll"),
        ("../../etc/passwd", "january_14_0_EtcPasswd"),
        ("!?", "january_14_0"),
        ("///", "january_14_0"),
    ],
)
def test_the_pictures_name_tells_the_day_and_its_theme(theme: str, name: str) -> None:
    room = Newsroom({"january": {"14": [theme]}})
    assert room.make().result["image"] == f"images/{name}.png"


def test_the_picture_that_is_drawn_offline_is_a_jpeg() -> None:
    config = Config.model_validate({"workspace": "/nowhere"})
    offline = Generators(config, MemorySecrets(), ManualClock())
    room = Newsroom(generators=offline, image="offline_image", text="offline_text")
    job = room.make()
    assert job.result["image"] == "images/january_14_0_DressUpYourPet.jpg"
    assert room.network.uploads["media-1"].startswith(b"\xff\xd8")
    [post] = room.network.posts
    assert 20 < len(post.text) <= 280
    assert post.media[0].alt_text


# --- the stored picture starts the posting


def test_the_event_of_the_stored_picture_is_the_cause_of_what_posts() -> None:
    room = Newsroom()
    job = room.make()
    events = {event.id: event for event in room.ports.events.of_job(job.id)}
    stored = next(event for event in events.values() if event.type == "AssetStored")
    assert stored.subject == "images/january_14_0_DressUpYourPet.png"
    event = next(event for event in events.values() if event.type == "PostPublished")
    causes = []
    while event.cause_id:
        event = events[event.cause_id]
        causes.append((event.type, event.data.get("step")))
    assert causes[:6] == [
        ("StepCompleted", "fit_pictures"),
        ("StepCompleted", "moderate"),
        ("StepCompleted", "write_caption"),
        ("StepCompleted", "on_asset_stored"),
        ("AssetStored", None),
        ("StepCompleted", "draw_picture"),
    ]


def test_until_that_event_is_handed_over_the_job_reads_uploaded_and_nothing_is_written() -> None:
    room = Newsroom()
    [job] = room.request(date="2026-01-14")
    worker = Worker(room.runtime)
    for step in ("choose_theme", "draw_picture"):
        [delivery] = worker.claim([DEFAULT_QUEUE], 1)
        assert delivery.name == step
        worker.run(delivery)
    worker.stop()
    assert room.job(job).phase == "uploaded"
    assert "write_caption" not in room.ports.jobs.steps(job.id)
    assert room.network.calls == []
    room.finish()
    assert room.job(job).phase == "posted"


def test_the_picture_of_another_job_starts_nothing_here() -> None:
    room = Newsroom()
    jobs = room.request(date="2026-01-15")
    room.finish()
    causes = {}
    for job in jobs:
        events = {event.id: event for event in room.ports.events.of_job(job.id)}
        assert len([event for event in events.values() if event.type == "AssetStored"]) == 1
        causes[job.id] = [event.subject for event in events.values() if event.type == "PostPublished"]
    assert all(len(posts) == 1 for posts in causes.values())


# --- what it is made of


def test_the_calendars_prompt_is_used_unless_the_settings_have_one() -> None:
    room = Newsroom()
    room.make()
    assert room.image.history[0].prompt == "A spooky Dress Up Your Pet"
    room = Newsroom(prompt="Cheerful {theme} for {name}")
    room.make()
    assert room.image.history[0].prompt == "Cheerful Dress Up Your Pet for National Dress Up Your Pet Day"


def test_the_picture_is_asked_for_as_the_settings_say() -> None:
    room = Newsroom(style="cozy", lettering=False, width=640, height=480)
    room.make()
    [asked] = room.image.history
    assert (asked.width, asked.height, asked.style, asked.title) == (640, 480, "cozy", "")
    assert asked.seed == "2026-01-14:0:daily_post:2026-01-14:dress-up-your-pet"


def test_a_picture_whose_generator_cannot_tell_is_described_by_its_day() -> None:
    room = Newsroom()
    room.image.alt_text = ""
    room.make()
    assert room.network.posts[0].media[0].alt_text == "An illustration for National Dress Up Your Pet Day."


def test_the_caption_follows_its_template_or_is_written_by_a_generator() -> None:
    room = Newsroom(caption="Happy {theme}! ({name})")
    assert room.make().result["caption"] == "Happy Dress Up Your Pet! (National Dress Up Your Pet Day)"
    room = Newsroom(text="poet", style="cozy")
    room.text.enqueue("Tiny hats for everybody.")
    assert room.make().result["caption"] == "Tiny hats for everybody."
    [asked] = room.text.history
    assert (asked.purpose, asked.theme, asked.max_characters) == ("caption", "National Dress Up Your Pet Day", 260)
    assert "cozy" in asked.prompt


@pytest.mark.parametrize("setting", ["caption", "prompt"])
@pytest.mark.parametrize("template", ["{themes}!", "{", "{0}", "{theme.x}"])
def test_a_template_that_cannot_be_filled_in_is_refused_before_anything_is_drawn(setting: str, template: str) -> None:
    wrong: dict[str, Any] = {setting: template}
    with pytest.raises(ConfigurationError, match=setting):
        Newsroom(**wrong)


def test_a_mistyped_channel_fails_the_job_before_a_picture_is_paid_for() -> None:
    room = Newsroom(channels=["mian"])
    job = room.make()
    assert job.error is not None
    assert job.error.todo == "Did you mean main?"
    assert room.image.history == []


def test_what_the_gallery_shows_goes_with_the_post() -> None:
    room = Newsroom()
    publication = room.publication(room.make())
    assert publication.post.title == "National Dress Up Your Pet Day"
    assert publication.post.about == {"day": "2026-01-14", "theme": "Dress Up Your Pet"}
