"""From an uploaded picture to its text, its lines and the picture with boxes, through what anybody may call."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.contracts.recognition_generator import a_picture_of, an_empty_picture
from pressroom.errors import Unavailable
from pressroom.generation import Generators
from pressroom.jobs import Job, JobStatus
from pressroom.pipelines import text_extraction
from pressroom.pipelines.text_extraction import MOST_LINES, demo_input, pipeline, plain_text, script_of, title_of
from pressroom.recognition import RecognisedText, TextLine
from pressroom.retention import remove_expired
from pressroom.runtimes.embedded import open_embedded
from pressroom.testing import ManualClock, ScriptedRecognition, work_off
from pressroom.worker import Worker

PICTURE = a_picture_of("Morning edition", "Number 42").data


def line(text: str, left: float = 40, top: float = 40, confidence: float = 0.98) -> TextLine:
    right, bottom = left + 20 * len(text), top + 45
    return TextLine(text=text, confidence=confidence, box=((left, top), (right, top), (right, bottom), (left, bottom)))


def text_of(*lines: TextLine) -> RecognisedText:
    return RecognisedText(lines=lines, width=640, height=220)


class Scripted(Generators):
    def __init__(self, generator: ScriptedRecognition) -> None:
        self._generator = generator

    def named(self, name: str) -> Any:
        assert name == "reader"
        return self._generator


class ReadingRoom:
    """A runtime in memory in which recognition follows a script."""

    def __init__(self, *answers: RecognisedText | Exception, **settings: Any) -> None:
        self.clock = ManualClock()
        self.ports = build_memory_ports(self.clock)
        self.reader = ScriptedRecognition(*answers)
        sections = {"workspace": "/nowhere", "pipelines": {"text_extraction": {"recognition": "reader"} | settings}}
        pipelines = {"text_extraction": pipeline}
        self.runtime = compose(Config.model_validate(sections), self.ports, pipelines, Scripted(self.reader))

    def extract(self, data: bytes = PICTURE) -> Job:
        job = self.runtime.uploads.start("text_extraction", {}, data)
        work_off(self.runtime)
        return self.job(job.id)

    def job(self, job_id: str) -> Job:
        found = self.ports.jobs.get(job_id)
        assert found is not None
        return found

    def read(self, key: str) -> bytes:
        return self.runtime.assets.read(key)


MORNING = text_of(line("Morning edition"), line("Number 42", top=120, confidence=0.6))


def test_the_job_holds_the_text_the_lines_and_the_keys_of_what_was_stored() -> None:
    room = ReadingRoom(MORNING)
    job = room.extract()
    assert (job.status, job.phase) == (JobStatus.COMPLETED, "done")
    assert job.result == {
        "image_key": f"uploads/{job.id}.png",
        "title": "Morning edition",
        "text": "Morning edition\nNumber 42",
        "lines": [one.model_dump(mode="json") for one in MORNING.lines],
        "line_count": 2,
        "is_whole": True,
        "script": "Latin",
        "width": 640,
        "height": 220,
        "text_key": f"OCR/{job.id}_ocr.txt",
        "lines_key": f"OCR/{job.id}_ocr.json",
        "processed_key": f"processed/{job.id}.png",
    }
    assert room.read(job.result["image_key"]) == PICTURE
    assert room.read(job.result["text_key"]) == b"Morning edition\nNumber 42\n"
    assert RecognisedText(**json.loads(room.read(job.result["lines_key"]))) == MORNING


def test_the_processed_picture_shows_a_box_around_each_line() -> None:
    import pyvips

    room = ReadingRoom(MORNING)
    job = room.extract()
    drawn = pyvips.Image.new_from_buffer(room.read(job.result["processed_key"]), "")
    assert (drawn.width, drawn.height, drawn.bands) == (640, 220, 3)
    coloured = (drawn[0] - drawn[1]).abs() > 60
    for one, top in zip(MORNING.lines, (40, 120), strict=True):
        (left, _), (right, _), *_ = one.box
        across = coloured.crop(int(left), top - 12, int(right - left), 14)
        assert across.avg() > 10, "the upper side of a box is drawn"
        number = coloured.crop(0, top, 30, 45)
        assert number.avg() > 10, "a number stands before the line"
    assert coloured.crop(500, 100, 140, 120).max() == 0, "nothing is drawn where no line is"
    [asset] = [one for one in room.ports.assets.of_job(job.id) if one.key.startswith("processed/")]
    assert asset.about["alt_text"] == "The uploaded picture, numbered boxes around its 2 lines of text."


def test_a_picture_without_text_is_a_result_and_not_a_failure() -> None:
    room = ReadingRoom()
    job = room.extract(an_empty_picture().data)
    assert job.status is JobStatus.COMPLETED
    assert (job.result["text"], job.result["lines"], job.result["script"]) == ("", [], "")
    assert room.read(job.result["text_key"]) == b""
    assert room.read(job.result["processed_key"]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7 and so on", "This file is a PDF document, not a picture."),
        (b"Dear reader", "This file is a text file, not a picture."),
        (b"\x00\x00\x00\x18ftypmp42", "This file is a video, not a picture."),
        (b"GIF89a rest", "This is a GIF; what is accepted here is PNG."),
        (b"\xff\xd8\xff\xe0 rest", "This is a JPEG; what is accepted here is PNG."),
    ],
)
def test_what_is_no_png_fails_the_job_and_says_what_it_is(data: bytes, reason: str) -> None:
    room = ReadingRoom()
    job = room.extract(data)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert (job.error.what, job.error.where) == (reason, f"uploads/{job.id}.png")
    assert job.error.todo.startswith("Send a PNG")
    assert room.reader.history == []


def test_the_line_that_is_told_for_a_further_type_keeps_those_that_are_accepted() -> None:
    job = ReadingRoom().extract(b"\xff\xd8\xff\xe0 rest")
    assert job.error is not None
    assert '`accept = ["image/png", "image/jpeg"]` in [pipelines.text_extraction]' in job.error.todo


def test_a_damaged_png_fails_the_job_and_says_so() -> None:
    job = ReadingRoom().extract(PICTURE[: len(PICTURE) // 2])
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert "damaged" in job.error.what


def test_further_types_are_accepted_if_the_settings_say_so() -> None:
    from PIL import Image

    jpeg = BytesIO()
    Image.open(BytesIO(PICTURE)).save(jpeg, "JPEG")
    room = ReadingRoom(MORNING, accept=["image/png", "image/jpeg"])
    job = room.extract(jpeg.getvalue())
    assert job.status is JobStatus.COMPLETED
    assert job.result["image_key"] == f"uploads/{job.id}.jpg"
    assert room.reader.history[0].media_type == "image/jpeg"


def test_the_picture_is_drawn_as_it_is_looked_at() -> None:
    import pyvips
    from PIL import Image

    lying, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.open(BytesIO(PICTURE)).rotate(90, expand=True).save(lying, "PNG", exif=exif)
    room = ReadingRoom(MORNING)
    job = room.extract(lying.getvalue())
    drawn = pyvips.Image.new_from_buffer(room.read(job.result["processed_key"]), "")
    assert (drawn.width, drawn.height) == (640, 220)


def test_a_generator_that_is_away_is_asked_again_and_nothing_is_stored_twice() -> None:
    room = ReadingRoom(Unavailable("Away."), MORNING)
    job = room.runtime.uploads.start("text_extraction", {}, PICTURE)
    work_off(room.runtime)
    assert room.job(job.id).status is JobStatus.PROCESSING
    room.clock.advance(timedelta(hours=1))
    work_off(room.runtime)
    assert room.job(job.id).status is JobStatus.COMPLETED
    stored = [one.key for one in room.ports.assets.of_job(job.id) if not one.key.startswith("answers/")]
    assert stored == [
        f"OCR/{job.id}_ocr.json",
        f"OCR/{job.id}_ocr.txt",
        f"processed/{job.id}.png",
        f"uploads/{job.id}.png",
    ]


def test_a_job_stays_small_whatever_was_found_and_its_files_hold_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_extraction, "MOST_CHARACTERS", 30)
    lines = tuple(line("w", top=0.1 * number) for number in range(MOST_LINES + 5))
    room = ReadingRoom(text_of(*lines))
    job = room.extract()
    assert (len(job.result["lines"]), job.result["line_count"], job.result["is_whole"]) == (MOST_LINES, 1005, False)
    assert len(job.result["text"]) == 30
    assert len(RecognisedText(**json.loads(room.read(job.result["lines_key"]))).lines) == 1005
    assert room.read(job.result["text_key"]).count(b"w") == 1005


def test_the_text_is_found_in_the_list_of_jobs_until_it_expires_with_everything_else() -> None:
    room = ReadingRoom(MORNING, keep_days=2)
    job = room.extract()
    assert [one.id for one in room.ports.jobs.find(text="edition morn")] == [job.id]
    remove_expired(room.runtime, room.clock.now() + timedelta(days=2))
    assert room.ports.jobs.find(text="edition") == []
    assert room.ports.assets.of_job(job.id) == []


def test_what_stands_beside_each_other_is_a_line_of_the_plain_text() -> None:
    receipt = text_of(line("Espresso"), line("3,80", left=500, top=44), line("Total", top=90), line("3,80", 500, 92))
    assert plain_text(receipt) == "Espresso  3,80\nTotal  3,80"


def test_the_title_is_what_is_set_largest_else_the_first_line_with_words() -> None:
    small, large = line("Open-air cinema"), line("Malmö", top=100)
    grown = large.model_copy(update={"box": ((40, 100), (400, 100), (400, 180), (40, 180))})
    assert title_of(text_of(line("42"), small, grown)) == "Malmö"
    assert title_of(text_of(line("42"), small, large)) == "Open-air cinema"
    assert title_of(text_of(line("word " * 40))) == f"{'word ' * 15}word…"
    assert title_of(text_of(line("42"))) == ""


@pytest.mark.parametrize(
    ("text", "script"), [("Łódź 42", "Latin"), ("東京 A", "Han"), ("Привет", "Cyrillic"), ("42 €", ""), ("", "")]
)
def test_the_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


def test_a_real_worker_reads_a_picture_with_the_real_models_in_a_workspace(tmp_path: Path) -> None:
    runtime = open_embedded(tmp_path, {})
    with closing(runtime.ports):
        worker, listener = Worker(runtime), runtime.ports.wake.listen()
        worker.start()
        try:
            job = runtime.uploads.start("text_extraction", {}, PICTURE)
            while not (done := runtime.ports.jobs.get(job.id) or job).status.has_ended:
                listener.wait(0.2)
        finally:
            worker.stop()
            listener.close()
        assert done.status is JobStatus.COMPLETED, done.error
        assert done.result["text"] == "Morning edition\nNumber 42"
        assert runtime.ports.jobs.find(text="edit 42") == [done]


def test_the_sample_that_a_demo_shows_is_a_picture_that_is_accepted() -> None:
    job = ReadingRoom(MORNING).extract(Path(demo_input()["file"]).read_bytes())
    assert job.status is JobStatus.COMPLETED
