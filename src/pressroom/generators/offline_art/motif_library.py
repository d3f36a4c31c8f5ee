"""The motifs: one SVG file each in `motifs/`, which also says what it shows and which words of a theme call for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "motifs"

# They stand in the names of many days and never name the thing itself.
EMPTY_WORDS = frozenset(
    "a an and appreciation at awareness be by celebrate celebration day days for from go in international it "
    "like love lovers month my national of on or the this to up us week with world your".split()
)


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
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.svg"))}


def motifs_in(theme: str) -> list[Motif]:
    """Give the motifs that a theme names, the most important first.

    The last thing named leads, as in "chocolate chip cookie"; words joined in a motif's list win over single ones.
    """
    words = re.findall(r"[^\W_]+", theme.lower().replace("'s", "").replace("’s", ""))
    known = _by_words()
    longest = max(len(key) for key in known)
    found: list[tuple[int, list[str]]] = []
    taken: set[int] = set()
    for length in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            span = range(start, start + length)
            if taken & set(span) or (length == 1 and words[start] in EMPTY_WORDS):
                continue
            names = _names_for(tuple(words[start : start + length]), known)
            if names:
                found.append((start, names))
                taken |= set(span)
    ordered = [name for _, names in sorted(found, key=lambda hit: -hit[0]) for name in names]
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
        for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("er", ""), ("ers", "")):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                yield word.removesuffix(ending) + instead


@cache
def _by_words() -> dict[tuple[str, ...], list[str]]:
    index: dict[tuple[str, ...], list[str]] = {}
    for motif in motifs().values():
        for word in motif.words:
            index.setdefault(tuple(word.split("-")), []).append(motif.name)
    return index


def _read(path: Path) -> Motif:
    text = path.read_text(encoding="utf-8")
    opening, _, rest = text.partition(">\n")
    shapes, closed, _ = rest.rpartition("</svg>")
    given = dict(re.findall(r'([\w-]+)="([^"]*)"', opening))
    try:
        x, y, width, height = (float(number) for number in given["viewBox"].split())
        hat = [float(number) for number in given["data-hat"].split(",")] if "data-hat" in given else None
        phrase, kind, words = given["data-is"], given["data-kind"], tuple(given["data-words"].split())
    except (KeyError, ValueError) as error:
        raise ValueError(f"The motif {path.name} lacks or garbles an attribute of its <svg> element: {error}.") from error
    if not closed:
        raise ValueError(f"The motif {path.name} does not end with </svg>.")
    return Motif(
        path.stem, phrase, kind, words, given.get("data-scene", ""), (x, y, width, height),
        (hat[0], hat[1], hat[2]) if hat else None, shapes,
    )  # fmt: skip
