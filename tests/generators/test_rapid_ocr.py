"""The text of pictures, read with the real models: words, places, turned pages, and what must not be read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.generator import Make, OfflineGeneratorContract
from pressroom.contracts.recognition_generator import RecognitionGeneratorContract
from pressroom.errors import BadInput
from pressroom.fonts import Face
from pressroom.generators.base import Setup
from pressroom.generators.rapid_ocr import RapidOcr, RapidOcrOptions
from pressroom.generators.reading_text.models import SharedModels, folder_of_models, shared_models
from pressroom.recognition import RecognisedText, RecognitionRequest
from pressroom.testing import ManualClock

INK, PAPER = (30, 30, 40), (250, 249, 245)


def made(**settings: Any) -> RapidOcr:
    return RapidOcr(Setup("rapid_ocr", RapidOcrOptions(**settings), MemorySecrets(), ManualClock()))


def read(picture: Image.Image | bytes, **settings: Any) -> RecognisedText:
    data = picture if isinstance(picture, bytes) else png(picture)
    generator = made(**settings)
    request = RecognitionRequest(sha256=hashlib.sha256(data).hexdigest(), media_type="image/png", data=data)
    return generator.recognised(generator.ask(request), request)


def png(picture: Image.Image, **how: Any) -> bytes:
    data = BytesIO()
    picture.save(data, "PNG", **how)
    return data.getvalue()


@cache
def font(size: int, face: str = "world") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Face(face).file), size)


def sheet(
    lines: Sequence[str], *, size: int = 24, width: int = 900, ink: Any = INK, paper: Any = PAPER, face: str = "world"
) -> Image.Image:
    """Draw lines below each other, 40 pixels from the left, one in each two heights of a letter."""
    picture = Image.new("RGB", (width, (2 * len(lines) + 2) * size), paper)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((40, (2 * number + 1) * size), line, font=font(size, face), fill=ink)
    return picture


class TestContract(OfflineGeneratorContract, RecognitionGeneratorContract):
    @pytest.fixture
    def make(self) -> Make:
        return made


VERSE = (
    "Whoever reads these words aloud",
    "will hear the printing press begin,",
    "the paper moving, white and proud,",
    "another thousand sheets come in.",
)
"""One line of each length, so that each can be told from the others by its place."""


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_is_read_whichever_way_it_is_turned(quarters: int) -> None:
    text = read(sheet(VERSE).rotate(-90 * quarters, expand=True))
    assert text.text == "\n".join(VERSE)
    first = text.lines[0].box
    side = (first[1][0] - first[0][0], first[1][1] - first[0][1])
    longer = max(side, key=abs)
    assert side.index(longer) == quarters % 2, "the first side is the one along which the line reads"
    assert (longer > 0) == (quarters in (0, 1))


@pytest.mark.parametrize("degrees", [-8])
def test_lines_that_lean_are_read_and_their_boxes_lean_with_them(degrees: int) -> None:
    text = read(sheet(VERSE).rotate(degrees, expand=True, fillcolor=PAPER, resample=Image.Resampling.BICUBIC))
    assert text.text == "\n".join(VERSE)
    (left, start), (right, end), *_ = text.lines[1].box
    assert (end - start) / (right - left) == pytest.approx(-0.0176 * degrees, abs=0.03)


@pytest.mark.parametrize(
    ("size", "ink", "paper"),
    [(13, INK, PAPER), (16, (235, 235, 225), (25, 28, 40)), (18, (200, 60, 40), (250, 220, 130)), (60, INK, PAPER)],
)
def test_letters_of_many_sizes_and_colours_are_read(size: int, ink: Any, paper: Any) -> None:
    assert read(sheet(VERSE[:2], size=size, width=20 * size + 80, ink=ink, paper=paper)).text == "\n".join(VERSE[:2])


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (22, "Größe: fünf Äpfel für 12,50 €"),
        (22, "Señor Núñez comió piñas"),
        (28, "Le garçon préfère la crème brûlée"),
        (34, "Smørrebrød på Åse"),
        (34, "Łódź jest piękna"),
        (28, "Příliš žluťoučký kůň"),
        (28, "ağaç, şeker, yağmur"),
        (22, "Não há avião português"),
        (28, "București și țara"),
    ],
)
def test_accents_are_read(size: int, words: str) -> None:
    assert read(sheet([words], size=size, width=size * 28)).text == words


def test_a_picture_may_hold_several_languages() -> None:
    lines = ("Übergrößen für Männer", "Piñata y jamón", "Kraków, Gdańsk, Toruń", "Plain English without any")
    assert read(sheet(lines, size=28)).text == "\n".join(lines)


def test_plain_english_gets_no_accents() -> None:
    lines = ("jigsaw pieces, fjords, jetties, i-dots", "Will I find it? (No.) It is filled;", "tilt, lilt, fifty-fifty")
    for face in ("world", "label"):
        assert read(sheet(lines, size=20, face=face)).text.isascii()


def test_boxes_stand_where_the_words_were_drawn() -> None:
    text = read(sheet(VERSE, size=30))
    ascent, descent = font(30).getmetrics()
    for number, (line, words) in enumerate(zip(text.lines, VERSE, strict=True)):
        left, top, right, bottom = font(30).getbbox(words, anchor="la")
        xs, ys, above = [x for x, _ in line.box], [y for _, y in line.box], (2 * number + 1) * 30
        assert (min(xs), max(xs)) == pytest.approx((40 + left, 40 + right), abs=6)
        assert above - 3 <= min(ys) <= above + top + 4, "it begins between the line's upper end and its ink"
        assert above + bottom - 4 <= max(ys) <= above + ascent + descent + 3, "and ends likewise"


def test_columns_are_read_one_after_the_other() -> None:
    page = Image.new("RGB", (1200, 620), PAPER)
    page.paste(sheet(VERSE, size=24, width=600), (0, 80))
    page.paste(sheet(VERSE[::-1], size=24, width=600), (600, 80))
    ImageDraw.Draw(page).text((300, 20), "The Evening Edition of the Paper", font=font(44), fill=INK)
    assert read(page).text.splitlines() == ["The Evening Edition of the Paper", *VERSE, *VERSE[::-1]]


def test_a_picture_is_read_upright_as_its_metadata_say_and_boxes_are_in_pixels_as_it_is_looked_at() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = png(sheet(VERSE[:2]).rotate(90, expand=True), exif=exif)
    text = read(lying)
    assert text.text == "\n".join(VERSE[:2])
    assert (text.width, text.height) == (900, 144)
    assert text.lines[0].box[0] == pytest.approx((40, 28), abs=8)


def test_light_words_on_a_transparent_ground_are_read() -> None:
    picture = Image.new("RGBA", (500, 80), (0, 0, 0, 0))
    ImageDraw.Draw(picture).text((20, 20), "White on nothing", font=font(30), fill=(255, 255, 255, 255))
    assert read(picture).text == "White on nothing"


def test_small_words_in_a_large_picture_are_read() -> None:
    page = Image.new("RGB", (1400, 1200), PAPER)
    ImageDraw.Draw(page).text((1150, 1150), "a footnote in the corner", font=font(18), fill=INK)
    ImageDraw.Draw(page).text((40, 200), "HUGE", font=font(480), fill=INK)
    text = read(page)
    assert sorted(text.text.splitlines()) == ["HUGE", "a footnote in the corner"]


def test_a_line_across_several_tiles_is_one_line() -> None:
    words = "This line goes on and on across the whole of a very wide picture, from its left end to its right end."
    [line] = read(sheet([words], size=34, width=2200)).lines
    assert line.text == words


@pytest.mark.parametrize("size", [(1, 1), (10, 10), (1, 5000), (700, 500)])
def test_pictures_without_text_have_no_lines_and_load_no_model(size: tuple[int, int]) -> None:
    models = shared_models()
    models.let_go()
    assert read(Image.new("RGB", size, PAPER)) == RecognisedText(width=size[0], height=size[1])
    with models.lent() as lent:
        assert "finding" not in vars(lent)


def test_a_pattern_without_letters_has_no_lines() -> None:
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    assert read(noise).lines == ()


def test_lines_below_the_confidence_asked_for_are_left_out() -> None:
    picture = sheet(VERSE[:1])
    [line] = read(picture).lines
    assert read(picture, min_confidence=min(1.0, line.confidence + 0.001)).lines == ()


def test_a_picture_beyond_the_limits_is_refused_before_it_is_decoded() -> None:
    data = bytearray(png(Image.new("1", (8, 8))))
    data[16:24] = (30_000).to_bytes(4, "big") * 2
    with pytest.raises(BadInput, match="30,000 x 30,000 pixels"):
        read(bytes(data))


def test_its_models_are_here() -> None:
    assert [finding.ok for finding in made().check()] == [True]
    assert folder_of_models().is_dir()


@pytest.fixture
def models() -> Iterator[SharedModels]:
    models = SharedModels(idle_seconds=3600)
    yield models
    models.let_go()


def test_the_models_are_loaded_once_and_let_go_when_idle(models: SharedModels) -> None:
    assert not models.are_loaded
    with models.lent() as first:
        models.let_go()
        assert models.are_loaded, "they are not let go while a picture is read"
    with models.lent() as second:
        assert second is first
    models.let_go()
    assert not models.are_loaded


def test_a_second_picture_waits_for_its_turn(models: SharedModels) -> None:
    import threading

    began, seen = threading.Event(), []

    def read_another() -> None:
        began.set()
        with models.lent():
            seen.append("second")

    with models.lent():
        other = threading.Thread(target=read_another)
        other.start()
        began.wait(10)
        seen.append("first")
    other.join(10)
    assert seen == ["first", "second"]
