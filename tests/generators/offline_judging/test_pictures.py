"""Pictures that show nothing, told from dark and soft ones that do; and files that tell where they were taken."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import pyvips

from pressroom.generators.base import ModerationPicture
from pressroom.generators.offline_judging.pictures import look_at
from tests.photos import photo


def shown(image: Any, **more: Any) -> list[str]:
    """Return what is said of a picture."""
    return said(image.jpegsave_buffer(Q=85), **more)


def said(data: bytes, **more: Any) -> list[str]:
    digest = hashlib.sha256(data).hexdigest()
    return [flag.why for flag in look_at(ModerationPicture(sha256=digest, media_type="image/jpeg", data=data, **more))]


def grain(mean: float, sigma: float, width: int = 1200, height: int = 800) -> Any:
    noise = pyvips.Image.gaussnoise(width, height, mean=mean, sigma=sigma, seed=1)
    return noise.bandjoin([noise, noise]).cast("uchar").copy(interpretation="srgb")


@pytest.mark.parametrize("noise", [0, 4, 12])
def test_a_photo_with_soft_colours_passes(noise: float) -> None:
    assert shown(photo(1500, 1000, noise=noise)) == []


def test_a_photo_with_a_blurred_background_passes_while_something_is_sharp() -> None:
    soft = photo(1500, 1000).gaussblur(20)
    sharp = photo(200, 200, noise=20)
    assert shown(soft.insert(sharp, 600, 400)) == []


def test_a_photo_at_night_with_a_lamp_in_it_passes() -> None:
    night = (photo(1500, 1000) * 0.1).cast("uchar")
    assert shown(night.draw_rect([240, 220, 160], 500, 300, 200, 150, fill=True)) == []


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (grain(3, 1), "Picture 1 is of one colour."),
        (grain(200, 0.5), "Picture 1 is of one colour."),
        ((photo(1500, 1000) * 0.1).cast("uchar"), "Picture 1 is almost black."),
        (photo(1500, 1000).gaussblur(20), "Picture 1 is blurred all over."),
        (photo(90, 400), "Picture 1 is tiny: 90 × 400 pixels."),
    ],
)
def test_a_picture_in_which_nothing_can_be_made_out_is_flagged(image: Any, why: str) -> None:
    assert shown(image) == [why]


def test_a_picture_is_named_by_its_place_in_the_post() -> None:
    assert shown(grain(200, 0.5), number=4) == ["Picture 4 is of one colour."]


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"\xff\xd8\xff\xe0 and then nothing"])
def test_a_file_that_cannot_be_read_is_flagged(data: bytes) -> None:
    (why,) = said(data)
    assert why.startswith("Picture 1 ")


def test_the_same_picture_gets_the_same_flags() -> None:
    image = photo(1500, 1000).gaussblur(20)
    assert shown(image) == shown(image)


def with_place() -> bytes:
    image = photo(1500, 1000).copy()
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitudeRef", "N")
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "48/1 8/1 0/1")
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLongitudeRef", "E")
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLongitude", "11/1 34/1 0/1")
    data: bytes = image.jpegsave_buffer(Q=85)
    return data


def test_a_file_that_tells_where_it_was_taken_is_flagged() -> None:
    assert said(with_place()) == ["The file of picture 1 tells where it was taken."]


def test_where_it_was_taken_is_no_matter_if_the_file_does_not_go_out_with_its_metadata() -> None:
    assert said(with_place(), keeps_metadata=False) == []
