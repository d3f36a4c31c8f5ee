"""Monochrome: black and white, or the shades of one colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from pressroom.transforms._bands import LUMA, Colour, curves, on_colours, rgb_of
from pressroom.transforms.base import Surroundings, Transform, TransformSettings

if TYPE_CHECKING:
    import pyvips


class MonochromeSettings(TransformSettings):
    tint: Colour = "#808080"
    """The colour of the middle shades, such as "#704214" for sepia; black and white stay so, and a grey is no tint."""
    strength: float = Field(0.5, ge=0, le=1)
    """How much of the tint there is; 0 is none."""


class Monochrome(Transform):
    Settings = MonochromeSettings
    settings: MonochromeSettings

    def apply(self, image: pyvips.Image, around: Surroundings) -> pyvips.Image:
        return on_colours(image, self._tinted)

    def _tinted(self, colours: pyvips.Image) -> pyvips.Image:
        grey = colours.recomb([list(LUMA)]).rint().cast("uchar")
        tint = [value / 255 for value in rgb_of(self.settings.tint)]
        brightness = sum(share * value for share, value in zip(LUMA, tint, strict=True))
        # A tint changes the colour of a shade, not how bright it is.
        shifts = [self.settings.strength * (value - brightness) for value in tint]
        return grey.maplut(curves([[_shade(step / 255, shift) for step in range(256)] for shift in shifts]))


def _shade(grey: float, shift: float) -> float:
    return grey + shift * 4 * grey * (1 - grey)
