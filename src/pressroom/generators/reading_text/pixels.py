"""Decodes a stranger's picture into the pixels that are looked at: upright, on a ground on which its letters show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.imaging.picture_opening import PictureLimits, open_picture

if TYPE_CHECKING:
    from pressroom.generators.reading_text.shapes import Corners, Pixels

MOST_PIXELS = 24_000_000
"""That are looked at; a larger picture is reduced. A page at 600 dots an inch still has letters of 30 pixels then."""
SMALLEST = 8
"""Pixels of a side: no letter has fewer."""
_ENLARGED = 2.0
_SMALL = 400_000
"""Pixels of a picture that is enlarged before it is looked at: its letters are likely small too."""

Box = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Looked:
    """The pixels that are looked at, and the size of the picture that they come from."""

    pixels: Pixels
    width: int
    """Of the picture as it is to be seen."""
    height: int

    def in_original(self, corners: Corners) -> Box:
        """Return corners in pixels of the picture, none of them outside of it."""
        high, wide = self.pixels.shape[:2]
        across, down = self.width / wide, self.height / high

        def inside(value: float, most: int) -> float:
            return round(min(max(value, 0.0), float(most)), 1)

        first, second, third, fourth = (
            (inside(float(x) * across, self.width), inside(float(y) * down, self.height)) for x, y in corners
        )
        return first, second, third, fourth


def look(data: bytes) -> Looked:
    """Return the picture's pixels. Raises `BadInput` if it cannot be read, is damaged or beyond the limits."""
    from pressroom.imaging.grounds import on_a_ground
    from pressroom.imaging.libvips import a_turn
    from pressroom.imaging.picture_decoding import decode
    from pressroom.imaging.picture_fitting import resized

    with a_turn():
        opened = open_picture(data, PictureLimits())
        scale = min(1.0, (MOST_PIXELS / (opened.width * opened.height)) ** 0.5)
        image = decode(opened, scale)
        if scale < 1 or opened.width * opened.height < _SMALL:
            scale = scale if scale < 1 else _ENLARGED
            image = resized(image, max(1, round(opened.width * scale)), max(1, round(opened.height * scale)))
        pixels: Pixels = on_a_ground(image).numpy()
    return Looked(pixels, opened.width, opened.height)
