"""Reads the text in pictures on this machine, with the models that come with RapidOCR: no key, no network."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from pressroom.errors import ConfigurationError
from pressroom.findings import Finding
from pressroom.generators import base
from pressroom.generators.base import Answer, RecognitionGenerator, Usage
from pressroom.recognition import RecognisedText, RecognitionRequest, TextLine


class RapidOcrOptions(base.Options):
    min_confidence: float = Field(0.5, ge=0, le=1)
    """Lines that are read with less are left out: patterns that only look like letters."""


class RapidOcr(RecognitionGenerator):
    """Printed text in Latin letters with most of their accents, and in Chinese; turned pages and leaning lines too.

    What it cannot read: handwriting, other scripts (Greek, Cyrillic, Arabic …), Chinese that runs downwards, letters
    below some nine pixels, lines that lean by more than about twenty degrees.
    """

    Options = RapidOcrOptions
    options: RapidOcrOptions

    def estimate(self, request: RecognitionRequest) -> Decimal:
        return Decimal(0)

    def ask(self, request: RecognitionRequest) -> Answer:
        """Read the picture, when no other one is being read in this process. Raises `BadInput` if it is damaged."""
        from pressroom.generators.reading_text.models import MODEL, shared_models
        from pressroom.generators.reading_text.pixels import SMALLEST, Looked, look
        from pressroom.generators.reading_text.reader import read_lines
        from pressroom.reading_order import in_reading_order

        models = shared_models()

        def lines_of(looked: Looked) -> tuple[TextLine, ...]:
            if min(looked.pixels.shape[:2]) < SMALLEST:
                return ()
            found = [one for one in read_lines(looked.pixels, lent) if one.sureness >= self.options.min_confidence]
            lines = [
                TextLine(text=one.text, confidence=min(1.0, one.sureness), box=looked.in_original(one.corners))
                for one in found
            ]
            return tuple(lines[number] for number in in_reading_order([line.box for line in lines]))

        with models.lent() as lent:
            looked = look(request.data)
            text = RecognisedText(lines=lines_of(looked), width=looked.width, height=looked.height)
        return Answer(text.model_dump_json().encode(), "application/json", (Usage("pictures", 1),), MODEL)

    def recognised(self, answer: Answer, request: RecognitionRequest) -> RecognisedText:
        return RecognisedText.model_validate_json(answer.raw)

    def check(self) -> list[Finding]:
        from pressroom.generators.reading_text.models import folder_of_models

        try:
            folder_of_models()
        except ConfigurationError as error:
            return [Finding(ok=False, what=error.what, todo=error.todo)]
        return [Finding(ok=True, what="Its models are here: printed text in Latin letters and in Chinese.")]
