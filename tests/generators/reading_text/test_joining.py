"""Pieces of one line are joined; lines of their own are left alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pressroom.generators.reading_text.joining import joined


def line(left: float, right: float, top: float = 0, height: float = 20) -> Any:
    return np.array([[left, top], [right, top], [right, top + height], [left, top + height]], np.float32)


def ends(lines: list[Any]) -> list[list[float]]:
    return sorted([float(one[:, 0].min()), float(one[:, 0].max())] for one in lines)


def test_what_begins_where_another_ends_is_one_line() -> None:
    found = joined([line(300, 400), line(0, 200), line(195, 305, top=1)])
    assert ends(found) == [[0, 400]]
    assert found[0][0] == pytest.approx((0, 0))
    assert found[0][2] == pytest.approx((400, 21))


@pytest.mark.parametrize(
    "other",
    [
        line(230, 400),  # a gap as between columns
        line(200, 400, top=12),  # the next row
        line(200, 400, top=-10, height=40),  # a larger one
        line(100, 190, top=2, height=16),  # within the first
    ],
)
def test_lines_of_their_own_stay_apart(other: Any) -> None:
    assert len(joined([line(0, 200), other])) == 2


def test_pieces_of_a_line_that_leans_or_stands_upright_are_joined() -> None:
    for degrees in (10, 90):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        turn = np.array([[c, s], [-s, c]], np.float32)
        pieces = [line(0, 200) @ turn, line(205, 400) @ turn]
        if degrees == 90:
            pieces = [np.roll(piece, 1, axis=0) for piece in pieces]  # from the top left, as lines are found
        [whole] = joined(pieces)
        sides = sorted(float(np.linalg.norm(whole[place] - whole[place - 1])) for place in range(2))
        assert sides == pytest.approx([20, 400], abs=0.1)


def test_none_and_one_are_left_as_they_are() -> None:
    assert joined([]) == []
    assert len(joined([line(0, 5)])) == 1
