"""Makes small pictures of large ones, for lists and phones."""

from __future__ import annotations

WIDTHS = (320, 800)
"""Pixels. No others are made, so that nobody can have every width computed."""
SHRINKABLE = ("image/jpeg", "image/png", "image/webp")
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
