"""Variants as they should look; each is compared with what is made now by structural similarity.

After a change that is meant, `python -m tests.golden_variants` writes them anew: look at them before you commit them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyvips

from pressroom.pictures import PictureSettings
from pressroom.variants import Variant, make_variants
from tests.photos import photo, wanted

FOLDER = Path(__file__).parent

CASES: dict[str, dict[str, Any]] = {
    "keep": {},
    "keep-within-ratios": {"narrowest": 1.0, "widest": 1.2},
    "crop-attention": {"picture": {"shape": "crop", "width": 120, "height": 150}},
    "crop-centre": {"picture": {"shape": "crop", "width": 120, "height": 150, "position": "centre"}},
    "pad-blur": {"picture": {"shape": "pad", "width": 160, "height": 160}},
    "pad-colour": {"picture": {"shape": "pad", "width": 160, "height": 160, "background": "#20408f"}},
    "enlarged": {"picture": {"shape": "crop", "width": 900, "height": 600, "enlarge_at_most": 2, "quality": 40}},
    "soft": {"picture": {"sharpen": False}},
}


def scene() -> pyvips.Image:
    """Return a photo that is covered with rings, ever finer ones: they show what resampling does."""
    rings = pyvips.Image.zone(480, 320) * 25
    return (photo(480, 320, noise=1) + rings).cast("uchar").copy(interpretation="srgb")


def variant(case: str) -> Variant:
    demands = dict(CASES[case])
    picture = PictureSettings.model_validate(demands.pop("picture", {}))
    return make_variants(
        scene().pngsave_buffer(), [wanted("one", picture, best_width=180, best_height=180, **demands)]
    )["one"]


def golden(case: str) -> Path:
    return FOLDER / f"{case}.jpg"


def similarity(one: pyvips.Image, other: pyvips.Image) -> float:
    """Return the mean structural similarity of two pictures of one size: 1 if they are the same (Wang et al. 2004)."""
    a, b = (picture.colourspace("b-w").cast("float") for picture in (one, other))
    mean_a, mean_b = a.gaussblur(1.5), b.gaussblur(1.5)
    spread_a = (a * a).gaussblur(1.5) - mean_a * mean_a
    spread_b = (b * b).gaussblur(1.5) - mean_b * mean_b
    common = (a * b).gaussblur(1.5) - mean_a * mean_b
    light, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (mean_a * mean_b * 2 + light) * (common * 2 + contrast)
    below = (mean_a * mean_a + mean_b * mean_b + light) * (spread_a + spread_b + contrast)
    return float((above / below).avg())
