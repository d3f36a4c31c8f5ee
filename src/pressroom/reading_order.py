"""Puts lines into the order in which a person reads them: columns one after the other, rows from the left. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from statistics import median

Point = tuple[float, float]
Box = Sequence[Point]
"""Four corners from the top left of the text clockwise."""

_GAP = 0.9
"""Times the height of a line: a gap from there on, from top to bottom, may divide two columns."""
_PROSE = 5.0
"""Times its height, a line of a column is wide; shorter ones beside each other are the cells of a table's rows."""
_FEWEST = 3
"""Lines of a column."""
_MOST_CUTS = 40
"""Gaps between rows that are tried for the end of a headline above columns."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line as it stands when the picture is turned so that the text is upright."""

    number: int
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def in_reading_order(boxes: Sequence[Box]) -> list[int]:
    """Return the numbers of the boxes in the order in which they are read."""
    across = _direction(boxes)
    return [one.number for one in _ordered([_placed(number, box, across) for number, box in enumerate(boxes)])]


def rows_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Return the numbers of the boxes, which are in reading order, row by row: what is beside each other together."""
    across = _direction(boxes)
    rows: list[list[_Placed]] = []
    for one in (_placed(number, box, across) for number, box in enumerate(boxes)):
        before = rows[-1][-1] if rows else None
        if before is not None and _are_beside(before, one) and one.left >= before.right - before.height:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [[one.number for one in row] for row in rows]


def _direction(boxes: Iterable[Box]) -> Point:
    """Return the direction in which most of the text runs, as a vector of length 1."""
    x = sum(box[1][0] - box[0][0] for box in boxes)
    y = sum(box[1][1] - box[0][1] for box in boxes)
    length = hypot(x, y)
    return (x / length, y / length) if length else (1.0, 0.0)


def _placed(number: int, box: Box, across: Point) -> _Placed:
    along = [x * across[0] + y * across[1] for x, y in box]
    down = [y * across[0] - x * across[1] for x, y in box]
    return _Placed(number, min(along), max(along), min(down), max(down))


def _ordered(lines: list[_Placed]) -> list[_Placed]:
    columns = _columns(lines)
    if columns is not None:
        return _ordered(columns[0]) + _ordered(columns[1])
    for above, below in _bands(lines):
        # A headline, or a footer, stands across columns: each is found by the columns that the rest makes.
        if _columns(below) is not None or _columns(above) is not None:
            return _ordered(above) + _ordered(below)
    return _by_rows(lines)


def _columns(lines: list[_Placed]) -> tuple[list[_Placed], list[_Placed]] | None:
    """Divide the lines at the widest gap that goes from top to bottom, if there is prose on both of its sides."""
    if len(lines) < 2 * _FEWEST:
        return None
    least = _GAP * median(one.height for one in lines)
    by_left = sorted(lines, key=lambda one: one.left)
    gaps, end = [], by_left[0].right
    for place, one in enumerate(by_left):
        if one.left - end >= least:
            gaps.append((one.left - end, place))
        end = max(end, one.right)
    for _, place in sorted(gaps, reverse=True):
        left, right = by_left[:place], by_left[place:]
        if _is_prose(left) and _is_prose(right):
            return left, right
    return None


def _is_prose(lines: list[_Placed]) -> bool:
    return len(lines) >= _FEWEST and median((one.right - one.left) / max(one.height, 1.0) for one in lines) >= _PROSE


def _bands(lines: list[_Placed]) -> list[tuple[list[_Placed], list[_Placed]]]:
    """Divide the lines at each of the widest gaps between rows, from the top downwards."""
    if len(lines) <= 2 * _FEWEST:
        return []
    by_top = sorted(lines, key=lambda one: one.top)
    gaps, end = [], by_top[0].bottom
    for place, one in enumerate(by_top[1:], 1):
        # Boxes of neighbouring rows may overlap a little where letters reach up and down.
        if one.top - end > -0.35 * one.height:
            gaps.append((one.top - end, place))
        end = max(end, one.bottom)
    widest = sorted(sorted(gaps, reverse=True)[:_MOST_CUTS], key=lambda gap: gap[1])
    return [(by_top[:place], by_top[place:]) for _, place in widest]


def _by_rows(lines: list[_Placed]) -> list[_Placed]:
    rows: list[list[_Placed]] = []
    for one in sorted(lines, key=lambda one: one.middle):
        if rows and _are_beside(rows[-1][0], one):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [one for row in rows for one in sorted(row, key=lambda one: one.left)]


def _are_beside(first: _Placed, second: _Placed) -> bool:
    return abs(first.middle - second.middle) < 0.5 * min(first.height, second.height)
