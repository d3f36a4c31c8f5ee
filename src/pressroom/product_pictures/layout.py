"""Where product, words and badge stand, for any shape of picture. Geometry without a pixel. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CalmSide = Literal["bottom", "left", "right"]

MARGIN = 0.06
"""Of the shorter side; nothing that must be read stands nearer to an edge."""
_WIDE, _TALL = 1.3, 0.9


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def middle(self) -> int:
        return self.left + self.width // 2


@dataclass(frozen=True, slots=True)
class Layout:
    width: int
    height: int
    margin: int
    product: Box
    """Where the product stands, its feet on the lower edge."""
    words: Box
    calm: CalmSide
    """The side that is kept free for words."""

    @property
    def unit(self) -> float:
        """A hundredth of the picture's size, for what should look alike in all."""
        return float((self.width * self.height) ** 0.5) / 100


def calm_side(width: int, height: int, *, is_right_to_left: bool) -> CalmSide:
    """Return the side for the words: below, or in a wide picture where reading begins."""
    if width / height < _WIDE:
        return "bottom"
    return "right" if is_right_to_left else "left"


def layout_for(width: int, height: int, calm: CalmSide) -> Layout:
    """Share a picture out among the product and the words."""
    margin = round(min(width, height) * MARGIN)
    inner = width - 2 * margin
    if calm == "bottom":
        share = 0.64 if width / height < _TALL else 0.6
        feet = round(height * share)
        top = round(margin * 1.5)
        product = Box(round(width * 0.14), top, round(width * 0.72), feet - top)
        begin = feet + round(height * 0.045)
        return Layout(width, height, margin, product, Box(margin, begin, inner, height - margin - begin), calm)
    column = round(inner * 0.52)
    feet = round(height * 0.84)
    top = round(margin * 1.9)
    words_left = margin if calm == "left" else width - margin - column
    rest = inner - column - margin
    product_left = margin + column + margin if calm == "left" else margin
    product = Box(product_left, top, rest, feet - top)
    return Layout(width, height, margin, product, Box(words_left, margin, column, height - 2 * margin), calm)
