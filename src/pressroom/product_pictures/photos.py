"""Opens a product's photo and sets it into a studio: what an offline illustrator makes of a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pressroom.errors import BadInput
from pressroom.imaging.libvips import a_turn
from pressroom.imaging.picture_opening import PictureLimits, open_picture
from pressroom.product_pictures.backdrop import studio
from pressroom.product_pictures.cutout import cut_out
from pressroom.product_pictures.layout import CalmSide, Layout, layout_for
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


def photo_on_scene(scene: bytes, photo: bytes, width: int, height: int, calm: CalmSide, name: str) -> bytes:
    """Return a JPEG of a drawn scene with the product in front of it, as its photo shows it."""
    layout = layout_for(width, height, calm)
    with a_turn():
        below, image = fitted(scene, width, height, "the scene that was drawn"), _decoded(photo, name)
        cutout = cut_out(image)
        palette = palette_of(below, None, 0)
        if cutout is None:
            staged = set_card(below, image, layout, palette)
        else:
            staged = set_product(below, cutout, layout, palette)
        data: bytes = staged.jpegsave_buffer(Q=95, optimize_coding=True, keep="none")
    return data


def fitted(scene: bytes, width: int, height: int, name: str) -> Any:
    """Return a picture in exactly this size: cut at the sides that are too long, never squeezed."""
    from pressroom.imaging.picture_decoding import decode

    opened = open_picture(scene, LIMITS, name)
    image = decode(opened, min(1.0, max(width / opened.width, height / opened.height)))
    image = image.flatten(background=[255, 255, 255]) if image.hasalpha() else image
    if (image.width, image.height) == (width, height):
        return image.copy_memory()
    scale = max(width / image.width, height / image.height)
    image = image.resize(scale, kernel="lanczos3" if scale < 1 else "cubic").cast("uchar")
    left, top = max(0, (image.width - width) // 2), max(0, (image.height - height) // 2)
    part = image.crop(left, top, min(width, image.width), min(height, image.height))
    return part.embed(0, 0, width, height, extend="copy").copy_memory()


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
