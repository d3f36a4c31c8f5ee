"""Ink that was not read is found; what was read, and what is no sign, is left alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from pressroom.generators.reading_text.decoding import Character
from pressroom.generators.reading_text.unread import unread


def line(*spans: tuple[int, int], top: int = 8, bottom: int = 36) -> Any:
    paper = np.full((44, 300, 3), 250, np.uint8)
    for begin, end in spans:
        paper[top:bottom, begin:end] = 20
    return paper


def read(*places: float) -> list[Character]:
    return [Character("5", place, 0.9, 0.0) for place in places]


def test_a_sign_that_was_not_read_is_found_in_its_middle() -> None:
    [found] = unread(line((20, 36), (40, 56), (80, 100)), read(28, 48))
    assert (found.at, found.sureness) == (90, 0.0)
    [light] = unread(255 - line((20, 36), (80, 100)), read(28))
    assert light.at == 90


def test_what_was_read_is_not_found_again_although_its_middle_is_told_a_little_beside_it() -> None:
    assert unread(line((20, 36), (60, 76)), read(39, 57)) == []


def test_points_and_long_strokes_are_no_signs() -> None:
    assert unread(line((20, 36), (80, 84)), read(28)) == []
    assert unread(line((20, 36), (80, 200)), read(28)) == []
    assert unread(line((20, 36), (80, 100), top=20, bottom=26), read(28)) == []


def test_without_any_character_and_without_any_ink_nothing_is_found() -> None:
    assert unread(line((20, 36)), []) == []
    assert unread(line(), read(10)) == []
