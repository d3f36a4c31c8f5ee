"""Makes small pictures of large ones, for lists and phones, and of those that few browsers show."""

from __future__ import annotations

WIDTHS = (320, 800)
"""Pixels. No others are made, so that nobody can have every width computed."""
SHRINKABLE = ("image/jpeg", "image/png", "image/webp")
UNSHOWN = ("image/heic", "image/heif", "image/tiff")
"""What few browsers show, while they show a small JPEG of it."""
MOST_PIXELS = 100_000_000


def shrunk(data: bytes, width: int) -> bytes | None:
    """Return the picture as a JPEG of at most this width; None if it is smaller already, or cannot be read."""
    import pyvips

    try:
        # The header alone: what it announces is checked before anything is decoded.
        header = pyvips.Image.new_from_buffer(data, "")
        if header.width <= width or header.width * header.height > MOST_PIXELS:
            return None
        small = pyvips.Image.thumbnail_buffer(data, width, height=10 * width, size="down")
        if small.hasalpha():
            small = small.flatten(background=[255, 255, 255])
        made: bytes = small.jpegsave_buffer(Q=82, keep="none")
    except pyvips.Error:
        return None
    return made


def as_jpeg(data: bytes, width: int) -> bytes | None:
    """Return a picture that few browsers show as a JPEG of at most this width; None if it cannot be read."""
    from pressroom.errors import BadInput
    from pressroom.imaging.picture_opening import PictureLimits
    from pressroom.pictures import PictureSettings
    from pressroom.publishers.base import ImageRules
    from pressroom.variants import Wanted, make_variants

    rules = ImageRules(formats=("image/jpeg",), max_bytes=5_000_000, most=1, max_width=width)
    wanted = Wanted(name="page", rules=rules, picture=PictureSettings(width=width, height=10 * width, quality=82))
    try:
        return make_variants(data, [wanted], limits=PictureLimits(max_pixels=MOST_PIXELS))["page"].data
    except BadInput:
        return None
