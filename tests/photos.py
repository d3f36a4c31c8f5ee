"""Pictures for tests: drawn here, alike each time."""

from __future__ import annotations

from typing import Any

import pyvips

from pressroom.pictures import PictureSettings
from pressroom.publishers.base import ImageRules
from pressroom.variants import Wanted


def photo(width: int, height: int, *, noise: float = 4.0) -> pyvips.Image:
    """Return something like a photo: soft colours, a bright spot to the left above, and grain."""
    place = pyvips.Image.xyz(width, height)
    across, down = place[0] / width, place[1] / height
    soft = (across * 120 + 40).bandjoin([down * 120 + 60, (across + down) * 60 + 50])
    bright = (((place[0] - width / 4) ** 2 + (place[1] - height / 4) ** 2) ** 0.5 < min(width, height) / 10).ifthenelse(
        [250, 60, 30], soft
    )
    grain = pyvips.Image.gaussnoise(width, height, mean=0, sigma=noise, seed=1)
    return (bright + grain).cast("uchar").copy(interpretation="srgb").copy_memory()


def wanted(name: str, picture: PictureSettings | None = None, **rules: Any) -> Wanted:
    """Return what a network with few demands wants; `rules` adds some."""
    demands: dict[str, Any] = {"formats": ("image/jpeg",), "max_bytes": 8_000_000, "most": 4} | rules
    return Wanted(name=name, rules=ImageRules(**demands), picture=picture or PictureSettings())
