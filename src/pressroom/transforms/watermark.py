"""Watermark: words or a picture in a corner or in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from pressroom.errors import BadInput
from pressroom.transforms._bands import Colour, over, rgb_of
from pressroom.transforms._lettering import Template, draw, filled, painted_words, require_drawable
from pressroom.transforms.base import Surroundings, Transform, TransformSettings

if TYPE_CHECKING:
    import pyvips

Position = Literal["top-left", "top", "top-right", "left", "centre", "right", "bottom-left", "bottom", "bottom-right"]


class WatermarkSettings(TransformSettings):
    text: Template = ""
    """Words such as "© {credit}", filled in with {title}, {caption}, {credit}, {copyright}, {name} and {day}."""
    picture: str = ""
    """Instead of words: the key of a stored picture, best one with transparency."""
    position: Position = "bottom-right"
    size: float = Field(0.2, gt=0, le=1)
    """As a share of the picture's width."""
    opacity: float = Field(0.7, gt=0, le=1)
    margin: float = Field(0.02, ge=0, le=0.25)
    """To the edge, as a share of the picture's width."""
    colour: Colour = "#ffffff"
    """Of the words."""

    @model_validator(mode="after")
    def _has_one(self) -> WatermarkSettings:
        if bool(self.text) == bool(self.picture):
            raise ValueError("give it either a text or a picture")
        return self


class Watermark(Transform):
    Settings = WatermarkSettings
    settings: WatermarkSettings

    def apply(self, image: pyvips.Image, around: Surroundings) -> pyvips.Image:
        margin = min(round(image.width * self.settings.margin), (min(image.width, image.height) - 1) // 2)
        high = image.height - 2 * margin
        wide = min(max(1, round(image.width * self.settings.size)), image.width - 2 * margin)
        if self.settings.picture:
            layer = _loaded(self.settings.picture, around, wide, high)
        elif text := filled(self.settings.text, around.info):
            require_drawable(text, self.settings.use)
            layer = _written(text, wide, high, rgb_of(self.settings.colour))
        else:
            return image
        across, down = image.width - layer.width, image.height - layer.height
        position = self.settings.position
        x = margin if "left" in position else across - margin if "right" in position else across // 2
        y = margin if "top" in position else down - margin if "bottom" in position else down // 2
        return over(image, layer, x, y, self.settings.opacity)


def _written(text: str, wide: int, high: int, colour: list[int]) -> pyvips.Image:
    """Return a layer of the words, as wide as it should be, or as high as there is room."""
    words = draw(text, max(1.0, 100 * wide / draw(text, 100).width))
    layer = painted_words(words, colour)
    share = min(1.0, wide / words.width, high / words.height)
    if share == 1:
        return layer
    width, height = max(1, int(words.width * share)), max(1, int(words.height * share))
    return layer.thumbnail_image(width, height=height, size="force").cast("uchar")


def _loaded(key: str, around: Surroundings, wide: int, high: int) -> pyvips.Image:
    import pyvips

    try:
        layer = pyvips.Image.thumbnail_buffer(around.read(key), wide, height=high).colourspace("srgb")
        return (layer if layer.hasalpha() else layer.bandjoin(255)).cast("uchar").copy_memory()
    except pyvips.Error as error:
        raise BadInput(
            f"The watermark {key} cannot be read as a picture.",
            where=key,
            todo="Store a PNG or WebP under that key.",
            detail=str(error),
        ) from error
