"""Colours: contrast as WCAG counts it, and OKLCH there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.product_pictures.colour import Tone, contrast, mixed, standing_out, tone_of

Channel = st.integers(0, 255)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
    assert contrast((10, 20, 30), (10, 20, 30)) == 1


@given(Channel, Channel, Channel)
def test_a_colour_comes_back_from_oklch(red: int, green: int, blue: int) -> None:
    back = tone_of((red, green, blue)).rgb
    assert all(abs(a - b) <= 6 for a, b in zip(back, (red, green, blue), strict=True))


def test_a_tone_that_no_screen_shows_keeps_hue_and_lightness() -> None:
    shown = tone_of(Tone(0.7, 0.4, 145).rgb)
    assert shown.light == pytest.approx(0.7, abs=0.02)
    assert shown.hue == pytest.approx(145, abs=4)


@given(Channel, Channel, Channel, st.floats(0, 360))
def test_an_accent_stands_out_from_any_ground(red: int, green: int, blue: int, hue: float) -> None:
    ground = (red, green, blue)
    found = standing_out(Tone(0.56, 0.15, hue), ground, 4.5)
    reachable = max(contrast((0, 0, 0), ground), contrast((255, 255, 255), ground))
    assert contrast(found, ground) >= min(4.5, reachable * 0.8)


def test_mixing_is_a_share_of_each() -> None:
    assert mixed((0, 100, 200), (100, 200, 0), 0.25) == (25, 125, 150)
