"""A stranger's picture as Rekognition takes it: upright, opaque, a PNG or a JPEG of no more than it allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.generators._rekognition_parts import Part
from pressroom.imaging.picture_opening import PictureLimits, open_picture

if TYPE_CHECKING:
    import pyvips

# Raw bytes, and pixels of each side; https://docs.aws.amazon.com/rekognition/latest/dg/limits.html, 2026-11-21
MOST_BYTES = 5 * 1024 * 1024
LEAST_SIDE = 80
_LONGEST_SIDE = 6_000
"""Kept in memory; what is larger is reduced, and letters of a page stay well legible."""
_LOSSLESS_PIXELS = 4_000_000
_QUALITY = 94
_SMALLER = 0.8


@dataclass(frozen=True)
class Looked:
    """The picture in memory; `width` and `height` are its own, as it is looked at."""

    image: pyvips.Image
    scale: float
    """Pixels in memory for each of the picture's own."""
    width: int
    height: int


def look(data: bytes) -> Looked:
    """Decode a picture; raises `BadInput` if it cannot be."""
    from pressroom.imaging.libvips import a_turn
    from pressroom.imaging.picture_decoding import decode
    from pressroom.imaging.picture_fitting import resized

    with a_turn():
        opened = open_picture(data, PictureLimits(), "This picture")
        scale = min(1.0, _LONGEST_SIDE / max(opened.width, opened.height))
        image = decode(opened, scale)
        width, height = max(1, round(opened.width * scale)), max(1, round(opened.height * scale))
        if image.width > width or image.height > height:
            image = resized(image, width, height)
        return Looked(_opaque(image).copy_memory(), scale, opened.width, opened.height)


def sent(looked: Looked, part: Part) -> tuple[bytes, Part]:
    """Return the bytes of a part, and what they show: a part that is too small has empty margins added."""
    from pressroom.imaging.libvips import a_turn

    scale, image = looked.scale, looked.image
    left, top = int(part.left * scale), int(part.top * scale)
    right = min(image.width, round((part.left + part.width) * scale))
    bottom = min(image.height, round((part.top + part.height) * scale))
    with a_turn():
        cut = image.crop(left, top, max(1, right - left), max(1, bottom - top))
        wide, high = max(cut.width, LEAST_SIDE), max(cut.height, LEAST_SIDE)
        if (wide, high) != (cut.width, cut.height):
            cut = cut.embed(0, 0, wide, high, extend="copy")
        shown = Part(left / scale, top / scale, wide / scale, high / scale, part.axis, part.start, part.end)
        return _coded(cut), shown


def _opaque(image: pyvips.Image) -> pyvips.Image:
    """Put what is transparent on white, or on black where what can be seen is light."""
    if not image.hasalpha():
        return image
    alpha = image[image.bands - 1]
    light = image.extract_band(0, n=image.bands - 1).bandmean() * alpha
    is_light = light.avg() > 160 * alpha.avg()
    return image.flatten(background=[0 if is_light else 255] * (image.bands - 1))


def _coded(image: pyvips.Image) -> bytes:
    if image.width * image.height <= _LOSSLESS_PIXELS:
        data: bytes = image.pngsave_buffer(compression=4, keep="none")
        if len(data) <= MOST_BYTES:
            return data
    while True:
        data = image.jpegsave_buffer(Q=_QUALITY, subsample_mode="off", keep="none")
        if len(data) <= MOST_BYTES:
            return data
        image = image.resize(_SMALLER)
