"""What the transforms have in common: colours as people write them, and bands that are changed while alpha stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

if TYPE_CHECKING:
    import pyvips

LUMA = (0.2126, 0.7152, 0.0722)
"""How much red, green and blue add to what looks bright. ITU-R BT.709."""


def _colour(value: str) -> str:
    digits = value.removeprefix("#")
    if len(value) != 7 or len(digits) != 6 or any(one not in "0123456789abcdefABCDEF" for one in digits):
        raise ValueError('must be a colour such as "#ffffff"')
    return value.lower()


Colour = Annotated[str, AfterValidator(_colour)]


def rgb_of(colour: str) -> list[int]:
    return list(bytes.fromhex(colour[1:]))


def on_colours(image: pyvips.Image, change: Callable[[pyvips.Image], pyvips.Image]) -> pyvips.Image:
    """Change red, green and blue; an alpha band is given back as it was."""
    changed = change(image.extract_band(0, n=3)).copy(interpretation="srgb")
    return changed.bandjoin(image.extract_band(3)) if image.bands == 4 else changed


def curves(tables: Sequence[Sequence[float]]) -> pyvips.Image:
    """Return a look-up table of one band for each row of 256 values of 0 to 1."""
    import pyvips

    rows = [bytes(max(0, min(255, round(255 * value))) for value in table) for table in tables]
    bands = [pyvips.Image.new_from_memory(row, 256, 1, 1, "uchar") for row in rows]
    return bands[0].bandjoin(bands[1:]) if len(bands) > 1 else bands[0]


def light_of(value: float) -> float:
    """Return the light that a value of sRGB stands for, both from 0 to 1. IEC 61966-2-1."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def painted(mask: pyvips.Image, colour: Sequence[int]) -> pyvips.Image:
    """Return a layer of one colour, as opaque as the mask is white."""
    return mask.new_from_image(list(colour)).copy(interpretation="srgb").bandjoin(mask)


def over(image: pyvips.Image, layer: pyvips.Image, x: int, y: int, opacity: float = 1.0) -> pyvips.Image:
    """Lay a picture with alpha over another, within it; what is not under it stays bit for bit."""
    alpha = (layer.extract_band(3) * opacity).rint().cast("uchar")
    below = image.crop(x, y, layer.width, layer.height)
    mixed = below.composite2(layer.extract_band(0, n=3).bandjoin(alpha), "over")
    return image.insert(mixed.extract_band(0, n=image.bands).cast("uchar"), x, y)
