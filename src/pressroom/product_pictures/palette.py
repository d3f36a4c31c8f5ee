"""The colours of a scene, taken from the product's own so that it stands out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pressroom.product_pictures.colour import RGB, Tone, standing_out, tone_of

if TYPE_CHECKING:
    import pyvips

_SIDE = 40
"""Pixels: so small is a product looked at; more would not change its colours."""
_NEUTRAL = 0.035
"""Chroma below which nobody calls it a colour."""
_PALE, _DARK = 0.80, 0.42
_HUES = (250.0, 165.0, 55.0, 20.0, 300.0, 95.0)
"""For a product without a colour of its own: slate, sage, sand, clay, mauve, olive."""


@dataclass(frozen=True, slots=True)
class Palette:
    wall: Tone
    glow: Tone
    """Of the light on the wall behind the product."""
    floor: Tone
    shade: Tone
    """Of shadows, and of the dark ink."""
    accent: Tone
    """Of the badge."""
    is_pale: bool
    """Whether the product is so light that it stands before a deeper wall."""

    @property
    def dark_ink(self) -> RGB:
        return self.shade.at(light=0.2, chroma=min(self.shade.chroma, 0.05)).rgb

    @property
    def light_ink(self) -> RGB:
        return self.shade.at(light=0.985, chroma=0.006).rgb

    def accent_on(self, ground: RGB) -> RGB:
        return standing_out(self.accent, ground, 4.5)


def palette_of(photo: pyvips.Image, mask: pyvips.Image | None, choice: int) -> Palette:
    """Return the palette for a product; `choice` picks the hue for one that has no colour of its own."""
    light, tone = _character(photo, mask)
    own_hue = tone is not None
    hue = tone.hue if tone is not None else _HUES[choice % len(_HUES)]
    chroma = tone.chroma if tone is not None else 0.09
    return _palette(light, hue, chroma, own_hue)


def plain_palette(choice: int) -> Palette:
    """Return a palette where there is no photo."""
    return _palette(0.6, _HUES[choice % len(_HUES)], 0.1, own_hue=False)


def _palette(light: float, hue: float, chroma: float, own_hue: bool) -> Palette:
    strength = min(1.0, chroma / 0.12) if own_hue else 0.4
    accent = Tone(0.56, max(0.13, min(0.19, chroma * 1.1)), hue if own_hue else (hue + 150) % 360)
    if light > _PALE:
        wall = Tone(0.76, 0.03 + 0.055 * strength, hue)
        return Palette(wall, wall.at(light=0.85), wall.at(light=0.74), Tone(0.25, 0.05, hue), accent, is_pale=True)
    # A dark product needs less colour around it than one of middle lightness.
    wall = Tone(0.885, 0.012 + 0.03 * strength, hue) if light < _DARK else Tone(0.905, 0.018 + 0.035 * strength, hue)
    return Palette(
        wall,
        wall.at(light=0.975, chroma=wall.chroma * 0.5),
        wall.at(light=wall.light - 0.05),
        Tone(0.30, 0.05, hue),
        accent,
        is_pale=False,
    )


def _character(photo: Any, mask: Any) -> tuple[float, Tone | None]:
    """Return how light a product is, and its most telling colour, if it has one."""
    small = photo.thumbnail_image(_SIDE, height=_SIDE, size="force")
    weights = mask.thumbnail_image(_SIDE, height=_SIDE, size="force") if mask is not None else None
    pixels = bytes(small.cast("uchar").write_to_memory())
    shares = bytes(weights.cast("uchar").write_to_memory()) if weights is not None else bytes([255]) * (_SIDE * _SIDE)
    light = total = 0.0
    bins: dict[int, list[float]] = {}
    for place, share in enumerate(shares):
        if share < 128:
            continue
        tone = tone_of((pixels[3 * place], pixels[3 * place + 1], pixels[3 * place + 2]))
        light, total = light + tone.light, total + 1
        if tone.chroma >= _NEUTRAL and 0.15 < tone.light < 0.95:
            entry = bins.setdefault(int(tone.hue // 24), [0.0, 0.0, 0.0, 0.0])
            angle = math.radians(tone.hue)
            for index, value in enumerate((1.0, math.cos(angle), math.sin(angle), tone.chroma)):
                entry[index] += value * (tone.chroma if index else 1.0)
    if not total:
        return 0.6, None
    # A colour tells the more, the stronger it is and the more of it there is.
    best = max(bins.values(), key=lambda entry: entry[3], default=None)
    if best is None or best[0] < 0.04 * total:
        return light / total, None
    weight = math.hypot(best[1], best[2])
    hue = math.degrees(math.atan2(best[2], best[1])) % 360
    return light / total, Tone(light / total, best[3] / weight, hue)
