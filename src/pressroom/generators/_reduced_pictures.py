"""Makes a stranger's picture small enough to be looked at by a model or measured; for moderation, never for posting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pressroom.imaging.picture_opening import PictureLimits, open_picture

if TYPE_CHECKING:
    import pyvips


def reduced(data: bytes, longest: int, name: str) -> pyvips.Image:
    """Return the picture in memory on white, upright, in sRGB, its longer side at most `longest` pixels.

    Raises `BadInput` if it cannot be read.
    """
    from pressroom.imaging.libvips import a_turn
    from pressroom.imaging.picture_decoding import decode
    from pressroom.imaging.picture_fitting import WHITE, resized

    with a_turn():
        opened = open_picture(data, PictureLimits(), name)
        scale = min(1.0, longest / max(opened.width, opened.height))
        image = decode(opened, scale)
        width, height = max(1, round(opened.width * scale)), max(1, round(opened.height * scale))
        if image.width > width or image.height > height:
            image = resized(image, width, height)
        return (image.flatten(background=WHITE) if image.hasalpha() else image).copy_memory()
