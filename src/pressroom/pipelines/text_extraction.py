"""The text of a picture that somebody uploads: its lines with their places, and the picture with boxes around them."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from datetime import timedelta
from importlib.resources import files
from math import hypot
from statistics import median_low

from pydantic import BaseModel, Field

from pressroom.assets import Assets
from pressroom.errors import BadInput
from pressroom.jobs import Job
from pressroom.makers import Recogniser
from pressroom.media import media_type_of
from pressroom.pipeline import PICTURES_QUEUE, Outcome, Pipeline, Step, StoredUpload, Upload
from pressroom.reading_order import rows_of
from pressroom.recognition import RecognisedText, RecognitionRequest, TextLine
from pressroom.upload_terms import UploadSettings, accepted

MOST_LINES = 1_000
"""That the job itself holds; all of them stand in the file at `lines_key`, for a job must stay a small record."""
MOST_CHARACTERS = 100_000
"""Of text that the job itself holds; all of it stands in the file at `text_key`."""
LONGEST_TITLE = 80
_STANDS_OUT = 1.4
"""Times the height of the other lines, from which one is taken for the headline."""
DOUBTFUL = 0.8
"""Confidence below which a line's box is dashed."""


class Settings(UploadSettings):
    recognition: str = Field("rapid_ocr", min_length=1)
    """The generator that reads: a module's name or a `[generators.NAME]` section."""


class Checked(BaseModel):
    """An upload whose bytes are of a type that is accepted."""

    key: str
    revision: int
    media_type: str
    sha256: str


class Extracted(BaseModel):
    """Where the text that was found is stored."""

    lines_key: str
    lines_revision: int


class Processed(BaseModel):
    key: str
    revision: int


def check_type(upload: StoredUpload, settings: Settings, assets: Assets) -> Outcome[Checked]:
    """Look at the bytes: whatever the file is called, only what is accepted goes on."""
    data = assets.read(upload.key, upload.revision)
    media_type = media_type_of(data)
    types = accepted(pipeline, settings)
    if media_type not in types:
        raise _refused(data, media_type, types, upload.key)
    checked = Checked(key=upload.key, revision=upload.revision, media_type=media_type, sha256=upload.sha256)
    return Outcome(output=checked, phase="extracting", result={"image_key": upload.key})


def extract_text(job: Job, checked: Checked, recognition: Recogniser, assets: Assets) -> Outcome[Extracted]:
    """Read the picture, and store its text and its lines beside it under `OCR/`."""
    data = assets.read(checked.key, checked.revision)
    found = recognition.recognise(RecognitionRequest(sha256=checked.sha256, media_type=checked.media_type, data=data))
    text = plain_text(found)
    written = assets.store(
        f"OCR/{job.id}_ocr.txt", (text + "\n" * bool(text)).encode(), job=job, media_type="text/plain"
    )
    lines = assets.store(
        f"OCR/{job.id}_ocr.json", found.model_dump_json().encode(), job=job, media_type="application/json"
    )
    result = {
        "title": title_of(found),
        "text": text[:MOST_CHARACTERS],
        "lines": [line.model_dump(mode="json") for line in found.lines[:MOST_LINES]],
        "line_count": len(found.lines),
        "is_whole": len(text) <= MOST_CHARACTERS and len(found.lines) <= MOST_LINES,
        "script": script_of(text),
        "width": found.width,
        "height": found.height,
        "text_key": written.key,
        "lines_key": lines.key,
    }
    output = Extracted(lines_key=lines.key, lines_revision=lines.revision)
    return Outcome(output=output, assets=(written, lines), phase="extracted", result=result)


def draw_lines(job: Job, checked: Checked, extracted: Extracted, assets: Assets) -> Outcome[Processed]:
    """Draw a numbered box around each line, and store that picture under `processed/`."""
    from pressroom.imaging.line_boxes import draw_boxes

    found = RecognisedText(**json.loads(assets.read(extracted.lines_key, extracted.lines_revision)))
    drawn = draw_boxes(
        assets.read(checked.key, checked.revision),
        [line.box for line in found.lines],
        [line.confidence < DOUBTFUL for line in found.lines],
    )
    count = len(found.lines)
    told = {0: "no text was found in it", 1: "a box around its one line of text"}
    asset = assets.store(
        f"processed/{job.id}.png",
        drawn.png,
        job=job,
        media_type="image/png",
        width=drawn.width,
        height=drawn.height,
        about={
            "alt_text": f"The uploaded picture, {told.get(count, f'numbered boxes around its {count} lines of text')}."
        },
    )
    output = Processed(key=asset.key, revision=asset.revision)
    return Outcome(output=output, assets=(asset,), phase="done", result={"processed_key": asset.key})


def plain_text(found: RecognisedText) -> str:
    """Return the text with a line for each row of the picture: what stands beside each other stays together."""
    rows = rows_of([line.box for line in found.lines])
    return "\n".join("  ".join(found.lines[number].text for number in row) for row in rows)


def title_of(found: RecognisedText) -> str:
    """Return the line by which a person knows the picture again: the one that is set largest, else the first."""
    lines = [line for line in found.lines if sum(one.isalpha() for one in line.text) >= 3]
    if not lines:
        return ""
    largest = max(lines, key=_height)
    stands_out = _height(largest) >= _STANDS_OUT * median_low(map(_height, found.lines))
    title = (largest if stands_out else lines[0]).text
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"


def _height(line: TextLine) -> float:
    (x, y), *_, (below_x, below_y) = line.box
    return hypot(below_x - x, below_y - y)


def script_of(text: str) -> str:
    """Return the script of most letters, as Unicode calls it: "Latin", "Han"; empty if there is none."""
    scripts = Counter(unicodedata.name(one, "").partition(" ")[0] for one in text if one.isalpha())
    most = scripts.most_common(1)[0][0] if scripts else ""
    return "Han" if most == "CJK" else most.capitalize()


def demo_input() -> dict[str, str]:
    """Return what a demo reads: the sample picture that comes with Pressroom."""
    return {"file": str(files("pressroom.samples") / "harbour-cinema.png")}


def _refused(data: bytes, media_type: str, types: tuple[str, ...], key: str) -> BadInput:
    from pressroom.imaging.picture_opening import KINDS, PictureLimits, open_picture

    wanted = " or ".join(KINDS.get(one, one) for one in types)
    # The setting replaces what is accepted, so what is accepted now stands in it too.
    line = f"accept = {json.dumps([*types, media_type])}"
    todo = f"Send a {wanted}; or take these too, with `{line}` in [pipelines.{pipeline.name}]."
    if media_type in KINDS:
        return BadInput(f"This is a {KINDS[media_type]}; what is accepted here is {wanted}.", where=key, todo=todo)
    try:
        open_picture(data, PictureLimits(), "This file")
    except BadInput as error:
        return BadInput(error.what, where=key, todo=f"Send a {wanted}.")
    what = f"This is a photo of the type {media_type}; what is accepted here is {wanted}."
    return BadInput(what, where=key, todo=todo)


pipeline = Pipeline(
    "text_extraction",
    trigger=Upload(types=("image/png",), max_bytes=25_000_000),
    settings=Settings,
    keep=timedelta(days=30),
    steps=[check_type, Step(extract_text, queue=PICTURES_QUEUE), Step(draw_lines, queue=PICTURES_QUEUE)],
)
