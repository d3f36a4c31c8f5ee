"""Draws a themed illustration on this machine: no key, no network, the same picture for the same seed."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from pressroom.generators import base
from pressroom.generators.base import Answer, ImageGenerator, ImageRequest, Picture, Usage
from pressroom.generators.offline_art.canvas import draw
from pressroom.generators.offline_art.plan import plan


class DrawingOptions(base.Options):
    """Settings of the offline illustrator."""

    face: Literal["", "crypt", "gothic", "cheer", "elegant", "retro", "poster", "plain"] = ""
    """The display face of the title; empty lets the style choose."""
    quality: int = Field(default=90, ge=40, le=100)
    """Of the JPEG."""


class OfflineImage(ImageGenerator):
    """Composes a scene, a hero and lettering from the words of the theme."""

    Options = DrawingOptions
    options: DrawingOptions
    MODEL = "offline_image/1"

    def estimate(self, request: ImageRequest) -> Decimal:
        return Decimal(0)

    def ask(self, request: ImageRequest) -> Answer:
        """Draw the picture. Raises UndrawableCharacter for a title that our fonts cannot set."""
        jpeg = draw(plan(request), request.width, request.height, request.seed, self.options.face, self.options.quality)
        return Answer(jpeg, "image/jpeg", (Usage("images", 1),), self.MODEL)

    def picture(self, answer: Answer, request: ImageRequest) -> Picture:
        return Picture(answer.raw, "image/jpeg", request.width, request.height, plan(request).alt_text)
