"""The scripted generator of recognised text keeps the contract of the real ones."""

from __future__ import annotations

import pytest

from pressroom.contracts.generator import Make, OfflineGeneratorContract
from pressroom.contracts.recognition_generator import RecognitionGeneratorContract, a_picture_of, an_empty_picture
from pressroom.errors import Unavailable
from pressroom.recognition import RecognisedText, TextLine
from pressroom.testing import ScriptedRecognition


def _line(text: str, top: float) -> TextLine:
    return TextLine(text=text, confidence=0.98, box=((41, top), (300, top), (300, top + 45), (41, top + 45)))


MORNING = RecognisedText(lines=(_line("Morning edition", 42), _line("Number 42", 122)), width=640, height=220)


class TestContract(OfflineGeneratorContract, RecognitionGeneratorContract):
    @pytest.fixture
    def make(self, request: pytest.FixtureRequest) -> Make:
        is_empty = "without_text" in request.node.name
        return lambda: ScriptedRecognition(*([] if is_empty else [MORNING]))


def test_answers_come_in_the_order_of_the_script_and_errors_in_their_turn() -> None:
    generator = ScriptedRecognition(MORNING, Unavailable("Too busy."))
    asked = a_picture_of("Morning edition")
    assert generator.recognised(generator.ask(asked), asked) == MORNING
    with pytest.raises(Unavailable, match="Too busy"):
        generator.ask(asked)
    assert generator.history == [asked, asked]


def test_without_a_script_there_is_no_text() -> None:
    generator, asked = ScriptedRecognition(), an_empty_picture()
    assert generator.recognised(generator.ask(asked), asked) == RecognisedText(width=320, height=240)
