"""Chooses inks by the contrast measured on the pixels behind, and lays a veil where no ink would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pressroom.product_pictures.colour import RGB, luminance
from pressroom.product_pictures.layout import Box, Layout
from pressroom.product_pictures.palette import Palette

if TYPE_CHECKING:
    import pyvips

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3."""
WANTED_CONTRAST = 7.0
"""WCAG 2.2, success criterion 1.4.6; a little more is aimed at, because JPEG takes some."""
_AIM = 7.4
_COLOURED_AIM = 5.2
_STEP, _DENSEST = 0.06, 0.96


@dataclass(frozen=True, slots=True)
class Ground:
    """A picture that is ready for words: the ink, and the worst contrast anywhere behind them."""

    image: pyvips.Image
    ink: RGB
    contrast: float
    veil: float
    """How opaque the veil had to be; 0 for none."""


def made_legible(image: pyvips.Image, places: Sequence[Box], layout: Layout, palette: Palette) -> Ground:
    """Choose the ink for words at these places; if neither light nor dark will do, veil what is behind."""
    choices = []
    for ink, veil_colour in (
        (palette.dark_ink, palette.glow.at(light=0.97, chroma=0.012).rgb),
        (palette.light_ink, palette.shade.at(light=0.17, chroma=0.03).rgb),
    ):
        darkest, lightest = light_behind(image, places)
        density = 0.0
        while density < _DENSEST and _worst(ink, *_veiled(darkest, lightest, veil_colour, density)) < _AIM:
            density += _STEP
        choices.append((density, -_worst(ink, darkest, lightest), ink, veil_colour))
    density, _, ink, veil_colour = min(choices)
    if density:
        image = _with_veil(image, places, layout, veil_colour, min(1.0, density))
    return Ground(image, ink, _worst(ink, *light_behind(image, places)), density)


def coloured_ink(image: pyvips.Image, places: Sequence[Box], palette: Palette, ground: Ground) -> RGB:
    """Return the palette's accent as an ink, deep or light enough to be read; the plain ink where it cannot be."""
    extremes = light_behind(image, places)
    away = -0.02 if luminance(ground.ink) < extremes[0] else 0.02
    tone = palette.accent
    while 0.1 < tone.light < 0.98:
        if _worst(tone.rgb, *extremes) >= _COLOURED_AIM:
            return tone.rgb
        tone = tone.at(light=tone.light + away)
    return ground.ink


def light_behind(image: pyvips.Image, places: Sequence[Box]) -> tuple[float, float]:
    """Return the least and the greatest luminance within the places; single noisy pixels are evened out."""
    found = []
    for place in places:
        linear = image.crop(place.left, place.top, place.width, place.height).colourspace("scrgb")
        light = (linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722).gaussblur(1.0)
        found += [light.min(), light.max()]
    return max(0.0, min(found)), max(found)


def _worst(ink: RGB, darkest: float, lightest: float) -> float:
    own = luminance(ink)
    return min(_ratio(own, one) for one in (darkest, lightest)) if not darkest < own < lightest else 1.0


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _veiled(darkest: float, lightest: float, veil: RGB, density: float) -> tuple[float, float]:
    """Foretell what a veil makes of the extremes, as if they were greys."""
    own = luminance(veil) ** (1 / 2.2)
    low, high = ((one ** (1 / 2.2) * (1 - density) + own * density) ** 2.2 for one in (darkest, lightest))
    return low, high


def _with_veil(image: Any, places: Sequence[Box], layout: Layout, colour: RGB, density: float) -> Any:
    """Lay a veil over the side of the words that fades out where the product begins."""
    import pyvips

    room = round(layout.unit * 2.5)
    fade = layout.height * 0.2 if layout.calm == "bottom" else layout.width * 0.16
    if layout.calm == "bottom":
        begin = min(place.top for place in places) - room
        distance = (pyvips.Image.xyz(1, layout.height)[1] - (begin - fade)) / fade
        strip = _eased(distance).resize(layout.width, vscale=1, kernel="nearest")
    elif layout.calm == "left":
        end = max(place.right for place in places) + room
        strip = _eased((end + fade - pyvips.Image.xyz(layout.width, 1)[0]) / fade)
        strip = strip.resize(1, vscale=layout.height, kernel="nearest")
    else:
        begin = min(place.left for place in places) - room
        strip = _eased((pyvips.Image.xyz(layout.width, 1)[0] - (begin - fade)) / fade)
        strip = strip.resize(1, vscale=layout.height, kernel="nearest")
    share = strip * density
    veiled = image.cast("float") * (1 - share) + share * list(colour)
    return veiled.rint().cast("uchar").copy(interpretation="srgb").copy_memory()


def _eased(distance: Any) -> Any:
    within = (distance < 0).ifthenelse(0, (distance > 1).ifthenelse(1, distance))
    return within * within * (3 - 2 * within)
