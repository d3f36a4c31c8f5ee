"""The offer as a badge: a disc for a few characters, a label for several words; with a contrast of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.fonts import WORLD
from pressroom.product_pictures.colour import RGB, contrast, standing_out
from pressroom.product_pictures.drawings import rounded_mask
from pressroom.product_pictures.layout import Layout
from pressroom.product_pictures.palette import Palette
from pressroom.product_pictures.typesetting import SetText, Style, set_text
from pressroom.product_pictures.wording import is_right_to_left

if TYPE_CHECKING:
    import pyvips

_FEW = 6
"""Characters that a disc holds."""
_INK_CONTRAST = 5.2


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge with its place."""

    left: int
    top: int
    width: int
    height: int
    radius: int
    fill: RGB
    ink: RGB
    words: SetText
    style: Style

    def form(self) -> pyvips.Image:
        """Return its form as a mask."""
        return rounded_mask(self.width, self.height, self.radius)


def disc_for(offer: str, layout: Layout, palette: Palette, style: Style, *, is_on_the_left: bool) -> Badge:
    """Shape a disc for a short offer, and place it in the upper corner where reading of a line ends."""
    unit = layout.unit
    words = set_text(offer, unit * 10, unit * 4.4, style)
    size = round(unit * 14)
    left = layout.margin if is_on_the_left else layout.width - layout.margin - size
    fill, ink = badge_colours(palette)
    return Badge(left, layout.margin, size, size, size // 2, fill, ink, words, style)


def label_for(offer: str, widest: float, layout: Layout, palette: Palette, style: Style) -> Badge:
    """Shape a label for an offer of several words, on one line; its place is still to be given."""
    unit = layout.unit
    words = set_text(offer, widest - unit * 3.6, unit * 3.2, style)
    height = round(unit * 5.4)
    fill, ink = badge_colours(palette)
    return Badge(0, 0, round(words.width + unit * 3.6), height, height // 2, fill, ink, words, style)


def is_for_a_disc(offer: str) -> bool:
    return len(offer) <= _FEW


def badge_style(offer: str, layout: Layout, language: str) -> Style:
    largest = layout.unit * (4.3 if is_for_a_disc(offer) else 2.7)
    # A number with its sign reads from left to right beside any script.
    return Style(largest, layout.unit * 2.1, (WORLD,), 0.0, language, is_right_to_left(offer), most_lines=1)


def badge_colours(palette: Palette) -> tuple[RGB, RGB]:
    """Return fill and ink that stand out from each other."""
    light = palette.light_ink
    fill = standing_out(palette.accent, light, _INK_CONTRAST)
    return fill, light if contrast(light, fill) >= _INK_CONTRAST else palette.dark_ink
