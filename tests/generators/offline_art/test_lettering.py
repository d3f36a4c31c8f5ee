"""The title over the picture: contrast measured on the pixels, and its place measured on the mask."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import pyvips

from pressroom.generators.base import ImageRequest
from pressroom.generators.offline_art.canvas import illustration
from pressroom.generators.offline_art.colour import contrast, luminance
from pressroom.generators.offline_art.lettering import inks, letter
from pressroom.generators.offline_art.plan import plan
from pressroom.generators.offline_art.stage import Stage, set_stage
from pressroom.generators.offline_art.typography import FACES, set_title

CASES = [
    ("Dress Up Your Pet", "spooky", 1600, 900),
    ("Ocean", "spooky", 1080, 1080),
    ("Butterfly", "cheerful", 1600, 900),
    ("Dog", "cheerful", 1080, 1350),
    ("Ship", "minimal", 1080, 1080),
    ("Coffee", "cozy", 1024, 1536),
    ("Bicycle", "retro", 1200, 627),
    ("Penguin", "elegant", 1200, 627),
    ("Book Lovers", "cheerful", 1600, 900),
]


def staged(theme: str, style: str, width: int, height: int) -> tuple[Any, Stage, Any]:
    request = ImageRequest(prompt="", theme=theme, style=style, title=f"National {theme} Day", seed="4")
    planned = plan(request)
    stage = set_stage(width, height, planned.palette, Random("4"), titled=True)
    return planned, stage, pyvips.Image.svgload_buffer(illustration(planned, stage).encode()).flatten()


def mean_colour(image: Any, mask: Any) -> tuple[int, int, int]:
    """Give the mean colour of the pixels where the mask is white."""
    share = mask.avg() / 255
    red, green, blue = (float((band * (mask / 255)).avg()) / share for band in image.bandsplit()[:3])
    return round(red), round(green), round(blue)


@pytest.mark.parametrize(("theme", "style", "width", "height"), CASES)
def test_the_title_stands_out_from_what_is_around_it(theme: str, style: str, width: int, height: int) -> None:
    planned, stage, image = staged(theme, style, width, height)
    assert stage.title
    face = FACES[planned.mood][0]
    set_ = set_title(planned.title, stage.title, [face], stage.unit * 29)
    lettered = letter(image, planned, stage, stage.title, face)
    around = 12
    left, top = set_.left - around, set_.top - around
    ink = set_.mask.embed(around, around, set_.mask.width + 2 * around, set_.mask.height + 2 * around)
    shown = lettered.crop(left, top, ink.width, ink.height)
    inside = (ink > 250).ifthenelse(255, 0)
    outside = ((ink.gaussblur(4) > 2) & (ink < 4)).ifthenelse(255, 0)
    letters, surroundings = luminance(mean_colour(shown, inside)), luminance(mean_colour(shown, outside))
    assert contrast(letters, surroundings) >= 4.5


@pytest.mark.parametrize(("theme", "style", "width", "height"), CASES)
def test_the_lettering_changes_nothing_outside_its_box(theme: str, style: str, width: int, height: int) -> None:
    planned, stage, image = staged(theme, style, width, height)
    assert stage.title
    lettered = letter(image, planned, stage, stage.title, "")
    changed = (lettered.cast("short") - image.cast("short")).abs().bandmean() > 24
    left, top, wide, tall = (~changed).find_trim(threshold=1, background=255)
    room = stage.unit * 12
    assert left >= stage.title.left - room
    assert left + wide <= stage.title.right + room
    assert top + tall <= stage.title.bottom + room


def test_night_lettering_is_light_and_a_bright_sky_may_take_dark_ink() -> None:
    planned, stage, _ = staged("Butterfly", "cheerful", 1600, 900)
    assert stage.title
    set_ = set_title(planned.title, stage.title, ["cheer"], stage.unit * 29)
    white = pyvips.Image.black(1600, 900, bands=3).copy(interpretation="srgb") + 245
    black = pyvips.Image.black(1600, 900, bands=3).copy(interpretation="srgb") + 5
    bright = inks(white.cast("uchar"), planned, stage, set_)
    dark = inks(black.cast("uchar"), planned, stage, set_)
    assert luminance_of(bright[0][0]) < 0.1 < luminance_of(dark[0][0])
    assert bright[2] == dark[2] == 0


def luminance_of(colour: str) -> float:
    from pressroom.generators.offline_art.colour import rgb

    return luminance(rgb(colour))
