"""Border: around the picture, which stays as it is within."""

from __future__ import annotations

from tests.transforms.easel import TINY, apply, are_same, pixel, plain, scene, with_alpha


def test_the_picture_gets_larger_by_a_share_of_its_shorter_side_and_stays_the_same_within() -> None:
    framed = apply(scene(320, 240), use="border", width=0.1, colour="#102030")
    assert (framed.width, framed.height) == (320 + 48, 240 + 48)
    assert are_same(framed.crop(24, 24, 320, 240), scene(320, 240))
    for x, y in ((0, 0), (23, 100), (367, 287), (150, 264)):
        assert pixel(framed, x, y) == [16, 32, 48]


def test_a_picture_with_alpha_has_an_opaque_border() -> None:
    image = with_alpha(scene())
    framed = apply(image, use="border", width=0.1)
    assert pixel(framed, 0, 0) == [255] * 4
    assert are_same(framed.crop(24, 24, image.width, image.height), image)


def test_a_width_of_nothing_is_no_border_and_the_least_is_a_pixel() -> None:
    assert are_same(apply(scene(), use="border", width=0), scene())
    for width, height in TINY:
        framed = apply(plain((0, 0, 0), width, height), use="border", width=0.03)
        assert (framed.width, framed.height) == (width + 2, height + 2)
