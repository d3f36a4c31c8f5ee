"""Pictures to change, and what can be said of their pixels."""

from __future__ import annotations

from typing import Any

import pyvips
from PIL import Image

from pressroom.filters import make_filters
from pressroom.photos import PhotoInfo
from pressroom.transforms.base import Surroundings

TINY = [(1, 1), (1, 3), (2, 1), (1, 2000), (2000, 1), (9, 9)]


def plain(colour: tuple[int, ...], width: int = 120, height: int = 80) -> pyvips.Image:
    image = pyvips.Image.black(width, height, bands=len(colour)) + list(colour)
    return image.cast("uchar").copy(interpretation="srgb")


def ramp(width: int = 256, height: int = 8) -> pyvips.Image:
    """Return every shade of grey from left to right."""
    grey = (pyvips.Image.xyz(width, height)[0] * 255 / (width - 1)).rint().cast("uchar")
    return grey.bandjoin([grey, grey]).copy(interpretation="srgb")


def scene(width: int = 320, height: int = 240) -> pyvips.Image:
    """Return something with colours and edges, the same each time."""
    place = pyvips.Image.xyz(width, height)
    bands = [((place[0] * 3) % 256), ((place[1] * 5) % 256), ((place[0] + place[1]) % 256)]
    return bands[0].bandjoin(bands[1:]).cast("uchar").copy(interpretation="srgb").copy_memory()


def with_alpha(image: pyvips.Image) -> pyvips.Image:
    """Return it with an alpha that goes from clear to opaque."""
    alpha = (pyvips.Image.xyz(image.width, image.height)[0] * 255 / max(1, image.width - 1)).cast("uchar")
    return image.bandjoin(alpha).copy(interpretation="srgb")


def apply(image: pyvips.Image, info: PhotoInfo | None = None, stored: bytes = b"", **entry: Any) -> pyvips.Image:
    """Apply one filter as the settings name it; the store holds one asset, of any key."""
    [transform] = make_filters([entry], "filters")
    changed = transform.apply(image, Surroundings(info=info or PhotoInfo(), read=lambda key: stored))
    assert (changed.format, changed.interpretation) == ("uchar", "srgb")
    assert changed.bands == image.bands
    return changed.copy_memory()


def pixel(image: pyvips.Image, x: int, y: int) -> list[int]:
    return [round(value) for value in image.getpoint(x, y)]


def means(image: pyvips.Image) -> list[float]:
    return [image[band].avg() for band in range(image.bands)]


def are_same(one: pyvips.Image, other: pyvips.Image) -> bool:
    return (one.width, one.height) == (other.width, other.height) and (one - other).abs().max() == 0


def changed_box(before: pyvips.Image, after: pyvips.Image) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of what differs; all 0 if nothing does."""
    left, top, width, height = ((before - after).abs().bandmean() > 0).find_trim(threshold=0.5, background=[0])
    return left, top, left + width, top + height


def similarity(one: pyvips.Image, other: pyvips.Image) -> float:
    """Return how alike two pictures are in structure, 1 for the same (SSIM over their grey)."""
    a, b = (image.extract_band(0, n=3).colourspace("b-w").cast("float") for image in (one, other))
    blur = {"precision": "float"}
    mean_a, mean_b = a.gaussblur(1.5, **blur), b.gaussblur(1.5, **blur)
    var_a = (a * a).gaussblur(1.5, **blur) - mean_a * mean_a
    var_b = (b * b).gaussblur(1.5, **blur) - mean_b * mean_b
    both = (a * b).gaussblur(1.5, **blur) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    index = ((mean_a * mean_b * 2 + c1) * (both * 2 + c2)) / (
        (mean_a * mean_a + mean_b * mean_b + c1) * (var_a + var_b + c2)
    )
    return float(index.avg())


def png(image: Image.Image) -> bytes:
    import io

    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
