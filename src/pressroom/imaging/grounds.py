"""Puts a picture with transparent parts on a ground on which what it shows can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyvips

_WHITE = (255, 255, 255)
_BLACK = (0, 0, 0)
_LIGHT = 160
"""Mean of what is not transparent, from 0 to 255, from which it would be lost on white."""


def on_a_ground(image: pyvips.Image) -> pyvips.Image:
    """Return the picture without transparency, in three bands: what is light on black, all else on white."""
    if not image.hasalpha():
        return image
    alpha = image[3]
    seen = float(alpha.avg())
    lightness = image.extract_band(0, n=3).colourspace("b-w")
    is_light = seen > 0 and float((lightness * alpha).avg()) / seen > _LIGHT
    return image.flatten(background=_BLACK if is_light else _WHITE)
