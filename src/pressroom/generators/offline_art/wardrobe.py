"""The hats, one SVG file each: the middle of the brim is at the origin, and the brim is one hundred wide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from pressroom.generators.offline_art.drawings import read_drawings

FOLDER = Path(__file__).parent / "hats"
DRESSED = frozenset(["dress", "costume", "costumes", "hat", "hats", "dressed", "masquerade"])


@dataclass(frozen=True)
class Hat:
    name: str
    phrase: str
    """How its wearer is described: "in a witch's hat"."""
    words: tuple[str, ...]
    """Words of a theme that call for it, whatever the mood."""
    moods: tuple[str, ...]
    tall: float
    """Height over the brim, in hundredths of the brim's width."""
    shapes: str


@cache
def hats() -> tuple[Hat, ...]:
    """Give every hat."""
    return tuple(
        Hat(
            drawing.name,
            drawing.attribute("data-is"),
            tuple(drawing.attribute("data-words").split()),
            tuple(drawing.attribute("data-moods").split()),
            drawing.numbers("data-tall", 1)[0],
            drawing.shapes,
        )
        for drawing in read_drawings(FOLDER)
    )


def hat_for(words: set[str], mood: str, rng: Random) -> Hat | None:
    """Choose a hat: the one a theme names, else one of the mood's, and not always."""
    for hat in hats():
        if words & set(hat.words):
            return hat
    fitting = [hat for hat in hats() if mood in hat.moods]
    if fitting and (words & DRESSED or rng.random() < 0.6):
        return rng.choice(fitting)
    return None
