"""Decodes a picture once, as small as the largest variant allows: upright, in sRGB, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pressroom.imaging.colours import to_srgb
from pressroom.imaging.picture_fitting import resized
from pressroom.imaging.picture_opening import KINDS, OpenPicture, damaged

if TYPE_CHECKING:
    import pyvips

_HEADROOM = 1.5
"""What is reduced here is left larger by this, because two reductions by nearly the same factor would blur."""
_FAR_TOO_LARGE = 2.0
"""Times each side: beyond it the picture is reduced while it is decoded, and never lies in memory at full size."""
_MANY_PIXELS = 24_000_000
_HARMLESS = (
    "extraneous bytes before marker",
    "Invalid SOS parameters",
    "Unknown Adobe color transform",
    "JFIF revision",
)
"""What libjpeg warns of although every pixel is right; some cameras write such files."""


def decode(picture: OpenPicture, scale: float) -> pyvips.Image:
    """Return the picture at no less than `scale` times its size: 8 bits, sRGB, with an alpha only if it is used.

    Raises `BadInput` if it is damaged anywhere.
    """
    import pyvips

    try:
        try:
            image = _small_in_memory(picture, scale, strict=True)
        except pyvips.Error as error:
            if not any(harmless in str(error) for harmless in _HARMLESS):
                raise
            image = _small_in_memory(picture, scale, strict=False)
        if not (picture.is_upright and picture.is_plain and image.bands == 3):
            image = to_srgb(image.autorot(), picture.profile).copy_memory()
        if image.hasalpha() and image[3].min() == 255:
            image = image.extract_band(0, n=3).copy_memory()
    except pyvips.Error as error:
        raise damaged(KINDS.get(picture.media_type, "RAW"), picture.name, str(error)) from error
    return image


def _small_in_memory(picture: OpenPicture, scale: float, *, strict: bool) -> Any:
    image = picture.load(scale, strict)
    longest = max(picture.width, picture.height)
    too_large = max(image.width, image.height) / (longest * scale)
    if too_large > _FAR_TOO_LARGE or (too_large > _HEADROOM and image.width * image.height > _MANY_PIXELS):
        factor = _HEADROOM / too_large
        image = resized(image, max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.copy_memory()
