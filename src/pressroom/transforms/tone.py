"""Tone: how bright, how hard, how colourful and how warm a picture is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from pressroom.transforms._bands import LUMA, curves, light_of, on_colours
from pressroom.transforms.base import Surroundings, Transform, TransformSettings

if TYPE_CHECKING:
    import pyvips


class ToneSettings(TransformSettings):
    exposure: float = Field(0, ge=-3, le=3)
    """In stops, as on a camera: 1 is twice the light."""
    contrast: float = Field(0, ge=-1, le=1)
    """Above 0 the middle gets harder, below 0 softer; black and white stay within the picture."""
    saturation: float = Field(0, ge=-1, le=1)
    """-1 is grey, 1 is twice as colourful."""
    warmth: float = Field(0, ge=-1, le=1)
    """Above 0 more yellow, below 0 more blue."""
    gamma: float = Field(1, ge=0.2, le=5)
    """Above 1 the shadows and the middle get lighter, below 1 darker."""


class Tone(Transform):
    Settings = ToneSettings
    settings: ToneSettings

    def apply(self, image: pyvips.Image, around: Surroundings) -> pyvips.Image:
        return on_colours(image, self._toned)

    def _toned(self, colours: pyvips.Image) -> pyvips.Image:
        red, blue = 2 ** (0.4 * self.settings.warmth), 2 ** (-0.4 * self.settings.warmth)
        # What one colour gains, the others lose: warmth is not brightness.
        balance = 2**self.settings.exposure / (LUMA[0] * red + LUMA[1] + LUMA[2] * blue)
        gains = [red * balance, balance, blue * balance]
        changed = colours.maplut(curves([[self._curve(step / 255, gain) for step in range(256)] for gain in gains]))
        if not self.settings.saturation:
            return changed
        kept = 1 + self.settings.saturation
        matrix = [
            [(1 - kept) * share + kept * (row == column) for column, share in enumerate(LUMA)] for row in range(3)
        ]
        return changed.recomb(matrix).rint().cast("uchar")

    def _curve(self, value: float, gain: float) -> float:
        lit = min(1.0, light_of(value) * gain)
        shown = _shown(lit)
        hard, amount = shown * shown * (3 - 2 * shown), self.settings.contrast
        shown += amount * (hard - shown) if amount > 0 else amount / 2 * (shown - 0.5)
        return float(shown ** (1 / self.settings.gamma))


def _shown(light: float) -> float:
    """Return the value of sRGB that stands for so much light."""
    return light * 12.92 if light <= 0.0031308 else float(1.055 * light ** (1 / 2.4) - 0.055)
