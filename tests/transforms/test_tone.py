"""Tone: each setting does what its name says, and nothing else."""

from __future__ import annotations

import pytest

from tests.transforms.easel import TINY, apply, are_same, means, pixel, plain, ramp, scene, similarity, with_alpha

GREY = (120, 120, 120)


def test_without_settings_nothing_changes() -> None:
    assert are_same(apply(scene(), use="tone"), scene())


def test_one_stop_is_twice_the_light() -> None:
    # sRGB 92 is 10.7 % of the light, 128 is 21.6 %. IEC 61966-2-1
    assert pixel(apply(plain((92, 92, 92)), use="tone", exposure=1), 0, 0) == pytest.approx([128] * 3, abs=1)
    assert pixel(apply(plain((128, 128, 128)), use="tone", exposure=-1), 0, 0) == pytest.approx([92] * 3, abs=1)


def test_more_contrast_darkens_shadows_and_lightens_lights_and_loses_no_step_at_the_ends() -> None:
    hard = apply(ramp(), use="tone", contrast=0.6)
    assert pixel(hard, 64, 0)[0] < 60
    assert pixel(hard, 192, 0)[0] > 196
    assert pixel(hard, 127, 0)[0] == pytest.approx(127, abs=1)
    assert [pixel(hard, x, 0)[0] for x in (0, 255)] == [0, 255]
    assert len({pixel(hard, x, 0)[0] for x in range(40, 216)}) > 150


def test_less_contrast_draws_everything_to_the_middle() -> None:
    soft = apply(ramp(), use="tone", contrast=-1)
    assert [pixel(soft, x, 0)[0] for x in (0, 255)] == pytest.approx([64, 191], abs=1)


def test_saturation_goes_from_grey_to_twice_the_colour() -> None:
    muted = plain((140, 110, 100))
    grey = pixel(apply(muted, use="tone", saturation=-1), 0, 0)
    assert len(set(grey)) == 1
    strong = pixel(apply(muted, use="tone", saturation=1), 0, 0)
    assert strong[0] - strong[2] == pytest.approx(80, abs=2)
    assert pixel(apply(plain(GREY), use="tone", saturation=1), 0, 0) == list(GREY)


def test_warmth_moves_between_blue_and_yellow_and_keeps_the_brightness() -> None:
    warm, cold = (means(apply(plain(GREY), use="tone", warmth=warmth)) for warmth in (1, -1))
    assert warm[0] > 130 > 110 > warm[2]
    assert cold[0] < 110 < 130 < cold[2]
    for colour in (warm, cold):
        light = [((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour]
        assert 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] == pytest.approx(0.1878, rel=0.02)


def test_gamma_lightens_the_middle_and_keeps_the_ends() -> None:
    light = apply(ramp(), use="tone", gamma=2)
    assert [pixel(light, x, 0)[0] for x in (0, 64, 255)] == pytest.approx([0, 128, 255], abs=1)


def test_the_picture_stays_the_picture() -> None:
    changed = apply(scene(), use="tone", exposure=0.2, contrast=0.2, saturation=0.2, warmth=0.2)
    assert 0.9 < similarity(changed, scene()) < 1


def test_alpha_is_kept_and_tiny_pictures_do_not_fail() -> None:
    image = with_alpha(scene())
    assert are_same(apply(image, use="tone", exposure=1, saturation=0.5)[3], image[3])
    for width, height in TINY:
        apply(plain(GREY, width, height), use="tone", exposure=1, saturation=0.5)
