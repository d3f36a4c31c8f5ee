"""Finds ink in a line for which the reading model has no character: above all the sign €, which it does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pressroom.generators.reading_text.decoding import Character

if TYPE_CHECKING:
    from pressroom.generators.reading_text.shapes import Pixels

GUESS = "E"
"""What the reading model mostly takes a € for, where it sees anything at all."""
_INK = 0.4
"""Of the contrast of a line, from which a pixel is ink."""
_NARROWEST, _WIDEST = 0.2, 0.9
"""Times the line's height."""
_LOWEST = 0.4
_CLEAR = 0.05
"""Times the line's height, by which it must stand away from other ink."""


def unread(line: Pixels, characters: Sequence[Character]) -> list[Character]:
    """Return a guess for each sign that stands by itself in the line and was not read."""
    import cv2
    import numpy as np

    if not characters:
        return []
    height = line.shape[0]
    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY).astype(np.float32)
    darkest, lightest = np.percentile(grey, 1), np.percentile(grey, 99)
    paper = darkest if np.median(grey) < (darkest + lightest) / 2 else lightest
    ink = np.abs(grey - paper) > _INK * max(float(lightest - darkest), 1.0)
    columns = np.concatenate([[0], ink.any(axis=0).astype(np.int8), [0]])
    edges = np.diff(columns)
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if not len(begins):
        return []
    middles = (begins + ends) / 2
    taken = set()
    for one in characters:
        away = np.maximum(np.maximum(begins - one.at, one.at - ends), 0)
        taken.add(int(np.lexsort((np.abs(middles - one.at), away))[0]))
    found = []
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        rows = np.flatnonzero(ink[:, begin:end].any(axis=1))
        is_a_sign = _NARROWEST * height <= end - begin <= _WIDEST * height and np.ptp(rows) >= _LOWEST * height
        before = begin - ends[number - 1] if number else height
        behind = begins[number + 1] - end if number + 1 < len(begins) else height
        if number not in taken and is_a_sign and min(before, behind) >= _CLEAR * height:
            found.append(Character(GUESS, float(begin + end) / 2, 0.0, 0.0))
    return found
