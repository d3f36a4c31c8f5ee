"""What is known of OpenAI's models: what they cost and when they end. Data; options and the server overrule it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens."""

    input: Decimal
    output: Decimal

    def of(self, input_tokens: int, output_tokens: int) -> Decimal:
        return (self.input * input_tokens + self.output * output_tokens) / MILLION


@dataclass(frozen=True)
class End:
    on: date
    instead: str


IMAGE_DEFAULT = "gpt-image-2.5-flare"
TEXT_DEFAULT = "gpt-6-luna"
MODERATION_DEFAULT = "omni-moderation-latest"
SPEECH_DEFAULT = "gpt-4o-mini-tts"

# The model page of gpt-image-2.6 and a price list by users for the others; 2026-11-20
_IMAGE = Price(Decimal(5), Decimal(30))
IMAGE_INPUT = Decimal(8)
"""US dollars for a million tokens of pictures that are sent along; the model page of gpt-image-2.6, 2026-11-20."""
PRICES: dict[str, Price] = {
    "gpt-image-2": _IMAGE,
    "gpt-image-2.5-flare": _IMAGE,
    "gpt-image-2.5-sunburst": _IMAGE,
    "gpt-image-2.6-sunburst": _IMAGE,
    # The model page of gpt-6-astra; LiteLLM's price list of 2026-09-22 for sol and luna; models.dev for 5.6; 2026-11-20
    "gpt-6-astra": Price(Decimal(10), Decimal(50)),
    "gpt-6-sol": Price(Decimal(2), Decimal(10)),
    "gpt-6-luna": Price(Decimal("0.10"), Decimal("0.50")),
    "gpt-5.6-luna": Price(Decimal(1), Decimal(6)),
}
DEAREST = Price(Decimal(10), Decimal(50))
"""For a model that is not listed: rather stop too early at a budget than too late."""

# Output tokens of a picture of 1024x1024, measured by users (sanand0's blog), rounded up; 2026-11-20
_FLARE = {"low": 196, "medium": 439, "high": 1756, "xhigh": 3134, "max": 7034}
IMAGE_TOKENS: dict[str, dict[str, int]] = {
    "gpt-image-2": {"low": 196, "medium": 1756, "high": 7034},
    "gpt-image-2.5-flare": _FLARE,
}
MOST_IMAGE_TOKENS = {"low": 1756, "medium": 7034, "high": 7034, "xhigh": 14068, "max": 14068}
"""For an image model of which no numbers are known: the most of any, and twice that for what is above high."""

# https://platform.openai.com/docs/deprecations as copied by users, and the SDK's own marks; 2026-11-20
_ENDS: tuple[tuple[date, str, str], ...] = (
    (date(2024, 1, 4), TEXT_DEFAULT, "text-davinci-003"),
    (date(2026, 5, 12), IMAGE_DEFAULT, "dall-e-2 dall-e-3"),
    (date(2026, 10, 23), IMAGE_DEFAULT, "gpt-image-1"),
    (date(2026, 10, 23), "gpt-5.6-terra", "gpt-3.5-turbo o4-mini gpt-4.1-nano"),
    (date(2026, 10, 23), "gpt-5.6-sol", "gpt-4 gpt-4-turbo o1 o1-pro o3-mini"),
    (date(2026, 12, 1), IMAGE_DEFAULT, "gpt-image-1-mini gpt-image-1.5 chatgpt-image-latest"),
    (date(2026, 12, 11), "gpt-5.6-sol", "gpt-5 o3"),
    (date(2026, 12, 11), TEXT_DEFAULT, "gpt-5-mini gpt-5-nano"),
    (date(2027, 1, 14), TEXT_DEFAULT, "gpt-4o gpt-4o-mini gpt-4.1 gpt-4.1-mini"),
    (date(2027, 4, 1), TEXT_DEFAULT, "gpt-5.1 gpt-5.4-nano"),
)

_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


def known_end(model: str) -> End | None:
    """Return when a model or its dated snapshot ends and what to use then; None if no end is known."""
    family = _SNAPSHOT.sub("", model)
    for on, instead, models in _ENDS:
        if family in models.split():
            return End(on, instead)
    return None


def price_of(model: str, input_price: Decimal | None, output_price: Decimal | None) -> Price:
    """Return the price from the settings, else the known one, else the dearest."""
    known = PRICES.get(_SNAPSHOT.sub("", model), DEAREST)
    return Price(
        known.input if input_price is None else input_price, known.output if output_price is None else output_price
    )


def has_price(model: str) -> bool:
    return _SNAPSHOT.sub("", model) in PRICES
