"""Opens a product's photo and sets it into a studio: what an offline illustrator makes of a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pressroom.errors import BadInput
from pressroom.imaging.libvips import a_turn
from pressroom.imaging.picture_opening import PictureLimits, open_picture
from pressroom.product_pictures.backdrop import studio
from pressroom.product_pictures.cutout import cut_out
from pressroom.product_pictures.layout import Layout
from pressroom.product_pictures.palette import palette_of
from pressroom.product_pictures.staging import set_card, set_product

if TYPE_CHECKING:
    import pyvips

LIMITS = PictureLimits(max_bytes=30_000_000, max_pixels=120_000_000, max_frames=200, max_decoded_bytes=400_000_000)
"""What a shop shows is far below; more would only keep a worker busy."""
_LONGEST = 1100
"""Pixels of the longer side that a photo is worked on with; a finished picture shows no more of it."""
_SHORTEST_LONG_SIDE, _SHORTEST_SHORT_SIDE = 240, 90


def check_photo(data: bytes, name: str) -> None:
    """Raise `BadInput` if this is no whole picture, or one too small to show a product."""
    with a_turn():
        _decoded(data, name)


def photo_in_studio(data: bytes, layout: Layout, choice: int) -> pyvips.Image:
    """Return the product in a studio whose colours suit it; `choice` picks among forms, and hues for a grey product.

    A photo with a plain background is cut out; any other is framed as a card. Raises `BadInput` as `check_photo`.
    """
    with a_turn():
        image = _decoded(data, "the photo of the product")
        cutout = cut_out(image)
        if cutout is None:
            palette = palette_of(image.extract_band(0, n=3), None, choice)
            return set_card(studio(layout, palette, choice), image, layout, palette)
        palette = palette_of(cutout.photo, cutout.mask, choice)
        return set_product(studio(layout, palette, choice), cutout, layout, palette)


def _decoded(data: bytes, name: str) -> pyvips.Image:
    from pressroom.imaging.picture_decoding import decode
    from pressroom.imaging.picture_fitting import resized

    opened = open_picture(data, LIMITS, name)
    longer, shorter = max(opened.width, opened.height), min(opened.width, opened.height)
    if longer < _SHORTEST_LONG_SIDE or shorter < _SHORTEST_SHORT_SIDE:
        raise BadInput(
            f"{name} has only {opened.width} x {opened.height} pixels.",
            where=name,
            todo=f"A photo needs {_SHORTEST_LONG_SIDE} pixels on its longer side to show a product.",
        )
    scale = min(1.0, _LONGEST / longer)
    image = decode(opened, scale)
    width, height = max(1, round(opened.width * scale)), max(1, round(opened.height * scale))
    if image.width > width or image.height > height:
        image = resized(image, width, height)
    return image.copy_memory()
