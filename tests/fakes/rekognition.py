"""Amazon Rekognition's DetectText as a strict local server, which finds ink in the very pixels that it is sent.

Written from https://docs.aws.amazon.com/rekognition/latest/dg/text-detecting-text-procedure.html and limits.html. It
knows no letters: a line's words are told it beforehand, or stand in the colours of their ink.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.fakes.aws_signatures import Keys, mistake_in
from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.server import FakeServer

MOST_WORDS, MOST_BYTES, LEAST_SIDE = 100, 5 * 1024 * 1024, 80
_GAP_BETWEEN_WORDS = 7
_LIGHT = 200


@dataclass(frozen=True)
class Ink:
    """A word as it stands in the picture that was sent, in its pixels."""

    left: int
    top: int
    right: int
    bottom: int
    colour: tuple[int, int, int]


class FakeRekognition(FakeServer):
    def __init__(self, *, port: int = 0, keys: Keys = Keys()) -> None:  # noqa: B008 - a frozen value
        super().__init__(port=port)
        self.keys = keys
        self.lines = ["Morning edition", "Number 42"]
        """What the lines that are found say, from the top; a line beyond them says the colours of its words."""
        self.turned = 0
        """Quarters clockwise by which the text in the pictures is turned."""
        self.confidence = 99.5

    def answer(self, request: Request) -> Answer:
        if mistake := mistake_in(request, "rekognition", self.keys):
            raise _failure(mistake, "The security token included in the request is invalid.")
        if request.headers.get("x-amz-target") != "RekognitionService.DetectText":
            raise _failure("UnknownOperationException", "")
        given = request.json()
        if given.keys() - {"Image", "Filters"} or set(given["Image"]) != {"Bytes"}:
            raise _failure("InvalidParameterException", "Request has invalid parameters")
        data = base64.b64decode(given["Image"]["Bytes"], validate=True)
        if len(data) > MOST_BYTES:
            raise _failure("ImageTooLargeException", "Image size is too large.")
        return json_answer(200, {"TextDetections": list(self._detections(data)), "TextModelVersion": "3.0"})

    def refusal(self, fault: Fault, request: Request) -> Answer:
        match fault:
            case Fault.RATE_LIMITED | Fault.RATE_LIMITED_BARE:
                return _failure("ProvisionedThroughputExceededException", "Provisioned rate exceeded").answer
            case Fault.TOKEN_EXPIRED | Fault.TOKEN_REVOKED:
                return _failure("ExpiredTokenException", "The security token is expired").answer
            case Fault.BAD_REQUEST:
                return _failure("InvalidImageFormatException", "Request has invalid image format").answer
            case _:
                return _failure("InternalServerError", "Internal server error", fault.status).answer

    def _detections(self, data: bytes) -> Iterator[dict[str, Any]]:
        from PIL import Image

        if not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            raise _failure("InvalidImageFormatException", "Request has invalid image format")
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        if picture.getexif():
            raise _failure("InvalidParameterException", "this fake's clients send pictures that are upright already")
        if min(picture.size) < LEAST_SIDE:
            raise _failure("InvalidParameterException", "Image dimensions are too small")
        upright = picture.rotate(90 * self.turned, expand=True)
        room, number = MOST_WORDS, 0
        words: list[dict[str, Any]] = []
        for line, letters in enumerate(_lines(upright)):
            if line < len(self.lines):
                texts = self.lines[line].split()
                said = _joined(letters, _widest_gap(letters, len(texts)))[:room]
            else:
                said = _joined(letters, _GAP_BETWEEN_WORDS)[:room]
                texts = [_named(word) for word in said]
            if not said:
                break
            room -= len(said)
            yield self._told(number, "LINE", " ".join(texts), _around(said), upright.size)
            words += [
                self._told(0, "WORD", text, word, upright.size) | {"ParentId": number}
                for text, word in zip(texts, said, strict=True)
            ]
            number += 1
        for word in words:
            yield word | {"Id": number}
            number += 1

    def _told(self, number: int, kind: str, text: str, ink: Ink, size: tuple[int, int]) -> dict[str, Any]:
        corners = [(ink.left, ink.top), (ink.right, ink.top), (ink.right, ink.bottom), (ink.left, ink.bottom)]
        shares = [(x / size[0], y / size[1]) for x, y in corners]
        for _ in range(self.turned):
            shares = [(1 - y, x) for x, y in shares]
        xs, ys = [x for x, _ in shares], [y for _, y in shares]
        box = {"Left": min(xs), "Top": min(ys), "Width": max(xs) - min(xs), "Height": max(ys) - min(ys)}
        geometry = {"BoundingBox": box, "Polygon": [{"X": x, "Y": y} for x, y in shares]}
        return {"Id": number, "Type": kind, "DetectedText": text, "Confidence": self.confidence, "Geometry": geometry}


def _lines(picture: Any) -> Iterator[list[Ink]]:
    """Yield the letters of each line, found as ink between light rows and light columns."""
    import numpy as np

    pixels = np.asarray(picture)
    is_ink = pixels.min(axis=2) < _LIGHT
    for top, bottom in _runs(is_ink.any(axis=1)):
        row = is_ink[top:bottom]
        letters = []
        for left, right in _runs(row.any(axis=0)):
            inked = np.argwhere(row[:, left:right])
            y, x = inked[len(inked) // 2]
            red, green, blue = (int(part) for part in pixels[top + y, left + x])
            letters.append(Ink(left, top, right, bottom, (red, green, blue)))
        yield letters


def _runs(flags: Any) -> Iterator[tuple[int, int]]:
    """Yield from where to where flags are set."""
    start = -1
    for at, flag in enumerate([*flags, False]):
        if flag and start < 0:
            start = at
        elif not flag and start >= 0:
            yield start, at
            start = -1


def _widest_gap(letters: list[Ink], words: int) -> int:
    """Return the width from which on a gap parts words, if there are to be so many."""
    gaps = sorted((after.left - before.right for before, after in pairwise(letters)), reverse=True)
    return gaps[words - 2] if words > 1 else 1_000_000


def _joined(letters: list[Ink], gap: int) -> list[Ink]:
    words: list[list[Ink]] = []
    for letter in letters:
        if words and letter.left - words[-1][-1].right < gap:
            words[-1].append(letter)
        else:
            words.append([letter])
    return [_around(word) for word in words]


def _around(words: list[Ink]) -> Ink:
    return Ink(words[0].left, words[0].top, words[-1].right, words[0].bottom, words[0].colour)


def _named(word: Ink) -> str:
    red, green, _ = word.colour
    return f"w{red * 128 + green}"


def _failure(code: str, message: str, status: int = 400) -> Refused:
    body = {"__type": code, "Message": message}
    return Refused(json_answer(status, body, {"x-amzn-errortype": code}, "application/x-amz-json-1.1"))
