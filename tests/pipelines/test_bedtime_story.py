"""The bedtime story: chosen, written and announced in one act, then read aloud and illustrated; gone after two days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pressroom.changes import Change
from pressroom.errors import BadInput, Unavailable, UnknownName
from pressroom.generators.base import Answer, ImageRequest
from pressroom.jobs import JobStatus, StepStatus
from pressroom.pipeline import DEFAULT_QUEUE
from pressroom.pipelines.bedtime_story import pipeline
from pressroom.retention import remove_expired
from pressroom.schedules import next_after
from pressroom.stories import Character, Scene
from pressroom.story_reading import to_read
from pressroom.story_tables import TOLD
from pressroom.testing import ScriptedImage, memory_runtime, work_off
from pressroom.triggers import Schedule
from pressroom.worker import Worker
from tests.pipelines.storyroom import WHOLE, StoryRoom
from tests.story_nights import characters, scenes


def fill(room: StoryRoom, *, people: tuple[str, ...], places: tuple[str, ...]) -> None:
    known: dict[str, Any] = {"characters": characters(), "scenes": scenes()}
    for table, keys in (("characters", people), ("scenes", places)):
        rows = {key: known[table][key].model_dump(mode="json") for key in keys}
        room.ports.tables.put(f"bedtime_story.{table}", rows)


# --- one story an evening


def test_everything_works_offline_as_it_comes() -> None:
    runtime = memory_runtime(pipeline, pipelines={"bedtime_story": {"speech": "", "width": 320, "height": 256}})
    [job] = runtime.runner.request("bedtime_story", {})
    work_off(runtime)
    done = runtime.ports.jobs.get(job.id)
    assert done is not None
    assert done.status is JobStatus.COMPLETED
    assert done.result.keys() >= {"story", "picture"}
    picture = runtime.ports.assets.get(done.result["picture"])
    assert picture is not None
    assert picture.media_type == "image/jpeg"
    assert "moon" in picture.about["alt_text"]


def test_it_is_due_at_a_quarter_past_seven_in_the_zone_of_the_settings() -> None:
    assert isinstance(pipeline.trigger, Schedule)
    berlin = Schedule(pipeline.trigger.cron, zone="Europe/Berlin")
    assert next_after(berlin, StoryRoom().clock.now()).isoformat() == "2026-11-22T18:15:00+00:00"


def test_the_evening_is_that_of_the_zone() -> None:
    room = StoryRoom(zone="Pacific/Auckland")
    assert room.request().key == "bedtime_story:2026-11-22"


def test_an_evening_has_one_story_however_often_it_is_asked_for() -> None:
    room = StoryRoom()
    first = room.tell()
    assert room.request().id == first.id
    assert room.request(date="2026-11-21").id == first.id
    assert room.request(date="2026-11-22").id != first.id


def test_another_one_is_told_when_it_is_asked_for() -> None:
    room = StoryRoom()
    first = room.tell()
    room.clock.advance(timedelta(minutes=1))
    other = room.tell(again=True)
    assert other.id != first.id
    assert room.story(other).paragraphs != room.story(first).paragraphs


def test_who_and_where_and_which_form_can_be_asked_for() -> None:
    room = StoryRoom()
    job = room.tell(characters=["otis, Tilly"], scenes=["The Old Orchard"], form="verse")
    story = room.story(job)
    assert [each.name for each in story.characters] == ["Otis", "Tilly"]
    assert story.scenes[0].name == "the old orchard"
    assert "\n" in story.paragraphs[0]


@pytest.mark.parametrize("wish", [{"characters": ["Tily"]}, {"scenes": ["the old orchrad"]}])
def test_a_name_that_no_table_has_is_refused_before_a_job_begins(wish: dict[str, Any]) -> None:
    room = StoryRoom()
    with pytest.raises(UnknownName, match=r"Did you mean (Tilly|the old orchard)"):
        room.request(**wish)
    assert room.ports.jobs.find() == []


# --- the choice


def test_while_the_tables_are_empty_the_samples_are_used_and_that_is_said() -> None:
    room = StoryRoom()
    notices = room.tell().result["notices"]
    assert len(notices) == 2
    assert "The table of characters is empty, so those that come with Pressroom are used." in notices[0]
    assert "pressroom populate bedtime_story" in notices[0]


def test_the_rows_of_the_tables_are_used_once_there_are_any() -> None:
    room = StoryRoom()
    fill(room, people=("ada", "otis"), places=("the-harbour", "the-windmill"))
    job = room.tell()
    assert {each.name for each in room.story(job).characters} == {"Ada", "Otis"}
    assert "notices" not in job.result


def test_with_few_rows_it_goes_on_and_says_what_it_cannot_avoid() -> None:
    room = StoryRoom()
    fill(room, people=("ada",), places=("the-harbour",))
    room.tell()
    room.clock.advance(timedelta(days=1))
    job = room.tell()
    assert job.status is JobStatus.COMPLETED
    assert job.result["notices"] == [
        "These characters and scenes had a story together on 2026-11-21 already; they have another one now, with "
        "another plot. More rows in the tables make more stories."
    ]


def test_what_is_told_is_remembered_for_a_month_without_its_words() -> None:
    room = StoryRoom(form="alternate", image="")
    fill(room, people=tuple(characters()), places=tuple(scenes()))
    for _ in range(34):
        room.tell()
        room.clock.advance(timedelta(days=1))
    told = list(room.ports.tables.all(TOLD).values())
    assert len(told) == 31
    assert len({(tuple(row["characters"]), tuple(row["scenes"])) for row in told}) == 31
    assert {row["form"] for row in told} == {"prose", "verse"}
    assert told[-1].keys() == {
        *("number", "number_of_plot", "date", "characters", "scenes", "plot", "form", "notice", "job")
    }


def test_a_choice_that_was_noted_before_a_crash_is_the_choice() -> None:
    room = StoryRoom()
    job = room.request()
    room.clock.advance(timedelta(seconds=1))

    class Crashing:
        def commit(self, change: Change) -> None:
            if any(step.path == "choose" and step.status is StepStatus.COMPLETED for step in change.steps):
                raise OSError("the power went off")
            room.ports.store.commit(change)

    work_off(room.fresh(store=Crashing()))
    noted = room.ports.tables.all(TOLD)
    room.clock.advance(timedelta(minutes=5))
    work_off(room.runtime)
    assert room.job(job).status is JobStatus.COMPLETED
    assert room.ports.tables.all(TOLD) == noted
    assert len(noted) == 1


def test_two_stories_that_are_begun_together_are_different_ones() -> None:
    room = StoryRoom()
    one, other = room.request(), room.request(date="2026-11-22")
    work_off(room.runtime)
    numbers = [row["number"] for row in room.ports.tables.all(TOLD).values()]
    assert numbers == [1, 2]
    assert not {each.name for each in room.story(one).characters} & {each.name for each in room.story(other).characters}


def test_a_stored_row_that_is_no_longer_usable_is_named() -> None:
    room = StoryRoom()
    room.ports.tables.put("bedtime_story.characters", {"old": {"name": "Old"}})
    with pytest.raises(BadInput, match="The row old of the table characters cannot be used: kind: Field required"):
        room.request()


# --- stored and announced in one act


def test_the_story_is_announced_with_its_key_and_not_with_its_words() -> None:
    room = StoryRoom()
    job = room.tell()
    [created] = [event for event in room.ports.events.of_job(job.id) if event.type == "StoryCreated"]
    assert created.subject == created.data["key"] == f"stories/{job.id}.json"
    story = room.story(job)
    for event in room.ports.events.of_job(job.id):
        assert story.paragraphs[2] not in str(event.data)
        assert story.title not in str(event.data)


def test_story_and_announcement_are_one_commit() -> None:
    room = StoryRoom()
    job = room.request()
    seen = []

    class Crashing:
        def commit(self, change: Change) -> None:
            kinds = {event.type for event in change.events}
            holds = [asset.key for asset in change.assets if asset.key == f"stories/{job.id}.json"]
            if holds or "StoryCreated" in kinds:
                seen.append((bool(holds), "StoryCreated" in kinds))
                raise OSError("the power went off")
            room.ports.store.commit(change)

    work_off(room.fresh(store=Crashing()))
    assert seen == [(True, True)]
    assert "StoryCreated" not in room.events(job)
    assert room.keys(job) == set()
    room.clock.advance(timedelta(minutes=5))
    work_off(room.runtime)
    assert room.events(job).count("StoryCreated") == 1
    assert f"stories/{job.id}.json" in room.keys(job)
    assert room.job(job).status is JobStatus.COMPLETED


def test_nothing_is_narrated_or_drawn_before_the_story_is_announced() -> None:
    room = StoryRoom()
    job = room.request()
    worker = Worker(room.runtime)
    for step in ("choose", "write_story"):
        assert room.events(job).count("StoryCreated") == 0
        [delivery] = worker.claim([DEFAULT_QUEUE], 1)
        assert delivery.name == step
        worker.run(delivery)
    worker.stop()
    assert room.events(job)[-1] == "StoryCreated"
    assert room.artist.history == []


# --- a model as the writer


def test_a_model_is_asked_with_the_facts_and_its_answer_is_cleaned() -> None:
    room = StoryRoom(text="poet")
    room.writer.enqueue("# **Otis and the Moon**\n\n" + WHOLE.partition("\n\n")[2])
    job = room.tell(characters=["Otis"], scenes=["the harbour"])
    [request] = room.writer.history
    for part in (
        "Otis, an owl who wears spectacles",
        "pronoun: he",
        "to stay awake until noon",
        "drifting just out of",
    ):
        assert part in request.prompt
    assert "first line is the title" in request.prompt
    assert "at least 200" in request.prompt or "between 260 and" in request.prompt
    assert room.story(job).title == "Otis and the Moon"


def test_half_a_story_is_of_no_use_and_asked_for_once_more() -> None:
    room = StoryRoom(text="poet")
    room.writer.enqueue("A Title\n\nOnce upon a time there was", WHOLE)
    job = room.tell()
    assert room.story(job).title == "A Title"
    assert len(room.writer.history) == 2


def test_a_writer_that_never_writes_one_fails_the_job_with_the_reason() -> None:
    room = StoryRoom(text="poet")
    room.writer.enqueue("I’m sorry, I can’t help with that.", "Title\n\nToo short.")
    job = room.tell()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert "is no story: it has 2 words" in job.error.what
    assert len(room.writer.history) == 2
    assert "StoryCreated" not in room.events(job)


def test_a_redrive_asks_anew_and_the_story_is_told() -> None:
    room = StoryRoom(text="poet")
    room.writer.enqueue("No.", "No.")
    job = room.tell()
    room.writer.enqueue(WHOLE)
    room.runtime.runner.retry(job.id)
    work_off(room.runtime)
    assert room.job(job).status is JobStatus.COMPLETED
    assert len(room.writer.history) == 3


# --- sound and picture


def test_it_is_read_aloud_with_its_title_and_the_marks_are_kept() -> None:
    room = StoryRoom(speech="voice", pace=0.8)
    job = room.tell()
    story = room.story(job)
    assert "".join(request.text for request in room.voice.history).startswith(story.title)
    assert {request.pace for request in room.voice.history} == {0.8}
    marks = room.json(job.result["marks"])
    assert marks[0]["start"] == 0
    assert story.spoken[marks[1]["start"] : marks[1]["end"]].strip()
    assert [mark["at"] for mark in marks] == sorted(mark["at"] for mark in marks)
    sound = room.ports.assets.get(job.result["sound"])
    assert sound is not None
    assert sound.media_type.startswith("audio/")
    assert sound.about["seconds"] == job.result["seconds"] > 1


def test_the_picture_shows_who_is_in_it_and_where() -> None:
    room = StoryRoom()
    job = room.tell(characters=["Tilly", "Ada"], scenes=["the harbour", "the windmill"])
    [request] = room.artist.history
    assert request.theme.startswith("a hedgehog who mends clocks, a girl in a fast red wheelchair; the windmill; ")
    assert "bedtime" in request.style
    asset = room.ports.assets.get(job.result["picture"])
    assert asset is not None
    assert asset.about["alt_text"] == (
        "A hedgehog who mends clocks and a girl in a fast red wheelchair, at the windmill, as the sky was turning red."
    )


@pytest.mark.parametrize(("setting", "missing"), [("speech", "sound"), ("image", "picture")])
def test_a_story_may_do_without(setting: str, missing: str) -> None:
    settings: dict[str, Any] = {"speech": "voice", setting: ""}
    job = StoryRoom(**settings).tell()
    assert job.status is JobStatus.COMPLETED
    assert missing not in job.result


def test_a_part_that_fails_never_loses_the_story() -> None:
    room = StoryRoom(speech="voice")
    room.voice.enqueue(BadInput("The voice is hoarse."))
    job = room.tell()
    assert job.status is JobStatus.COMPLETED
    assert job.result.keys() >= {"story", "picture"}
    assert "sound" not in job.result
    assert room.standing(job)["narrate"] is StepStatus.FAILED


def test_a_part_that_is_not_there_in_time_is_passed_over() -> None:
    room = StoryRoom()
    room.artist.enqueue(Unavailable("The artist is out.", retry_at=room.clock.now() + timedelta(hours=1)))
    job = room.tell()
    assert job.status is JobStatus.PROCESSING
    room.clock.advance(timedelta(minutes=10))
    work_off(room.runtime)
    assert room.job(job).status is JobStatus.COMPLETED
    assert room.standing(job)["illustrate"] is StepStatus.PASSED_OVER
    assert "picture" not in room.job(job).result


def test_how_long_the_letters_wait_for_the_parts_is_a_setting() -> None:
    room = StoryRoom(parts_wait_minutes=3)
    room.artist.enqueue(Unavailable("The artist is out.", retry_at=room.clock.now() + timedelta(hours=1)))
    job = room.tell()
    room.clock.advance(timedelta(minutes=2, seconds=59))
    work_off(room.runtime)
    assert room.job(job).status is JobStatus.PROCESSING
    room.clock.advance(timedelta(seconds=1))
    work_off(room.runtime)
    assert room.job(job).status is JobStatus.COMPLETED


def test_a_picture_that_is_late_is_kept_with_its_story_and_goes_with_it() -> None:
    room = StoryRoom(lease_seconds=86_400)

    class SlowArtist(ScriptedImage):
        def ask(self, request: ImageRequest) -> Answer:
            room.clock.advance(timedelta(minutes=10))
            work_off(room.runtime)
            [job] = room.ports.jobs.find()
            assert job.status is JobStatus.COMPLETED, "the story does not wait for it"
            return super().ask(request)

    room.artist = SlowArtist(name="artist")
    room.runtime = room.fresh()
    job = room.tell()
    assert "picture" in job.result
    found = to_read(room.ports.assets, room.ports.blobs, job.id, room.clock.now())
    assert found is not None
    assert found.picture is not None
    room.clock.advance(timedelta(days=2))
    remove_expired(room.runtime, room.clock.now())
    assert room.ports.assets.of_job(job.id) == []


# --- gone after two days


def test_after_two_days_text_sound_and_picture_are_gone() -> None:
    room = StoryRoom(speech="voice")
    job = room.tell()
    story, keys = room.story(job), room.keys(job)
    assert len(keys) == 4
    room.clock.advance(timedelta(days=1, hours=23))
    assert remove_expired(room.runtime, room.clock.now()) == 0
    room.clock.advance(timedelta(hours=2))
    remove_expired(room.runtime, room.clock.now())
    expired = room.job(job)
    assert (expired.status, expired.result, expired.input) == (JobStatus.EXPIRED, {}, {})
    assert room.ports.assets.of_job(job.id) == []
    assert [record.output for record in room.ports.jobs.steps(job.id).values() if record.output] == []
    left = str(room.ports.tables.all(TOLD)) + str([event.data for event in room.ports.events.of_job(job.id)])
    assert not [words for words in (story.title, *story.paragraphs) if words in left]
    for key in keys:
        with pytest.raises(Exception, match="There is no asset"):
            room.runtime.assets.read(key)


def test_the_tables_are_those_that_people_fill() -> None:
    from pressroom import registry

    assert registry.tables("bedtime_story").items() >= {"characters": Character, "scenes": Scene}.items()
    assert registry.tables("daily_post") == {}
