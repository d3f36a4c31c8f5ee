"""The contract of a generator that reads text in pictures: what stands there, where, in reading order, how sure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar

import pytest

from pressroom.contracts.generator import GeneratorContract, Make
from pressroom.errors import BadInput
from pressroom.fonts import Face, prepare_text_drawing
from pressroom.generators.base import Answer, Generator, RecognitionGenerator
from pressroom.recognition import RecognisedText, RecognitionRequest


class RecognitionGeneratorContract(GeneratorContract):
    """A test inherits it together with the contract of the generator's place, and provides `make`."""

    base = RecognitionGenerator
    nearness: ClassVar[float] = 6.0
    """Pixels by which a box may be off where the words were drawn."""

    @pytest.fixture
    def requests(self) -> Sequence[RecognitionRequest]:
        return (a_picture_of("Morning edition", "Number 42"), an_empty_picture())

    def read(self, generator: Generator[Any], answer: Answer, request: Any) -> RecognisedText:
        assert isinstance(generator, RecognitionGenerator)
        return generator.recognised(answer, request)

    def asked(self, make: Make, request: RecognitionRequest) -> RecognisedText:
        generator = make()
        return self.read(generator, generator.ask(request), request)

    def test_the_lines_come_in_reading_order_with_their_words(self, make: Make) -> None:
        assert self.asked(make, a_picture_of("Morning edition", "Number 42")).text == "Morning edition\nNumber 42"

    def test_each_line_says_how_sure_it_is_and_where_it_stands(self, make: Make) -> None:
        text = self.asked(make, a_picture_of("Morning edition", "Number 42"))
        assert (text.width, text.height) == (640, 220)
        for line, top in zip(text.lines, (40, 120), strict=True):
            assert 0.5 <= line.confidence <= 1
            (left, upper), (right, _), (_, lower), _ = line.box
            assert left == pytest.approx(40, abs=self.nearness)
            assert left < right <= 640
            # The letters reach from below the line's upper edge, where an accent would stand, to above its lower one.
            assert top - self.nearness <= upper < lower <= top + 60 + self.nearness

    def test_a_picture_without_text_has_no_lines(self, make: Make) -> None:
        text = self.asked(make, an_empty_picture())
        assert (text.lines, text.text, text.width, text.height) == ((), "", 320, 240)

    def test_a_picture_that_cannot_be_read_is_refused_with_what_to_do(self, make: Make) -> None:
        whole = a_picture_of("Morning edition").data
        for data in (b"no picture at all", whole[: len(whole) // 2], b"\x89PNG\r\n\x1a\n"):
            with pytest.raises(BadInput) as refused:
                make().ask(_request(data))
            assert refused.value.todo


def a_picture_of(*lines: str, size: float = 40) -> RecognitionRequest:
    """Return a white picture with these lines in black, their left ends at 40 pixels, 80 pixels apart."""
    import pyvips

    prepare_text_drawing()
    face = Face("world")
    picture = pyvips.Image.black(640, 60 + 80 * len(lines))
    for number, line in enumerate(lines):
        ink = pyvips.Image.text(line, font=f"{face.family} {size}", fontfile=str(face.file), dpi=72)
        picture = picture.insert(ink, 40, 40 + 80 * number)
    return _request((255 - picture).cast("uchar").copy(interpretation="b-w").pngsave_buffer())


def an_empty_picture() -> RecognitionRequest:
    import pyvips

    white = pyvips.Image.black(320, 240) + 255
    return _request(white.cast("uchar").copy(interpretation="b-w").pngsave_buffer())


def _request(data: bytes) -> RecognitionRequest:
    return RecognitionRequest(sha256=hashlib.sha256(data).hexdigest(), media_type="image/png", data=data)
