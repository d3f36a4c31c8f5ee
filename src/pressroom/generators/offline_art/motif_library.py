"""The motifs: one SVG file each in `motifs/`, which also says what it shows and which words of a theme call for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pressroom.generators.offline_art.drawings import Drawing, read_drawings

FOLDER = Path(__file__).parent / "motifs"

# They stand in the names of many days and never name the thing itself.
EMPTY_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "appreciation",
        "at",
        "awareness",
        "be",
        "by",
        "celebrate",
        "celebration",
        "day",
        "days",
        "for",
        "from",
        "go",
        "in",
        "international",
        "it",
        "like",
        "love",
        "lovers",
        "month",
        "my",
        "national",
        "of",
        "on",
        "or",
        "the",
        "this",
        "to",
        "up",
        "us",
        "week",
        "with",
        "world",
        "your",
    ]
)


# The first words of a motif's list name the thing itself; the rest bring it to mind.
PROPER_NAMES = 6


@dataclass(frozen=True)
class Motif:
    """A drawing in its own coordinates: its feet stand on the bottom of its box."""

    name: str
    phrase: str
    """What it shows, with its article: "a black cat"."""
    kind: str
    words: tuple[str, ...]
    """Words that call for it; a hyphen joins words that only count together."""
    scene: str
    """The scene that it asks for, or empty."""
    box: tuple[float, float, float, float]
    is_luminous: bool
    """Whether it gives light itself, so that no light and shade falls on it."""
    is_bust: bool
    """Whether it ends at the chest and so must rise from the lower edge of the picture."""
    hat: tuple[float, float, float] | None
    """Where a hat sits: the middle of its brim and the brim's width."""
    shapes: str
    """The SVG elements inside."""

    @property
    def proportion(self) -> float:
        """Width divided by height."""
        return self.box[2] / self.box[3]


@cache
def motifs() -> dict[str, Motif]:
    """Give every motif by its name."""
    return {drawing.name: _motif(drawing) for drawing in read_drawings(FOLDER)}


def motifs_in(theme: str) -> list[Motif]:
    """Give the motifs that a theme names, the most important first.

    Of the things that are named outright the last leads, as in "chocolate chip cookie"; what a word merely brings
    to mind comes after. Words joined in a motif's list win over single ones.
    """
    words = re.findall(r"[^\W_]+", theme.lower().replace("'s", "").replace("’s", ""))
    known = _by_words()
    longest = max(len(key) for key in known)
    found: list[tuple[int, int, list[str]]] = []

    def importance(hit: tuple[int, int, list[str]]) -> tuple[bool, int]:
        start, length, names = hit
        proper = {word for name in names for word in motifs()[name].words[:PROPER_NAMES]}
        return (length == 1 and not proper & set(_forms(words[start])), -start)

    taken: set[int] = set()
    for length in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            span = range(start, start + length)
            if taken & set(span) or (length == 1 and words[start] in EMPTY_WORDS):
                continue
            names = _names_for(tuple(words[start : start + length]), known)
            if names:
                found.append((start, length, names))
                taken |= set(span)
    ordered = [name for _, _, names in sorted(found, key=importance) for name in names]
    return [motifs()[name] for name in dict.fromkeys(ordered)]


def _names_for(words: tuple[str, ...], known: dict[tuple[str, ...], list[str]]) -> list[str]:
    *rest, last = words
    for form in _forms(last):
        if names := known.get((*rest, form)):
            return names
    return []


def _forms(word: str) -> Iterable[str]:
    """Give a word and what it may be the plural or the activity of."""
    yield word
    if len(word) > 3:
        yield word + "s"
        for ending, instead in (
            ("ies", "y"),
            ("es", ""),
            ("s", ""),
            ("ing", ""),
            ("ing", "e"),
            ("er", ""),
            ("ers", ""),
        ):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                yield word.removesuffix(ending) + instead


@cache
def _by_words() -> dict[tuple[str, ...], list[str]]:
    index: dict[tuple[str, ...], list[str]] = {}
    for motif in motifs().values():
        for word in motif.words:
            index.setdefault(tuple(word.split("-")), []).append(motif.name)
    return index


def _motif(drawing: Drawing) -> Motif:
    given = drawing.given
    x, y, width, height = drawing.numbers("viewBox", 4)
    hat = drawing.numbers("data-hat", 3) if "data-hat" in given else None
    return Motif(
        name=drawing.name,
        phrase=drawing.attribute("data-is"),
        kind=drawing.attribute("data-kind"),
        words=tuple(drawing.attribute("data-words").split()),
        scene=given.get("data-scene", ""),
        box=(x, y, width, height),
        is_luminous="data-glows" in given,
        is_bust=given.get("data-cut") == "bust",
        hat=(hat[0], hat[1], hat[2]) if hat else None,
        shapes=drawing.shapes,
    )
