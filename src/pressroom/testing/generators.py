"""Generators that answer from a script and remember what they were asked."""

from __future__ import annotations

import json
import struct
import zlib
from collections import deque
from collections.abc import Sequence
from decimal import Decimal
from typing import Generic, TypeVar

from pydantic import BaseModel

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.generators.base import (
    Answer,
    Flag,
    ImageGenerator,
    ImageRequest,
    ModerationGenerator,
    ModerationRequest,
    Options,
    Picture,
    Setup,
    TextGenerator,
    TextRequest,
    Usage,
    Verdict,
)
from pressroom.testing.clock import ManualClock

R = TypeVar("R", bound=BaseModel)


class Script(Generic[R]):
    """Answers in the order in which they were enqueued; an exception is raised in its turn."""

    def __init__(self, price: Decimal = Decimal(0)) -> None:
        self.price = price
        self.history: list[R] = []
        """Every request, the oldest first."""
        self._answers: deque[bytes | Exception] = deque()

    def enqueue_raw(self, *answers: bytes | Exception) -> None:
        """Script the next answers, byte for byte as a model would give them."""
        self._answers.extend(answers)

    def next_raw(self, request: R, otherwise: bytes | None = None) -> bytes:
        """Return the next scripted answer; when none is left, `otherwise`, without which that is an error."""
        self.history.append(request)
        answer = self._answers.popleft() if self._answers else otherwise
        if answer is None:
            raise AssertionError(f"asked once more than was scripted; the request was {request!r}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def usage(self, unit: str) -> tuple[Usage, ...]:
        return (Usage(unit, 1, self.price),)


class ScriptedText(TextGenerator):
    """A text generator that answers what was enqueued: `enqueue("First", Unavailable("…"), "Second")`."""

    def __init__(self, *answers: str | Exception, price: Decimal = Decimal(0), name: str = "scripted_text") -> None:
        super().__init__(a_setup(name))
        self.script: Script[TextRequest] = Script(price)
        self.enqueue(*answers)

    @property
    def history(self) -> list[TextRequest]:
        """Every request, the oldest first."""
        return self.script.history

    def enqueue(self, *answers: str | Exception) -> None:
        self.script.enqueue_raw(*(a if isinstance(a, Exception) else json.dumps({"text": a}).encode() for a in answers))

    def estimate(self, request: TextRequest) -> Decimal:
        return self.script.price

    def ask(self, request: TextRequest) -> Answer:
        raw = self.script.next_raw(request)
        return Answer(raw, "application/json", self.script.usage("texts"), model="scripted")

    def text(self, answer: Answer, request: TextRequest) -> str:
        return str(json.loads(answer.raw)["text"])


class ScriptedImage(ImageGenerator):
    """An image generator that answers what was enqueued; without a script it draws plain grey PNGs."""

    def __init__(
        self,
        *answers: bytes | Exception,
        price: Decimal = Decimal(0),
        alt_text: str = "",
        name: str = "scripted_image",
    ) -> None:
        super().__init__(a_setup(name))
        self.script: Script[ImageRequest] = Script(price)
        self.alt_text = alt_text
        self.enqueue(*answers)

    @property
    def history(self) -> list[ImageRequest]:
        """Every request, the oldest first."""
        return self.script.history

    def enqueue(self, *answers: bytes | Exception) -> None:
        """Script the next answers: PNG bytes, or an exception to be raised."""
        self.script.enqueue_raw(*answers)

    def estimate(self, request: ImageRequest) -> Decimal:
        return self.script.price

    def ask(self, request: ImageRequest) -> Answer:
        raw = self.script.next_raw(request, plain_png(request.width, request.height))
        return Answer(raw, "image/png", self.script.usage("images"), model="scripted")

    def picture(self, answer: Answer, request: ImageRequest) -> Picture:
        width, height = struct.unpack(">II", answer.raw[16:24])
        return Picture(answer.raw, "image/png", width, height, self.alt_text)


class ScriptedModeration(ModerationGenerator):
    """A moderation generator that answers what was enqueued: `enqueue([], [Flag(…)])`; without a script, clean."""

    def __init__(
        self, *answers: Sequence[Flag] | Exception, price: Decimal = Decimal(0), name: str = "scripted_moderation"
    ) -> None:
        super().__init__(a_setup(name))
        self.script: Script[ModerationRequest] = Script(price)
        self.enqueue(*answers)

    @property
    def history(self) -> list[ModerationRequest]:
        """Every request, the oldest first."""
        return self.script.history

    def enqueue(self, *answers: Sequence[Flag] | Exception) -> None:
        """Script the next verdicts by their flags, or an exception to be raised."""
        self.script.enqueue_raw(
            *(a if isinstance(a, Exception) else Verdict(flags=tuple(a)).model_dump_json().encode() for a in answers)
        )

    def estimate(self, request: ModerationRequest) -> Decimal:
        return self.script.price

    def ask(self, request: ModerationRequest) -> Answer:
        raw = self.script.next_raw(request, Verdict().model_dump_json().encode())
        return Answer(raw, "application/json", self.script.usage("moderations"), model="scripted")

    def verdict(self, answer: Answer, request: ModerationRequest) -> Verdict:
        return Verdict.model_validate_json(answer.raw)


def a_setup(name: str) -> Setup:
    """Return what a generator is given: no options, secrets in memory and a clock that stands still."""
    return Setup(name=name, options=Options(), secrets=MemorySecrets(), clock=ManualClock())


def plain_png(width: int, height: int, grey: int = 128) -> bytes:
    """Return a valid PNG of one grey, `width` by `height` pixels, without any imaging library."""
    rows = (b"\x00" + bytes([grey]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
