"""Cuts a line out of the picture: straight, as high as it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pressroom.generators.reading_text.shapes import Corners, Pixels

_TALL = 1.5
"""Times its width: from here on a line is taken to run upwards or downwards."""


def sides(corners: Corners) -> tuple[float, float]:
    """Return how wide and how high a line is, in pixels."""
    import numpy as np

    def length(start: int, end: int) -> float:
        return float(np.linalg.norm(corners[start] - corners[end]))

    return max(length(0, 1), length(3, 2)), max(length(0, 3), length(1, 2))


def is_tall(corners: Corners) -> bool:
    """Say whether the line is taken to run upwards or downwards."""
    width, height = sides(corners)
    return height >= _TALL * width


def turned(corners: Corners, quarters: int) -> Corners:
    """Return the corners in the order of a line that reads from another corner: by so many quarters clockwise.

    One quarter is for a line that reads downwards, two for one that is upside down, three for one that reads upwards.
    """
    import numpy as np

    return np.roll(corners, -quarters, axis=0)


def grown(corners: Corners, above: float, below: float, beside: float) -> Corners:
    """Return the corners of a larger cut; each margin is a share of the line's height."""
    import numpy as np

    wide, high = sides(corners)
    along = (corners[1] - corners[0]) / max(wide, 1.0) * beside * high
    down = (corners[3] - corners[0]) / max(high, 1.0) * high
    first, second, third, fourth = corners
    result: Corners = np.array(
        [
            first - along - down * above,
            second + along - down * above,
            third + along + down * below,
            fourth - along + down * below,
        ],
        np.float32,
    )
    return result


def cut(image: Pixels, corners: Corners, wanted: int) -> Pixels:
    """Return the line upright and `wanted` pixels high; its first corner becomes the top left one."""
    import cv2
    import numpy as np

    width, height = sides(corners)
    across, down = max(1, round(width)), max(1, round(height))
    if down > 2 * wanted:
        # Reduced first: a warp that skips pixels would tear thin strokes apart.
        by = down / (2 * wanted)
        x, y, wide, high = cv2.boundingRect(corners)
        left, top = min(max(0, x), image.shape[1] - 1), min(max(0, y), image.shape[0] - 1)
        part = image[top : max(top + 1, y + high), left : max(left + 1, x + wide)]
        size = (max(1, round(part.shape[1] / by)), max(1, round(part.shape[0] / by)))
        image = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        corners = ((corners - np.array([left, top], np.float32)) / by).astype(np.float32)
        across, down = max(1, round(across / by)), 2 * wanted
    target = np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32)
    straight = cv2.warpPerspective(
        image,
        cv2.getPerspectiveTransform(np.ascontiguousarray(corners), target),
        (across, down),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    fitted = max(1, round(across * wanted / down))
    smaller = down > wanted
    result: Pixels = cv2.resize(
        straight, (fitted, wanted), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    )
    return result
