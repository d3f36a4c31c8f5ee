"""Caption overlay: a band at the bottom with what is told of the photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from pressroom.fitting import fit_text
from pressroom.transforms._bands import light_of, over, painted
from pressroom.transforms._lettering import Template, draw, filled, painted_words, require_drawable
from pressroom.transforms.base import Surroundings, Transform, TransformSettings

if TYPE_CHECKING:
    import pyvips

    from pressroom.lettering.drawing import Drawn

_CONTRAST = 4.5
"""What text needs to be read well. WCAG 2.2, success criterion 1.4.3."""
_LEAST_OPACITY = 40
_MOST_LETTERS_TO_AN_EM = 4


class CaptionOverlaySettings(TransformSettings):
    text: Template = "{title}"
    """Filled in with {title}, {caption}, {credit}, {copyright}, {name} and {day}; nothing is drawn if all are empty."""
    size: float = Field(0.05, ge=0.01, le=0.2)
    """Of the letters, as a share of the picture's shorter side."""
    lines: int = Field(3, ge=1, le=10)
    """At most; a longer text is shortened at a word. The band never covers more than half of the picture."""


class CaptionOverlay(Transform):
    Settings = CaptionOverlaySettings
    settings: CaptionOverlaySettings

    def apply(self, image: pyvips.Image, around: Surroundings) -> pyvips.Image:
        text = filled(self.settings.text, around.info)
        require_drawable(text, self.settings.use)
        size = min(image.width, image.height) * self.settings.size
        gap = max(1, round(size * 0.6))
        wide, high = image.width - 2 * gap, image.height // 2 - 2 * gap
        if not text or wide < size or high < 1:
            return image
        words = self._written(text, size, wide, high)
        if words is None:
            return image
        band_height = words.height + 2 * gap
        top = image.height - band_height
        ink, ground, opacity = _legible(image.crop(0, top, image.width, band_height))
        band = words.ink.new_from_image(255).embed(0, 0, image.width, band_height, extend="copy")
        with_band = over(image, painted(band, [ground] * 3), 0, top, opacity)
        return over(with_band, painted_words(words, [ink] * 3), (image.width - words.width) // 2, top + gap)

    def _written(self, text: str, size: float, wide: int, high: int) -> Drawn | None:
        """Return the words so that they fit, shortened if need be; None if not even one letter does."""
        text = text[: self.settings.lines * round(wide / size * _MOST_LETTERS_TO_AN_EM + 1)]
        one_line = " ".join(text.split())[:100]
        line = draw(one_line, size).height
        leading = draw(f"{one_line}\n{one_line}", size).height - line
        most = min(high, line + leading * (self.settings.lines - 1))
        text = fit_text(text, most, lambda shorter: draw(shorter, size, width=wide, align="centre").height)
        words = draw(text, size, width=wide, align="centre") if text else None
        return words if words and words.width <= wide and words.height <= most else None


def _legible(below: pyvips.Image) -> tuple[int, int, float]:
    """Return the ink, the band's shade and its least opacity with which words stand out from all that is below."""
    grey = below.extract_band(0, n=3).colourspace("b-w")
    ink, ground, worst = (255, 0, grey.percent(98)) if grey.avg() < 128 else (0, 255, grey.percent(2))
    for opacity in range(_LEAST_OPACITY, 100, 5):
        shade = (worst * (100 - opacity) + ground * opacity) / 100
        lights = sorted((light_of(shade / 255), light_of(ink / 255)))
        if (lights[1] + 0.05) / (lights[0] + 0.05) >= _CONTRAST:
            return ink, ground, opacity / 100
    return ink, ground, 1.0
