"""The scripted generators."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pressroom.errors import Unavailable
from pressroom.generators.base import ImageRequest, TextRequest
from pressroom.media import media_type_of
from pressroom.testing import ScriptedImage, ScriptedText, plain_png

TEXT = TextRequest(purpose="caption", prompt="Write about cats.", theme="cats")
IMAGE = ImageRequest(prompt="Draw a cat.", theme="cats", width=64, height=36)


def said(generator: ScriptedText) -> str:
    return generator.text(generator.ask(TEXT), TEXT)


def test_texts_come_in_the_order_of_the_script() -> None:
    generator = ScriptedText("First: Žluť 🐈", "Second")
    generator.enqueue("Third")
    assert [said(generator) for _ in range(3)] == ["First: Žluť 🐈", "Second", "Third"]
    assert generator.history == [TEXT] * 3


def test_an_error_is_raised_in_its_turn() -> None:
    generator = ScriptedText("First", Unavailable("Too busy."), "Third")
    assert said(generator) == "First"
    with pytest.raises(Unavailable, match="Too busy"):
        said(generator)
    assert said(generator) == "Third"
    assert len(generator.history) == 3


def test_asking_for_more_text_than_was_scripted_fails_the_test() -> None:
    with pytest.raises(AssertionError, match=r"asked once more than was scripted.*Write about cats"):
        said(ScriptedText())


def test_a_price_is_estimated_and_charged() -> None:
    generator = ScriptedText("First", price=Decimal("0.02"))
    assert generator.estimate(TEXT) == Decimal("0.02")
    assert [usage.money for usage in generator.ask(TEXT).usage] == [Decimal("0.02")]


def test_a_picture_without_a_script_is_plain_and_of_the_size_asked_for() -> None:
    generator = ScriptedImage(alt_text="Grey")
    picture = generator.picture(generator.ask(IMAGE), IMAGE)
    assert (picture.width, picture.height, picture.alt_text) == (64, 36, "Grey")
    assert media_type_of(picture.data) == picture.media_type == "image/png"
    assert generator.history == [IMAGE]


def test_pictures_come_in_the_order_of_the_script() -> None:
    other = plain_png(8, 4, grey=200)
    generator = ScriptedImage(other, Unavailable("Too busy."))
    picture = generator.picture(generator.ask(IMAGE), IMAGE)
    assert (picture.data, picture.width, picture.height) == (other, 8, 4)
    with pytest.raises(Unavailable):
        generator.ask(IMAGE)


def test_the_plain_png_is_one_that_an_image_library_reads() -> None:
    import pyvips

    image = pyvips.Image.new_from_buffer(plain_png(40, 30, grey=77), "")
    assert (image.width, image.height, image.min(), image.max()) == (40, 30, 77, 77)
