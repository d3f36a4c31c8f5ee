"""Watermark: where it should be, as large as it should be, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from pressroom.errors import BadInput, ConfigurationError
from pressroom.photos import PhotoInfo
from tests.transforms.easel import TINY, apply, are_same, changed_box, pixel, plain, png, scene, with_alpha

GREY = (90, 90, 90)
LOGO = png(Image.new("RGBA", (40, 20), (255, 0, 0, 255)))


@pytest.mark.parametrize(
    ("position", "left", "top"),
    [
        ("top-left", 20, 20),
        ("top", 400, 20),
        ("top-right", 780, 20),
        ("left", 20, 250),
        ("centre", 400, 250),
        ("right", 780, 250),
        ("bottom-left", 20, 480),
        ("bottom", 400, 480),
        ("bottom-right", 780, 480),
    ],
)
def test_a_picture_lies_where_it_should_and_everything_else_is_untouched(position: str, left: int, top: int) -> None:
    before = plain(GREY, 1000, 600)
    after = apply(before, stored=LOGO, use="watermark", picture="logo.png", position=position, opacity=1)
    assert changed_box(before, after) == (left, top, left + 200, top + 100)
    assert pixel(after, left + 100, top + 50) == [255, 0, 0]


def test_words_are_as_wide_as_the_share_says_and_in_the_corner() -> None:
    before = plain(GREY, 1000, 600)
    after = apply(before, use="watermark", text="© Ann Example", size=0.3, margin=0.05)
    left, top, right, bottom = changed_box(before, after)
    assert (right, bottom) == (950, 550)
    assert 285 <= right - left <= 300
    assert 10 < bottom - top < 60


def test_opacity_mixes_the_colour_with_what_is_below() -> None:
    after = apply(plain(GREY, 200, 200), stored=LOGO, use="watermark", picture="logo.png", size=1, opacity=0.5)
    assert pixel(after, 100, 190) == pytest.approx([172, 45, 45], abs=1)


def test_words_may_name_the_photographer() -> None:
    info = PhotoInfo(credit="Ann")
    before = plain(GREY, 400, 300)
    filled = apply(before, info, use="watermark", text="© {credit}")
    assert are_same(filled, apply(before, use="watermark", text="© Ann"))
    assert not are_same(filled, before)


def test_where_nothing_is_known_nothing_is_written() -> None:
    before = plain(GREY, 400, 300)
    assert are_same(apply(before, use="watermark", text="{credit}"), before)
    assert are_same(apply(before, PhotoInfo(credit="\u200d\u0007"), use="watermark", text="{credit}"), before)


def test_what_a_photo_says_is_written_and_never_evaluated() -> None:
    hostile = "{copyright.__class__} <b>&amp; %(x)s ${x}"
    before = plain(GREY, 1200, 300)
    after = apply(before, PhotoInfo(credit=hostile, copyright="secret"), use="watermark", text="{credit}", size=0.9)
    left, _, right, _ = changed_box(before, after)
    assert right - left > 1000


@pytest.mark.parametrize("text", ["{credit.__class__}", "{credit!r}", "{credit:>99999999}", "{0}", "{", "{secret}"])
def test_a_template_that_reaches_further_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"filters, entry 1 \(watermark\): text: "):
        apply(plain(GREY), use="watermark", text=text)


def test_a_character_without_a_font_is_an_error_that_names_it() -> None:
    with pytest.raises(BadInput, match=r"watermark cannot write 'Ꮳ' \(U\+13E3\), '𓀀' \(U\+13000\) into the picture"):
        apply(plain(GREY), use="watermark", text="Ꮳ𓀀 Café")


def test_several_scripts_are_written_together() -> None:
    before = plain(GREY, 1000, 300)
    after = apply(before, use="watermark", text="Café שלום مرحبا ไทย 東京 서울", size=0.9)
    assert changed_box(before, after)[2] > 900


def test_an_emoji_keeps_its_colours() -> None:
    after = apply(plain(GREY, 400, 400), use="watermark", text="🍓", size=0.9, opacity=1, colour="#0000ff")
    red, green, blue = pixel(after, 90, 250)
    assert red > 200
    assert max(green, blue) < 120


@pytest.mark.parametrize("how", [{}, {"text": "a", "picture": "b"}])
def test_it_has_either_words_or_a_picture(how: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="give it either a text or a picture"):
        apply(plain(GREY), use="watermark", **how)


def test_a_picture_that_is_none_is_told() -> None:
    with pytest.raises(BadInput, match=r"The watermark logo\.png cannot be read as a picture"):
        apply(plain(GREY), stored=b"words", use="watermark", picture="logo.png")


def test_alpha_is_kept_where_nothing_was_drawn() -> None:
    image = with_alpha(scene(1000, 600))
    after = apply(image, use="watermark", text="© Ann", position="top-left")
    assert changed_box(image, after)[2] <= 220
    assert are_same(after.crop(300, 0, 700, 600)[3], image.crop(300, 0, 700, 600)[3])


def test_tiny_and_thin_pictures_do_not_fail() -> None:
    ways: list[dict[str, Any]] = [{"text": "© Ann Example"}, {"picture": "logo.png"}]
    for width, height in TINY:
        for how in ways:
            apply(plain(GREY, width, height), stored=LOGO, use="watermark", **how)
            apply(plain((*GREY, 128), width, height), stored=LOGO, use="watermark", size=1, margin=0.25, **how)
