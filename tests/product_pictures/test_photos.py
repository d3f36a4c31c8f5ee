"""The product in its studio: standing where it should, in colours of its own, and what is no photo."""

from __future__ import annotations

from typing import Any

import pytest
import pyvips

from pressroom.errors import BadInput
from pressroom.product_pictures.colour import RGB, contrast, tone_of
from pressroom.product_pictures.layout import layout_for
from pressroom.product_pictures.photos import check_photo, photo_in_studio, photo_on_scene
from tests.product_pictures.shop import busy_photo, jpeg, photo, plain

SQUARE = layout_for(540, 540, "bottom")


def pixel(image: Any, x: int, y: int) -> RGB:
    red, green, blue = (round(value) for value in image.getpoint(x, y)[:3])
    return red, green, blue


@pytest.mark.parametrize("colour", ["clay", "blue", "dark", "pale"])
def test_a_product_stands_in_the_middle_and_stands_out(colour: str) -> None:
    image = photo_in_studio(jpeg(photo("mug", colour)), SQUARE, 0)
    assert (image.width, image.height) == (540, 540)
    body = image.crop(235, 180, 20, 100).gaussblur(3)
    middle, wall = pixel(body, 10, 50), pixel(image, 40, 200)
    assert contrast(middle, wall) > 1.25
    assert abs(tone_of(middle).light - tone_of(wall).light) > 0.05


def test_the_wall_takes_the_hue_of_the_product() -> None:
    wall = tone_of(pixel(photo_in_studio(jpeg(photo("mug", "blue")), SQUARE, 0), 30, 60))
    assert wall.hue == pytest.approx(265, abs=25)
    assert wall.light > 0.8


def test_a_pale_product_stands_before_a_deeper_wall() -> None:
    pale, dark = (tone_of(pixel(photo_in_studio(jpeg(photo("mug", c)), SQUARE, 0), 30, 60)) for c in ("pale", "dark"))
    assert pale.light < dark.light - 0.05


def test_the_white_of_the_photo_is_nowhere_to_be_seen() -> None:
    image = photo_in_studio(jpeg(photo("mug", "blue")), SQUARE, 0)
    product = SQUARE.product
    around = image.crop(product.left, product.top, 60, product.height)
    assert around[0].max() < 252, "a blue wall has less red than white"
    assert tone_of(pixel(image, product.left + 10, product.bottom - 40)).chroma > 0.01


def test_a_photo_with_a_busy_background_is_framed_as_a_card() -> None:
    image = photo_in_studio(jpeg(busy_photo()), SQUARE, 0)
    assert image.crop(220, 150, 100, 100).colourspace("b-w").deviate() > 15
    assert image.crop(4, 4, 60, 60).colourspace("b-w").deviate() < 8


def test_the_calm_side_is_calm() -> None:
    for layout in (SQUARE, layout_for(600, 314, "left"), layout_for(600, 314, "right")):
        image = photo_in_studio(jpeg(photo("mug", "clay")), layout, 2)
        words = layout.words
        part = image.crop(words.left, words.top, words.width, words.height)
        assert part.colourspace("b-w").deviate() < 14


def test_a_product_is_set_before_a_scene_that_a_model_drew() -> None:
    scene = jpeg(plain((30, 60, 90), 700, 500))
    made = pyvips.Image.new_from_buffer(
        photo_on_scene(scene, jpeg(photo("mug", "clay")), 540, 540, "bottom", "the photo"), ""
    )
    assert pixel(made, 10, 10) == pytest.approx((30, 60, 90), abs=4)
    red, _, blue = pixel(made, 260, 220)
    assert red > blue + 30


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html>not found</html>", "is a text file"),
        (b"", "is empty"),
        (jpeg(photo())[:3000], "is damaged"),
        (jpeg(photo().thumbnail_image(120)), "has only 120 x 120 pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG"),
    ],
)
def test_what_is_no_photo_of_use_is_told_by_its_name(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as raised:
        check_photo(data, "mug.jpg")
    assert "mug.jpg" in raised.value.what
