"""Reads the text in pictures with Amazon Rekognition, or at any address that answers as it does; needs `aws`."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from pydantic import Field

from pressroom.errors import BadInput, PressroomError, Unavailable
from pressroom.findings import Finding
from pressroom.generators._aws_service import AwsOptions, AwsService
from pressroom.generators._rekognition_parts import FIRST_PIECES, FURTHER_PIECES, Part, is_full, pieces_of
from pressroom.generators.base import Answer, RecognitionGenerator, Usage
from pressroom.log import log
from pressroom.recognition import RecognisedText, RecognitionRequest

# US dollars a call, Group 2, the first million of a month; https://aws.amazon.com/rekognition/pricing/, from general
# knowledge, 2026-11-21
_PRICE = Decimal("0.001")
_A_DOT = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\xb18\xf6\x14\x00\x00\x00\x00IEND\xaeB`\x82"
)
"""A picture that it refuses as too small."""


class RekognitionOptions(AwsOptions):
    min_confidence: float = Field(0.5, ge=0, le=1)
    """Lines that are read with less are left out: patterns that only look like letters."""
    most_calls: int = Field(19, ge=1, le=64)
    """One call tells of 100 words; a picture with more is looked at in up to so many parts, each of which is billed."""
    price: Decimal | None = Field(None, ge=0)
    """US dollars for one call; without it, what is known of it."""


class Rekognition(RecognitionGenerator):
    """Printed and written text in Latin letters, Arabic numerals and some more scripts, turned by up to 90 degrees.

    It does not see text that stands on its head.
    """

    Options = RekognitionOptions
    options: RekognitionOptions

    def estimate(self, request: RecognitionRequest) -> Decimal:
        return self._price * self.options.most_calls

    def ask(self, request: RecognitionRequest) -> Answer:
        """Have the picture read: one call, and further ones for parts of it if it has more words than one tells of.

        Raises `BadInput` if it is damaged.
        """
        from pressroom.generators._rekognition_pixels import look, sent

        looked = look(request.data)
        whole = Part(0, 0, looked.width, looked.height)
        client, waiting, told, calls, is_whole = self._service.client(), [whole], [], 0, True
        while waiting:
            part = waiting.pop(0)
            data, shown = sent(looked, part)
            detections = self._detections(client, data)
            calls += 1
            if is_full(detections):
                count = FIRST_PIECES if part == whole else FURTHER_PIECES
                pieces = pieces_of(shown, detections, whole, count)
                if pieces and calls + len(waiting) + len(pieces) <= self.options.most_calls:
                    waiting += pieces
                    continue
                is_whole = False
            told.append({"part": asdict(shown), "detections": detections})
        if not is_whole:
            log.warning(
                "a picture has more words than Rekognition was asked for; the rest is missing",
                generator=self.setup.name,
                calls=calls,
                todo=f"Raise most_calls in {self._service.section}.",
            )
        document = {"width": looked.width, "height": looked.height, "is_whole": is_whole, "parts": told}
        used = Usage("pictures", calls, self._price * calls)
        return Answer(json.dumps(document).encode(), "application/json", (used,), "rekognition/detect-text")

    def recognised(self, answer: Answer, request: RecognitionRequest) -> RecognisedText:
        from pressroom.generators._rekognition_reading import recognised_text

        return recognised_text(json.loads(answer.raw), self.options.min_confidence)

    def check(self) -> list[Finding]:
        """Ask about a picture that is too small to be read: an answer to that shows address, region and rights."""
        try:
            self._detections(self._service.client(), _A_DOT)
        except BadInput:
            return [Finding(ok=True, what="Rekognition answers, and reads pictures.")]
        except PressroomError as error:
            return [Finding(ok=False, what=error.what, todo=error.todo)]
        return [Finding(ok=True, what="Rekognition answers, and reads pictures.")]

    @property
    def _service(self) -> AwsService:
        return AwsService("rekognition", "Rekognition", "rekognition:DetectText", self.setup, self.options)

    @property
    def _price(self) -> Decimal:
        return _PRICE if self.options.price is None else self.options.price

    def _detections(self, client: Any, data: bytes) -> list[dict[str, Any]]:
        with self._service.told(self._refusal):
            answer = client.detect_text(Image={"Bytes": data})
        found: list[dict[str, Any]] | None = answer.get("TextDetections")
        if found is None:  # the library takes half an answer for one without anything in it
            what = "Rekognition's answer broke off; what it read may be billed."
            raise Unavailable(what, where=self._service.section, todo="It is tried again.")
        return found

    def _refusal(self, code: str, said: str) -> BadInput:
        return BadInput(
            f"Rekognition does not take this picture: {said or code}",
            where=self._service.section,
            todo="Send another picture, as a PNG or a JPEG.",
        )
