"""Writes a finished picture in the first format that suits it, within a limit on bytes: by less quality first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyvips

    from pressroom.imaging.attribution import Attribution


@dataclass(frozen=True, slots=True)
class _Format:
    save: str
    has_alpha: bool
    good: int = 0
    """The quality to begin with: nobody sees a difference to more. 0: the format loses nothing, and has no quality."""
    longest: int = 65_500
    """Pixels that a side may have."""
    least: int = 0
    """Below it the damage shows; then fewer pixels are better."""


FORMATS = {
    "image/jpeg": _Format("jpegsave_buffer", has_alpha=False, good=85, least=40),
    "image/png": _Format("pngsave_buffer", has_alpha=True),
    "image/webp": _Format("webpsave_buffer", has_alpha=True, longest=16_383, good=82, least=40),
    "image/avif": _Format("heifsave_buffer", has_alpha=True, longest=16_384, good=60, least=30),
}
"""What is written; a network that takes none of these takes no picture of ours."""

_MOST_TRIES = 6
_CLOSE = 0.94
"""Of the limit: so close below it a further try gains nothing that can be seen."""
_AIM = 0.975
_BYTES_A_STEP = 0.035
"""How much smaller, as a natural logarithm, a JPEG of a photo becomes by one step of quality; a first guess."""


@dataclass(frozen=True, slots=True)
class Encoded:
    data: bytes
    media_type: str
    width: int
    height: int


Smaller = Callable[[float], tuple[int, int]]
"""Returns the allowed size at that share of each side; raises `BadInput` if there is none."""


def writable(formats: Sequence[str], *, has_alpha: bool) -> list[str]:
    """Return the formats that can be written, the best one for such a picture first."""
    known = [media_type for media_type in formats if media_type in FORMATS]
    if not has_alpha:
        return known
    return sorted(known, key=lambda media_type: not FORMATS[media_type].has_alpha)


def encode(
    image: pyvips.Image,
    formats: Sequence[str],
    max_bytes: int,
    quality: int,
    attribution: Attribution,
    smaller: Smaller,
) -> Encoded:
    """Encode in the first of the formats, which `writable` gave, that meets the limit; with fewer pixels if none does.

    `quality` 0 is the best that is worth its bytes. An opaque format puts what is transparent on white.
    """
    from pressroom.imaging.picture_fitting import resized

    share, reached = min(1.0, max(FORMATS[each].longest for each in formats) / max(image.width, image.height)), image
    if share < 1:
        reached = resized(image, *smaller(share)).copy_memory()
    formats = [each for each in formats if max(reached.width, reached.height) <= FORMATS[each].longest]
    while True:
        least = math.inf
        for media_type in formats:
            data, size = _fitting(reached, media_type, max_bytes, quality, attribution)
            if data is not None:
                return Encoded(data, media_type, reached.width, reached.height)
            least = min(least, size)
        share *= min(0.9, math.sqrt(max_bytes / least))
        width, height = smaller(share)
        reached = resized(image, width, height).copy_memory()


def _fitting(
    image: Any, media_type: str, max_bytes: int, quality: int, attribution: Attribution
) -> tuple[bytes | None, int]:
    """Return the bytes, or None and how many they were at the least quality."""
    form = FORMATS[media_type]
    if not form.has_alpha and image.hasalpha():
        image = image.flatten(background=[255, 255, 255]).copy_memory()

    def tried(q: int) -> bytes:
        return _encoded(image, media_type, q, attribution)

    data = tried(quality or form.good)
    if len(data) <= max_bytes:
        return data, len(data)
    if not form.good:
        return None, len(data)
    # From here on it is asked for again and again; most pictures are encoded once, while they are computed.
    image = image.copy_memory()
    return best_below(max_bytes, tried, start=quality or form.good, size=len(data), least=form.least)


def best_below(
    max_bytes: int, tried: Callable[[int], bytes], *, start: int, size: int, least: int
) -> tuple[bytes | None, int]:
    """Search the highest quality from `least` to below `start`, which gave `size`, whose bytes meet the limit.

    The next quality to try is guessed from the sizes so far, so a few tries are enough. Returns the bytes, or None
    and what the least quality gave.
    """
    low, high, low_size, high_size = least - 1, start, 0, size
    best: bytes | None = None
    for _ in range(_MOST_TRIES):
        if high - low <= 1:
            break
        slope = math.log(high_size / low_size) / (high - low) if best else _BYTES_A_STEP
        steps = math.log(high_size / (_AIM * max_bytes)) / max(slope, 1e-3)
        quality = min(high - 1, max(low + 1, round(high - steps)))
        data = tried(quality)
        if len(data) > max_bytes:
            high, high_size = quality, len(data)
            continue
        best, low, low_size = data, quality, len(data)
        if low_size >= _CLOSE * max_bytes:
            break
    if best is None and high > least:
        data = tried(least)
        best, high_size = (data, 0) if len(data) <= max_bytes else (None, len(data))
    return best, len(best) if best else high_size


def _encoded(image: Any, media_type: str, quality: int, attribution: Attribution) -> bytes:
    options: dict[str, Any] = {"keep": "none"}
    if attribution:
        image, options["keep"] = attribution.written_into(image), "exif|xmp|iptc"
    if media_type == "image/jpeg":
        options |= {"Q": quality, "optimize_coding": True}
    elif media_type == "image/webp":
        options |= {"Q": quality, "effort": 4, "smart_subsample": True}
    elif media_type == "image/avif":
        options |= {"Q": quality, "compression": "av1", "effort": 3}
    data: bytes = getattr(image, FORMATS[media_type].save)(**options)
    return data
