"""A generator of recognised text that answers from a script and remembers what it was asked."""

from __future__ import annotations

from decimal import Decimal

from pressroom.generators.base import Answer, RecognitionGenerator
from pressroom.recognition import RecognisedText, RecognitionRequest
from pressroom.testing.generators import Script, a_setup


class ScriptedRecognition(RecognitionGenerator):
    """Answers what was enqueued: `enqueue(RecognisedText(…), Unavailable("…"))`; without a script, no text."""

    def __init__(
        self, *answers: RecognisedText | Exception, price: Decimal = Decimal(0), name: str = "scripted_recognition"
    ) -> None:
        super().__init__(a_setup(name))
        self.script: Script[RecognitionRequest] = Script(price)
        self.enqueue(*answers)

    @property
    def history(self) -> list[RecognitionRequest]:
        """Every request, the oldest first."""
        return self.script.history

    def enqueue(self, *answers: RecognisedText | Exception) -> None:
        """Script the next answers, or an exception to be raised."""
        self.script.enqueue_raw(*(a if isinstance(a, Exception) else a.model_dump_json().encode() for a in answers))

    def estimate(self, request: RecognitionRequest) -> Decimal:
        return self.script.price

    def ask(self, request: RecognitionRequest) -> Answer:
        """Answer what is next in the script. Raises `BadInput` if the picture is none."""
        width, height = _size(request.data)
        nothing = RecognisedText(width=width, height=height).model_dump_json().encode()
        raw = self.script.next_raw(request, nothing)
        return Answer(raw, "application/json", self.script.usage("recognitions"), model="scripted")

    def recognised(self, answer: Answer, request: RecognitionRequest) -> RecognisedText:
        return RecognisedText.model_validate_json(answer.raw)


def _size(data: bytes) -> tuple[int, int]:
    from pressroom.imaging.picture_decoding import decode
    from pressroom.imaging.picture_opening import PictureLimits, open_picture

    opened = open_picture(data, PictureLimits())
    decode(opened, 1.0)  # to its end: half a picture is none
    return opened.width, opened.height
