"""A speech generator that hums as long as its text is, and remembers what it was asked."""

from __future__ import annotations

import math
import struct
from decimal import Decimal

from pressroom.errors import BadInput
from pressroom.generators.base import Answer, SpeechGenerator, Usage
from pressroom.sentences import sentences
from pressroom.speech import Mark, Sound, SpeechRequest
from pressroom.testing.generators import a_setup

RATE = 8000
CHARACTERS_A_SECOND = 15


class ScriptedSpeech(SpeechGenerator):
    """Hums every text; an exception that was enqueued is raised in its turn."""

    longest_text = 400

    def __init__(self, *failures: Exception, price: Decimal = Decimal(0), name: str = "scripted_speech") -> None:
        super().__init__(a_setup(name))
        self.price = price
        self.history: list[SpeechRequest] = []
        """Every request, the oldest first."""
        self._failures = list(failures)

    def enqueue(self, *failures: Exception) -> None:
        self._failures.extend(failures)

    def estimate(self, request: SpeechRequest) -> Decimal:
        return self.price

    def ask(self, request: SpeechRequest) -> Answer:
        self.history.append(request)
        if self._failures:
            raise self._failures.pop(0)
        if not any(sign.isalnum() for sign in request.text):
            raise BadInput("There is nothing to read aloud: the text has no words.")
        count = len(request.text) * RATE // CHARACTERS_A_SECOND
        wave = (round(9000 * math.sin(2 * math.pi * 220 * at / RATE)) for at in range(count))
        return Answer(
            struct.pack(f"<{count}h", *wave), "audio/L16", (Usage("characters", len(request.text), self.price),), "hum"
        )

    def sound(self, answer: Answer, request: SpeechRequest) -> Sound:
        marks = tuple(Mark(start / CHARACTERS_A_SECOND, start, end) for start, end in sentences(request.text))
        return Sound(answer.raw, RATE, marks)
