"""What a job made, by the names that its result gives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pressroom.assets import Assets
from pressroom.entrypoints.pages.made import Made, headline_of, made
from pressroom.jobs import Job
from pressroom.pipeline import Outcome
from pressroom.story_text import Story
from pressroom.testing import plain_png
from tests.engine import Bench, Calls, a_pipeline

STORY = Story(
    title="The Moon", paragraphs=("First.", "Second."), form="prose", language="en", characters=(), scenes=()
).model_dump_json()


def after(result: dict[str, Any], *files: tuple[str, str, bytes], keep: timedelta | None = None) -> tuple[Made, Bench]:
    """Return what is told of a job of a made-up pipeline that stores these files and has this result."""

    def make(job: Job, assets: Assets) -> Outcome[Any]:
        stored = [assets.store(key, data, job=job, media_type=kind) for key, kind, data in files]
        return Outcome(assets=tuple(stored), result=result)

    bench = Bench(a_pipeline(make, keep=keep or timedelta(days=90)))
    job = bench.run()
    if keep:
        bench.clock.advance(keep)
    return made(bench.runtime.ports, job), bench


def names(found: Made) -> list[str]:
    return [name for name, _ in found.files]


def test_files_are_called_as_the_result_calls_them_and_what_programs_read_is_left_out() -> None:
    found, _ = after(
        {"image_key": "in/1.png", "text_key": "out/1.txt", "lines_key": "out/1.json", "width": 3},
        ("in/1.png", "image/png", plain_png(4, 4)),
        ("out/1.txt", "text/plain", b"Tea 3.20"),
        ("out/1.json", "application/json", b"{}"),
        ("scenes/1.jpg", "image/jpeg", b"on the way"),
        ("answers/1", "text/plain", b"a model's own"),
    )
    assert names(found) == ["image", "text file"]
    assert found.more_files == 2
    assert found.main_file is not None
    assert found.main_file.key == "out/1.txt"


def test_a_pipeline_that_names_no_file_is_shown_with_all_of_them_after_their_kinds() -> None:
    found, _ = after({}, ("a/1.png", "image/png", plain_png(4, 4)), ("a/1.mp3", "audio/mpeg", b"la"))
    assert (names(found), found.more_files) == (["sound", "picture"], 0)


def test_title_and_words_are_found_in_the_result_and_its_page_is_the_jobs() -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw")))
    job = bench.run()
    assert made(bench.runtime.ports, job) == Made("", "", f"/jobs/{job.id}", (), 0)
    found, _ = after({"name": "Mug", "caption": "Boo!", "theme": "Tea"})
    assert (found.title, found.text) == ("Mug", "Boo!")
    found, _ = after({"title": "Receipt", "text": "Tea 3.20\n", "caption": "Boo!"})
    assert (found.title, found.text) == ("Receipt", "Tea 3.20")


def test_a_story_has_the_title_and_the_words_of_its_file_and_the_page_of_its_readers() -> None:
    found, _ = after({"story": "stories/1.json"}, ("stories/1.json", "application/json", STORY.encode()))
    assert (found.title, found.text) == ("The Moon", "First.\n\nSecond.")
    assert found.page.startswith("/stories/job_")
    assert found.files == ()


def test_what_is_over_is_not_told_any_more() -> None:
    found, _ = after(
        {"story": "stories/1.json"},
        ("stories/1.json", "application/json", STORY.encode()),
        keep=timedelta(days=2),
    )
    assert (found.title, found.text, found.more_files) == ("", "", 0)
    assert found.page.startswith("/jobs/")


def test_a_story_that_goes_at_this_very_moment_leaves_no_words() -> None:
    _, bench = after({"story": "stories/1.json"}, ("stories/1.json", "application/json", STORY.encode()))
    [job] = bench.runtime.ports.jobs.find()
    bench.runtime.ports.blobs.remove("stories/1.json", 1)
    assert made(bench.runtime.ports, job).text == ""


def test_a_story_is_called_by_its_title_while_it_is_there() -> None:
    _, bench = after(
        {"day": "2026-10-31", "story": "stories/1.json"},
        ("stories/1.json", "application/json", STORY.encode()),
    )
    [job] = bench.runtime.ports.jobs.find()
    assert headline_of(bench.runtime.ports, job) == "The Moon"
    bench.runtime.ports.blobs.remove("stories/1.json", 1)
    assert headline_of(bench.runtime.ports, job) == "Work through"


def test_a_story_whose_time_is_over_is_called_by_its_title_no_more() -> None:
    _, bench = after(
        {"story": "stories/1.json"}, ("stories/1.json", "application/json", STORY.encode()), keep=timedelta(days=2)
    )
    [job] = bench.runtime.ports.jobs.find()
    assert headline_of(bench.runtime.ports, job) == "Work through"


def test_every_other_job_is_called_by_its_result() -> None:
    _, bench = after({"name": "Mug", "story": 7})
    [job] = bench.runtime.ports.jobs.find()
    assert headline_of(bench.runtime.ports, job) == "Mug"
