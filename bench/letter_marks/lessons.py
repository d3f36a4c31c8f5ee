"""What the network learns from: letters as they are seen in drawn pages, and which they really are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.letter_marks.pages import DrawnLine, Page
from pressroom.generators.reading_text import cutting, decoding
from pressroom.generators.reading_text.decoding import Character
from pressroom.generators.reading_text.finding import find_lines
from pressroom.generators.reading_text.models import Models
from pressroom.generators.reading_text.reader import HEIGHT
from pressroom.generators.reading_text.second_look import BESIDE, cut_whole, features, seen
from pressroom.generators.reading_text.signs import plain

_ALIKE = str.maketrans("ßæœðþ€£„“”’–¿¡«»ÆŒÐÞ", 'BaodpEE"""\'-?!<>AODP')
_WORST = 0.3
"""Share of a line's letters that may be wrong: of worse ones nobody knows which letter is which."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """A line's letters: what is seen and told of each, what it really is, and whether a space follows (-1: unknown)."""

    seen: Any
    told: Any
    letters: list[str]
    spaces: list[int]
    size: float


def lessons_of(page: Page, models: Models) -> Iterator[Lessons]:
    """Read a page as a stranger's picture is read, and compare with what was drawn."""
    import numpy as np

    for corners in find_lines(page.pixels, models):
        drawn = _drawn(corners, page)
        if drawn is None or cutting.is_tall(corners):
            continue
        line = cutting.cut(page.pixels, cutting.grown(corners, 0, 0, BESIDE), HEIGHT)
        characters = decoding.read(line, models.reading, models.alphabet)
        pairs = _pairs(characters, drawn.text.replace(" ", ""))
        if not pairs:
            continue
        whole, scale = cut_whole(page.pixels, corners, line)
        places = [place for place, _ in pairs]
        windows = seen(whole, [characters[place].at * scale for place in places])
        letters = [drawn.text.replace(" ", "")[number] for _, number in pairs]
        spaces = _spaces(pairs, drawn.text)
        grey = (windows * 255).astype(np.uint8)
        yield Lessons(grey, features(characters, scale)[places].astype(np.float16), letters, spaces, page.size)


def _drawn(corners: Any, page: Page) -> DrawnLine | None:
    """Return the line that was drawn where one was found, if it was found whole."""
    middle = float(corners[:, 1].mean())
    nearest = min(page.lines, key=lambda one: abs(one.middle - middle), default=None)
    slack = 1.2 * page.size
    if nearest is None or abs(float(corners[:, 0].min()) - nearest.left) > slack:
        return None
    return nearest if abs(float(corners[:, 0].max()) - nearest.right) <= slack else None


def _pairs(characters: list[Character], text: str) -> list[tuple[int, int]]:
    """Return which character that was read is which that was drawn, by the cheapest way from one text to the other."""
    import numpy as np

    read, drawn = [_bare(one.sign) for one in characters], [_bare(one) for one in text]
    costs = np.zeros((len(read) + 1, len(drawn) + 1))
    costs[:, 0], costs[0, :] = np.arange(len(read) + 1), np.arange(len(drawn) + 1)
    for row in range(1, len(read) + 1):
        for column in range(1, len(drawn) + 1):
            costs[row, column] = min(
                costs[row - 1, column - 1] + _cost(read[row - 1], drawn[column - 1], text[column - 1]),
                costs[row - 1, column] + 1,
                costs[row, column - 1] + 1,
            )
    if costs[-1, -1] > _WORST * len(text):
        return []
    pairs, row, column = [], len(read), len(drawn)
    while row and column:
        here = costs[row, column]
        if abs(here - costs[row - 1, column - 1] - _cost(read[row - 1], drawn[column - 1], text[column - 1])) < 1e-6:
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif abs(here - costs[row - 1, column] - 1) < 1e-6:
            row -= 1
        else:
            column -= 1
    return _certain(pairs[::-1], len(read), len(drawn))


def _certain(pairs: list[tuple[int, int]], read: int, drawn: int) -> list[tuple[int, int]]:
    """Leave out those beside a gap: of two i in a row, one of which was not read, nobody knows which one it was."""
    known = set(pairs) | {(-1, -1), (read, drawn)}
    return [one for one in pairs if (one[0] - 1, one[1] - 1) in known and (one[0] + 1, one[1] + 1) in known]


def _cost(read: str, drawn: str, letter: str) -> float:
    if read == drawn:
        return 0.0
    return 0.4 if read.lower() == drawn.lower() else 1.1 if letter.isascii() else 0.8


def _bare(letter: str) -> str:
    """Return what the reading model is likely to take a letter for."""
    wide = unicodedata.normalize("NFKC", letter)
    return plain(wide.translate(_ALIKE)) if len(wide) == 1 else letter


def _spaces(pairs: list[tuple[int, int]], text: str) -> list[int]:
    ends, count = set(), 0
    for one in text:
        if one == " ":
            ends.add(count - 1)
        else:
            count += 1
    known = set(pairs)
    return [int(number in ends) if (place + 1, number + 1) in known else -1 for place, number in pairs]
