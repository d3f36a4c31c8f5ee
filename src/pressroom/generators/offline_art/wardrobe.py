"""Hats, drawn with the middle of the brim at the origin and a brim one hundred wide."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


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


# fmt: off
HATS = (
    Hat("witch", "in a witch's hat", ("halloween", "witch", "costume", "spooky", "magic"), ("spooky",), 88,
        '<path d="M-50 2C-30-8 30-8 50 2 40 14-40 14-50 2z" fill="#2a1c38"/>'
        '<path d="M-29 0C-22-30-12-64 12-86 22-92 30-82 24-76 14-70 14-62 18-52 24-34 28-16 29 0 12 6-12 6-29 0z" fill="#38264a"/>'
        '<path d="M-30 1C-28-8-26-14-25-20-8-14 10-14 25-20 27-12 28-6 30 1 12 7-12 7-30 1z" fill="#e2762a"/>'
        '<path d="M-7-16h14v14H-7z" fill="none" stroke="#ffd56b" stroke-width="4"/>'),
    Hat("pirate", "in a pirate's hat", ("pirate", "pirates", "buccaneer", "treasure"), (), 50,
        '<path d="M-54 4C-50-30-30-48 0-50 30-48 50-30 54 4 20-8-20-8-54 4z" fill="#231d2b"/>'
        '<path d="M-54 4C-20-8 20-8 54 4" fill="none" stroke="#d9a441" stroke-width="5"/>'
        '<circle cx="0" cy="-26" r="9" fill="#f2e8d6"/><path d="M-5-20h10v8H-5zM-16-10 16-2M16-10-16-2" fill="#f2e8d6" stroke="#f2e8d6" stroke-width="3"/>'),
    Hat("santa", "in a Santa hat", ("christmas", "santa", "winter", "snow", "december", "yule", "elf"), (), 62,
        '<path d="M-40 0C-36-40-10-64 20-60 44-56 56-34 54-12 40-30 30-34 24-30 34-20 38-10 40 0z" fill="#c62f3a"/>'
        '<rect x="-48" y="-10" width="96" height="20" rx="10" fill="#fbf6ec"/><circle cx="55" cy="-8" r="12" fill="#fbf6ec"/>'),
    Hat("party", "in a party hat", ("birthday", "party", "celebrate", "anniversary"), ("cheerful", "retro", "cozy", "minimal"), 80,
        '<path d="M-34 4 0-74 34 4C14 12-14 12-34 4z" fill="#e0506a"/><path d="M-25-16 14-42l6 13-41 29zM-12-46 4-64l4 9-17 15z" fill="#ffd56b"/>'
        '<circle cx="0" cy="-74" r="10" fill="#3fb8b0"/>'),
    Hat("crown", "with a golden crown", ("king", "queen", "royal", "prince", "princess", "crown"), ("elegant",), 44,
        '<path d="M-38 4-44-36-20-16 0-44 20-16 44-36 38 4C14 11-14 11-38 4z" fill="#f0b93a"/><path d="M-38 4C-14 11 14 11 38 4l-1-9C14 2-14 2-37-5z" fill="#c98a24"/>'
        '<circle cx="0" cy="-44" r="5" fill="#e0506a"/><circle cx="-44" cy="-36" r="4" fill="#3fb8b0"/><circle cx="44" cy="-36" r="4" fill="#3fb8b0"/>'),
)
# fmt: on

DRESSED = frozenset("dress costume costumes hat hats dressed masquerade".split())


def hat_for(words: set[str], mood: str, rng: Random) -> Hat | None:
    """Choose a hat: the one a theme names, else one of the mood's, and not always."""
    for hat in HATS:
        if words & set(hat.words):
            return hat
    fitting = [hat for hat in HATS if mood in hat.moods]
    if fitting and (words & DRESSED or rng.random() < 0.6):
        return rng.choice(fitting)
    return None
