"""Finds where lines of text stand: a map of how likely each pixel is text, and the rectangles around its islands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pressroom.generators.reading_text.joining import joined

if TYPE_CHECKING:
    from pressroom.generators.reading_text.models import Models
    from pressroom.generators.reading_text.shapes import Corners, Pixels

TILE = 1152
"""Pixels of each side that the model sees at a time: its memory grows with them."""
_MOST_SEEN = 850_000
"""Pixels of a tile; one that would have more is cut across, between lines rather than through words. A screenshot of
1920 x 1080 takes 90 MB less in four tiles than in two, and as long."""
OVERLAP = 64
"""Pixels at the inner edges of a tile of which it cannot be sure, for want of what stands beside them."""
_MOST_OVERVIEW = 1280
"""Of the longest side of a reduced copy, in which letters are found that are larger than a tile."""
_BIG = 100
"""Pixels of height from which a line is taken from the overview."""
_IS_TEXT = 0.3
_IS_SURE = 0.6
_GROWN = 1.6
"""The islands are the cores of the lines; a line is larger by this share of its area for each of its outline."""
_SMALLEST = 3.0
"""Pixels of an island's height."""
_NEARLY_LEVEL = 1.25
"""Times the area of the narrowest rectangle around it, up to which that of a level one says that a line is level."""
_FLAT = 6.0
"""Difference of grey values below which nothing is to be seen in a tile."""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    keep_start: int
    keep_end: int


def find_lines(image: Pixels, models: Models) -> list[Corners]:
    """Return the corners of each line of text, in pixels of the image and in no order."""
    import cv2

    height, width = image.shape[:2]
    found = _rectangles(_map(image, models), 1.0)
    share = _MOST_OVERVIEW / max(width, height)
    if min(width, height) > TILE and min(width, height) * share >= _BIG:
        size = (round(width * share), round(height * share))
        overview = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        big = [
            one
            for one in _rectangles(_map(overview, models, _MOST_OVERVIEW, _MOST_OVERVIEW**2), 1 / share)
            if _height(one) >= _BIG
        ]
        found = [one for one in found if not any(_is_inside(one, other) for other in big)] + big
    return joined([_ordered(one) for one in found])


def _map(image: Pixels, models: Models, tile: int = TILE, most_seen: int = _MOST_SEEN) -> Pixels:
    """Return for each pixel how likely it is text, from 0 to 255, seen tile by tile."""
    import numpy as np

    height, width = image.shape[:2]
    whole = np.zeros((height, width), np.uint8)
    columns = list(_spans(width, tile))
    widest = max(across.end - across.start for across in columns)
    for down in _spans(height, min(tile, most_seen // widest)):
        for across in columns:
            part = image[down.start : down.end, across.start : across.end]
            if np.ptp(part, axis=(0, 1)).max() < _FLAT:
                continue
            seen = _seen(part, models.finding)
            kept = seen[
                down.keep_start - down.start : down.keep_end - down.start,
                across.keep_start - across.start : across.keep_end - across.start,
            ]
            whole[down.keep_start : down.keep_end, across.keep_start : across.keep_end] = kept
    return whole


def _seen(part: Pixels, session: Any) -> Pixels:
    """Ask the model about one tile, with a margin: what touches the edge of a picture is else overlooked."""
    import cv2
    import numpy as np

    height, width = part.shape[:2]
    margin = 16
    down, across = -(height + 2 * margin) % 32, -(width + 2 * margin) % 32
    padded = cv2.copyMakeBorder(part, margin, margin + down, margin, margin + across, cv2.BORDER_REPLICATE)
    values = padded[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32)
    values /= 127.5
    values -= 1.0
    likely = session.run(None, {session.get_inputs()[0].name: values})[0][0, 0]
    result: Pixels = (likely[margin : margin + height, margin : margin + width] * 255).astype(np.uint8)
    return result


def _spans(length: int, tile: int) -> Iterator[_Span]:
    """Divide a side into tiles of about the same length that overlap, and say which part of each counts."""
    count = 1 if length <= tile else -(-(length - OVERLAP) // (tile - OVERLAP))
    step = length / count
    for number in range(count):
        first, last = number == 0, number == count - 1
        begin, end = round(number * step), length if last else round((number + 1) * step)
        yield _Span(begin if first else begin - OVERLAP // 2, end if last else end + OVERLAP // 2, begin, end)


def _rectangles(likely: Pixels, scale: float) -> list[Corners]:
    """Return the four corners of each island of the map, grown to the line that it is the core of."""
    import cv2
    import numpy as np

    islands = cv2.dilate((likely > _IS_TEXT * 255).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(islands, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines:
        (x, y), (across, down), angle = cv2.minAreaRect(outline)
        if min(across, down) < _SMALLEST or _sureness(likely, outline) < _IS_SURE:
            continue
        _, _, wide, high = cv2.boundingRect(outline)
        if wide * high <= _NEARLY_LEVEL * across * down:
            # An accent at one end of a level line must not make it lean.
            angle = round(angle / 90) * 90.0
        margin = across * down * _GROWN / (2 * (across + down))
        corners = cv2.boxPoints(((x, y), (across + 2 * margin, down + 2 * margin), angle))
        if min(across, down) + 2 * margin >= _SMALLEST + 2:
            found.append((corners * scale).astype(np.float32))
    return found


def _sureness(likely: Pixels, outline: Any) -> float:
    import cv2
    import numpy as np

    x, y, width, height = cv2.boundingRect(outline)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [outline - np.array([x, y])], 1)
    return float(cv2.mean(likely[y : y + height, x : x + width], mask)[0]) / 255


def _ordered(corners: Corners) -> Corners:
    """Return the corners from the top left clockwise, for a line that leans less than 45 degrees."""
    import numpy as np

    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1], kind="stable")]
    top_right, bottom_right = right[np.argsort(right[:, 1], kind="stable")]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)


def _height(corners: Corners) -> float:
    import numpy as np

    sides = [float(np.linalg.norm(corners[place] - corners[place - 1])) for place in range(2)]
    return min(sides)


def _is_inside(corners: Corners, other: Corners) -> bool:
    """Say whether the middle of a rectangle lies in another that is larger."""
    import cv2

    middle = corners.mean(axis=0)
    return cv2.pointPolygonTest(other, (float(middle[0]), float(middle[1])), False) >= 0
