"""Monochrome: no colour but the tint's, and as bright as before."""

from __future__ import annotations

import pytest

from tests.transforms.easel import TINY, apply, are_same, pixel, plain, ramp, scene, similarity, with_alpha


def test_without_a_tint_every_pixel_is_grey_and_as_bright_as_it_looked() -> None:
    changed = apply(scene(), use="monochrome")
    assert are_same(changed[0], changed[1])
    assert are_same(changed[1], changed[2])
    assert pixel(apply(plain((200, 100, 50)), use="monochrome"), 0, 0) == [118] * 3  # 0.2126, 0.7152, 0.0722
    assert similarity(changed, scene()) > 0.9


def test_a_tint_colours_the_middle_and_leaves_black_and_white() -> None:
    sepia = apply(ramp(), use="monochrome", tint="#704214", strength=1)
    red, _, blue = pixel(sepia, 128, 0)
    assert red > 128 > blue
    assert [pixel(sepia, 0, 0), pixel(sepia, 255, 0)] == [[0, 0, 0], [255, 255, 255]]


def test_a_tint_does_not_change_how_bright_a_shade_is() -> None:
    red, green, blue = pixel(apply(ramp(), use="monochrome", tint="#704214"), 128, 0)
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(128, abs=1)


def test_no_strength_is_no_tint() -> None:
    assert are_same(apply(scene(), use="monochrome", tint="#ff0000", strength=0), apply(scene(), use="monochrome"))


def test_alpha_is_kept_and_tiny_pictures_do_not_fail() -> None:
    image = with_alpha(scene())
    assert are_same(apply(image, use="monochrome")[3], image[3])
    for width, height in TINY:
        apply(plain((9, 99, 199), width, height), use="monochrome")
