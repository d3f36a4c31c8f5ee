"""Writes captions and descriptions with no key and no network: the same request with the same seed, the same text."""

from __future__ import annotations

from decimal import Decimal

from pressroom.generators.base import Answer, TextGenerator, TextRequest
from pressroom.generators.offline_writing.chance import Chance
from pressroom.generators.offline_writing.purposes import purpose_named

MODEL = "offline_text/1"


class OfflineText(TextGenerator):
    """Text from a lexicon and frames; a purpose is a module in `offline_writing.purposes`."""

    def estimate(self, request: TextRequest) -> Decimal:
        return Decimal(0)

    def ask(self, request: TextRequest) -> Answer:
        """Write the text. Raises BadInput for an unknown purpose, an empty theme, or too little room."""
        purpose = purpose_named(request.purpose)
        chance = Chance(MODEL, request.purpose, request.theme, request.style, request.seed)
        text = purpose.write(request, chance)
        return Answer(text.encode(), "text/plain; charset=utf-8", model=MODEL)

    def text(self, answer: Answer, request: TextRequest) -> str:
        return answer.raw.decode()
