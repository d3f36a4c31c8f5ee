"""Measures what can be told of a picture without knowing what it shows: whether there is anything to see, and where
its file says it was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pressroom.errors import BadInput
from pressroom.generators._reduced_pictures import reduced
from pressroom.generators.base import Flag, ModerationPicture

if TYPE_CHECKING:
    import pyvips

UNREADABLE, LOCATION = "unreadable picture", "location"
LOOKED_AT = 768
"""Pixels of the longer side at which pictures are measured, so that the same numbers mean the same."""
TINY = 100
"""Pixels of the shorter side; below it hardly anything can be made out."""
ONE_COLOUR = 2.0
"""Standard deviation of every band, of 255; the noise of a lens cap is about that."""
DARK = 28
"""Of 255: if hardly any pixel is brighter, nothing can be seen on a phone in daylight."""
_BRIGHTER = 99.5
"""Per cent of the pixels that must be below `DARK`."""
BLURRED = 6.0
"""Variance of the Laplacian in the sharpest part: 70 in soft photos to thousands; below 3 if shaken by 8 pixels."""
_PARTS = 8
"""The picture is looked at in so many parts each way: a soft background is no blur while something is sharp."""


def look_at(picture: ModerationPicture) -> list[Flag]:
    """Return what is wrong with a picture; one that cannot be read is flagged and not passed."""
    name = f"Picture {picture.number}"
    flags = []
    if picture.keeps_metadata and _tells_place(picture.data):
        why = f"The file of picture {picture.number} tells where it was taken."
        flags.append(Flag(category=LOCATION, score=1.0, why=why))
    try:
        image = reduced(picture.data, LOOKED_AT, name)
    except BadInput as error:
        return [*flags, Flag(category=UNREADABLE, score=1.0, why=error.what)]
    if (score_and_why := _hidden(image)) is not None:
        score, why = score_and_why
        flags.append(Flag(category=UNREADABLE, score=score, why=f"{name} is {why}."))
    return flags


def _hidden(image: pyvips.Image) -> tuple[float, str] | None:
    """Return the first reason for which nothing can be made out, with its score."""
    if min(image.width, image.height) < TINY:
        return 0.7, f"tiny: {image.width} × {image.height} pixels"
    if max(image.extract_band(band).deviate() for band in range(image.bands)) < ONE_COLOUR:
        return 0.9, "of one colour"
    grey = image.colourspace("b-w")
    if grey.percent(_BRIGHTER) < DARK:
        return 0.8, "almost black"
    if sharpness(grey) < BLURRED:
        return 0.6, "blurred all over"
    return None


def sharpness(grey: pyvips.Image) -> float:
    """Return the variance of the Laplacian in the sharpest part of a grey picture."""
    import pyvips

    laplacian = grey.cast("float").conv(pyvips.Image.new_from_array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]))
    across, down = (max(1, length // _PARTS) for length in (grey.width, grey.height))
    return float((laplacian * laplacian).shrink(across, down).max())


def _tells_place(data: bytes) -> bool:
    from pressroom.photo_metadata import read_info

    return read_info(data, location=True).place is not None
