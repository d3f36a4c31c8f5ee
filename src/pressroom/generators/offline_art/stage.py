"""The stage: where in the frame the hero stands, the light shines and the title is set, for any proportion."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from pressroom.generators.offline_art.palettes import Palette


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def x(self) -> float:
        """The middle, across."""
        return self.left + self.width / 2

    @property
    def y(self) -> float:
        """The middle, down."""
        return self.top + self.height / 2

    def holds(self, x: float, y: float, around: float = 0) -> bool:
        """Tell whether a point, or anything within a distance of it, lies inside."""
        return self.left - around < x < self.right + around and self.top - around < y < self.bottom + around


@dataclass(frozen=True)
class Stage:
    """What a scene needs to know of the frame it is drawn into."""

    width: int
    height: int
    palette: Palette
    rng: Random
    focus: Box
    """Where the hero stands; its bottom is the ground."""
    title: Box | None
    light: tuple[float, float, float]
    """Middle and radius of the moon or the sun."""
    side: int
    """Where the hero stands: 1 right of the title, -1 left of it, 0 in the middle below it."""

    @property
    def unit(self) -> float:
        """One hundredth of the shorter edge: the measure for everything that is drawn."""
        return min(self.width, self.height) / 100

    @property
    def ground(self) -> float:
        return self.focus.bottom


def set_stage(width: int, height: int, palette: Palette, rng: Random, *, titled: bool) -> Stage:
    """Divide the frame between hero and title."""
    short = min(width, height)
    if width / height > 1.2:
        side = rng.choice((1, 1, -1)) if titled else 0
        middle = width * (0.5 + 0.225 * side)
        tall = height * (0.6 if titled else 0.62)
        wide = min(width * 0.4, tall * 1.5)
        focus = Box(middle - wide / 2, height * 0.86 - tall, wide, tall)
        title = Box(width * (0.055 if side > 0 else 0.505), height * 0.11, width * 0.44, height * 0.58)
    else:
        side = 0
        middle = width * rng.uniform(0.48, 0.52)
        tall = min(height * 0.47, width * 0.72) if titled else min(height * 0.56, width * 0.8)
        wide = width * 0.8
        focus = Box(middle - wide / 2, height * (0.88 if height / width < 1.35 else 0.85) - tall, wide, tall)
        top = height * 0.06
        title = Box(width * 0.08, top, width * 0.84, min(focus.top - short * 0.035 - top, height * 0.36))
    light = (
        focus.x + short * rng.uniform(-0.06, 0.06),
        focus.top + focus.height * rng.uniform(0.36, 0.46),
        short * rng.uniform(0.28, 0.34),
    )
    if titled and not side:
        # Below the title the disc must stay clear of the words.
        light = (light[0], focus.top + focus.height * 0.5, min(light[2], focus.height * 0.52))
    return Stage(width, height, palette, rng, focus, title if titled else None, light, side)
