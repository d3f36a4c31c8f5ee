"""Sentences of a text by their places in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Not from within a row of signs: ten thousand dots would be counted ten thousand times.
_ENDING = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”’]*|\n\s*\n")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr st prof sr jr no vs etc e.g i.e approx dept est fig gen hon mt rev z.b bzw usw ca nr".split(" ")  # noqa: SIM905
)
_WORD_BEFORE = re.compile(r"([\w.]*\w)\.$")
_GOES_ON = re.compile(r"\s+[a-zà-öø-ÿ]")
"""A small letter behind a full stop: the sentence is not over."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Return `(start, end)` of each sentence without the blanks around it; an empty line ends one too."""
    return [span for start, end in _cut(text) if (span := _without_blanks(text, start, end))]


def pieces(text: str, longest: int) -> list[tuple[int, int]]:
    """Return `(start, end)` of pieces of at most `longest` characters: as many whole sentences as there is room for.

    A sentence that is longer by itself is cut between words, and a word that is longer wherever it must be.
    """
    found: list[tuple[int, int]] = []
    for start, end in sentences(text):
        if found and end - found[-1][0] <= longest:
            found[-1] = (found[-1][0], end)
        else:
            found += _of_a_sentence(text, start, end, longest)
    return found


def _cut(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _ENDING.finditer(text):
        if _is_end(text, found):
            yield start, found.end()
            start = found.end()
    yield start, len(text)


def _is_end(text: str, found: re.Match[str]) -> bool:
    if not found.group().startswith("."):
        # "Who?" he asked.
        return not (found.group()[0] in "!?…" and _GOES_ON.match(text, found.end()))
    if _GOES_ON.match(text, found.end()):
        return False
    before = _WORD_BEFORE.search(text, max(0, found.start() - 20), found.start() + 1)
    word = before.group(1) if before else ""
    is_initial = len(word) == 1 and word.isupper() and word != "I"
    return word.lower() not in _ABBREVIATIONS and not is_initial


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def _of_a_sentence(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    while end - start > longest:
        blank = text.rfind(" ", start + 1, start + longest + 1)
        cut = blank if blank > start else start + longest
        yield start, cut
        start = cut + (blank > start)
    yield start, end
