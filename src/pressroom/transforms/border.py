"""Border: a frame of one colour around the picture, which gets larger by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from pressroom.transforms._bands import Colour, rgb_of
from pressroom.transforms.base import Surroundings, Transform, TransformSettings

if TYPE_CHECKING:
    import pyvips


class BorderSettings(TransformSettings):
    width: float = Field(0.03, ge=0, le=0.5)
    """As a share of the picture's shorter side; at least one pixel, unless it is 0."""
    colour: Colour = "#ffffff"


class Border(Transform):
    Settings = BorderSettings
    settings: BorderSettings

    def apply(self, image: pyvips.Image, around: Surroundings) -> pyvips.Image:
        if not self.settings.width:
            return image
        wide = max(1, round(min(image.width, image.height) * self.settings.width))
        background = [*rgb_of(self.settings.colour), 255][: image.bands]
        size = image.width + 2 * wide, image.height + 2 * wide
        return image.embed(wide, wide, *size, extend="background", background=background)
