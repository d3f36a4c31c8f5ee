"""Joins pieces of a line that were found apart: what goes on where another ends, as high and in the same direction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pressroom.generators.reading_text.shapes import Corners

_OVERLAP, _GAP = -0.8, 0.35
"""Times its height: how far behind the end of a piece the next may begin. A column's gap is wider."""
_ASIDE = 0.25
"""Times its height, by which the next may stand higher or lower."""
_AS_HIGH = 1.4
_ALIKE = 0.998
"""Cosine of the angle by which their directions may differ."""


def joined(lines: Sequence[Corners]) -> list[Corners]:
    """Return the lines with pieces made whole; corners are in the order of a line that is read from the left."""
    import numpy as np

    if len(lines) < 2:
        return list(lines)
    starts, ends, heights, along = _shapes(np.stack(lines))
    follows: dict[int, int] = {}
    for number in range(len(lines)):
        u, height = along[number], heights[number]
        ahead = starts - ends[number]
        forward, aside = ahead @ u, np.abs(ahead @ np.array([-u[1], u[0]]))
        fits = (forward >= _OVERLAP * height) & (forward <= _GAP * height) & (aside <= _ASIDE * height)
        fits &= (along @ u >= _ALIKE) & (heights <= _AS_HIGH * height) & (heights * _AS_HIGH >= height)
        # It must also end further on, else it stands inside of this one.
        fits &= (ends - ends[number]) @ u > 0.3 * height
        fits[number] = False
        fits[list(follows.values())] = False
        if fits.any():
            follows[number] = int(np.argmin(np.where(fits, np.abs(forward), np.inf)))
    return [_around([lines[one] for one in _chain(first, follows)]) for first in _firsts(len(lines), follows)]


def _shapes(lines: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """Return where each line begins and ends in the middle of its height, how high it is, and its direction."""
    import numpy as np

    first, second, third, fourth = (lines[:, corner] for corner in range(4))
    wide, high = np.linalg.norm(second - first, axis=1), np.linalg.norm(fourth - first, axis=1)
    is_tall = (high > wide)[:, None]
    starts = np.where(is_tall, (first + second) / 2, (first + fourth) / 2)
    ends = np.where(is_tall, (third + fourth) / 2, (second + third) / 2)
    along = ends - starts
    return starts, ends, np.minimum(wide, high), along / np.maximum(np.linalg.norm(along, axis=1), 1e-6)[:, None]


def _firsts(count: int, follows: dict[int, int]) -> list[int]:
    behind = set(follows.values())
    return [number for number in range(count) if number not in behind]


def _chain(number: int, follows: dict[int, int]) -> list[int]:
    chain = [number]
    while chain[-1] in follows:
        chain.append(follows[chain[-1]])
    return chain


def _around(pieces: list[Corners]) -> Corners:
    """Return the rectangle around the pieces, in the direction of the first."""
    import numpy as np

    if len(pieces) == 1:
        return pieces[0]
    first = pieces[0]
    points = np.concatenate(pieces)
    u = first[1] - first[0]
    u = u / max(float(np.linalg.norm(u)), 1e-6)
    v = np.array([-u[1], u[0]], np.float32)
    across, down = points @ u, points @ v
    corners = [
        (across.min(), down.min()),
        (across.max(), down.min()),
        (across.max(), down.max()),
        (across.min(), down.max()),
    ]
    return np.array([x * u + y * v for x, y in corners], np.float32)
