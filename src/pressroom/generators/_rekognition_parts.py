"""Parts of a picture that are looked at one by one, because one look tells of so many words at the most. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from statistics import median
from typing import Any, Literal

# 100 words; https://docs.aws.amazon.com/rekognition/latest/dg/limits.html, 2026-11-21
MOST_WORDS = 100
FIRST_PIECES, FURTHER_PIECES = 6, 2
"""A full page has some 400 words, and parts overlap."""
_MARGIN = 1.5
"""Heights of a line by which a part reaches beyond what it answers for, so that no line of its own is cut."""
_LEAST_MARGIN = 16.0
_THINNEST = 3.0
"""Heights of a line, below which a part is not divided further."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle in pixels of the picture; of the lines in it, it answers for those with their middle in its core."""

    left: float
    top: float
    width: float
    height: float
    axis: Literal["across", "down"] = "down"
    """Along which its core runs from `start` to `end`."""
    start: float = 0
    end: float = 1e9

    def point(self, ratio: dict[str, float]) -> Point:
        """Return a point that was told as shares of the part's sides."""
        return self.left + ratio["X"] * self.width, self.top + ratio["Y"] * self.height

    def answers_for(self, box: Sequence[Point]) -> bool:
        along = [x if self.axis == "across" else y for x, y in box]
        return self.start <= sum(along) / len(along) < self.end


def is_full(detections: Sequence[dict[str, Any]]) -> bool:
    """Say whether there may be more words than were told."""
    return [one.get("Type") for one in detections].count("WORD") >= MOST_WORDS


def pieces_of(part: Part, detections: Sequence[dict[str, Any]], whole: Part, count: int) -> list[Part]:
    """Divide a part across its lines into overlapping ones; none if it is as thin as a few lines."""
    boxes = [polygon(one, part) for one in detections if one.get("Type") == "LINE"]
    boxes = [box for box in boxes if len(box) == 4]
    is_upright = sum(_length(box[0], box[1]) * _is_flat(box[0], box[1]) for box in boxes) >= 0
    height = median([_length(box[1], box[2]) for box in boxes]) if boxes else 0.0
    axis: Literal["across", "down"] = "down" if is_upright else "across"
    far = whole.height if axis == "down" else whole.width
    same = part.axis == axis
    start, end = (part.start, min(part.end, far)) if same else (0.0, far)
    if (end - start) / count < max(_THINNEST * height, _LEAST_MARGIN):
        return []
    margin, step = max(_MARGIN * height, _LEAST_MARGIN), (end - start) / count
    return [_band(whole, axis, start + number * step, start + (number + 1) * step, margin) for number in range(count)]


def polygon(detection: dict[str, Any], part: Part) -> list[Point]:
    return [part.point(point) for point in detection.get("Geometry", {}).get("Polygon", [])]


def _band(whole: Part, axis: Literal["across", "down"], start: float, end: float, margin: float) -> Part:
    far = whole.height if axis == "down" else whole.width
    first, last = max(0.0, start - margin), min(far, end + margin)
    if last >= far:
        end = 1e9
    if axis == "down":
        return Part(0, first, whole.width, last - first, axis, start, end)
    return Part(first, 0, last - first, whole.height, axis, start, end)


def _length(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _is_flat(one: Point, other: Point) -> int:
    return 1 if abs(one[0] - other[0]) >= abs(one[1] - other[1]) else -1
