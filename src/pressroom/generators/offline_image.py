"""Draws a themed illustration, or a product in a studio, on this machine: no key, no network, always the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from pressroom.generators import base
from pressroom.generators.base import Answer, ImageGenerator, ImageRequest, Picture, Usage
from pressroom.generators.offline_art import storybook
from pressroom.generators.offline_art.canvas import draw
from pressroom.generators.offline_art.plan import Plan, plan
from pressroom.generators.offline_art.studio import draw_studio, is_studio, studio_alt_text


class DrawingOptions(base.Options):
    """Settings of the offline illustrator."""

    face: Literal["", "crypt", "gothic", "cheer", "elegant", "retro", "poster", "plain"] = ""
    """The display face of the title; empty lets the style choose."""
    quality: int = Field(default=90, ge=40, le=100)
    """Of the JPEG."""


class OfflineImage(ImageGenerator):
    """Composes a scene, a hero and lettering from the words of the theme; or stands a product in a studio."""

    Options = DrawingOptions
    options: DrawingOptions
    MODEL = "offline_image/1"
    takes_references = True

    def estimate(self, request: ImageRequest) -> Decimal:
        return Decimal(0)

    def ask(self, request: ImageRequest) -> Answer:
        """Draw the picture. Raises `BadInput` for a title that our fonts cannot set, or a photo that is none."""
        if is_studio(request):
            return Answer(draw_studio(request, self.options.quality), "image/jpeg", (Usage("images", 1),), self.MODEL)
        jpeg = draw(
            _planned(request), request.width, request.height, request.seed, self.options.face, self.options.quality
        )
        return Answer(jpeg, "image/jpeg", (Usage("images", 1),), self.MODEL)

    def picture(self, answer: Answer, request: ImageRequest) -> Picture:
        alt_text = studio_alt_text(request) if is_studio(request) else _planned(request).alt_text
        return Picture(answer.raw, "image/jpeg", request.width, request.height, alt_text)


def _planned(request: ImageRequest) -> Plan:
    return storybook.plan(request) if storybook.is_wanted(request) else plan(request)
