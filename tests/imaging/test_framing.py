"""The geometry of variants: what stays of a picture, and how large it becomes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.errors import BadInput
from pressroom.imaging.framing import Frame, allowed, frame
from pressroom.pictures import PictureSettings
from tests.photos import wanted


def framed(width: int, height: int, picture: PictureSettings | None = None, **rules: Any) -> Frame:
    asked = wanted("feed", picture, **rules)
    return frame(width, height, asked.rules, asked.picture, name="feed")


def canvas(width: int, height: int, picture: PictureSettings | None = None, **rules: Any) -> tuple[int, int]:
    made = framed(width, height, picture, **rules)
    return made.canvas_width, made.canvas_height


def test_a_kept_picture_has_its_longest_side_as_long_as_the_network_shows_best() -> None:
    assert canvas(6000, 4000) == (1600, 1067)
    assert canvas(4000, 6000) == (1067, 1600)
    assert canvas(4000, 4000) == (1600, 1600)


def test_a_width_that_is_set_bounds_the_width_alone() -> None:
    assert canvas(6000, 4000, PictureSettings(width=1200)) == (1200, 800)
    assert canvas(6000, 4000, PictureSettings(width=3000)) == (3000, 2000)
    assert canvas(6000, 4000, PictureSettings(width=1200, height=400)) == (600, 400)


def test_a_small_picture_stays_small() -> None:
    assert framed(800, 600).leaves_alone
    assert canvas(800, 600, PictureSettings(enlarge_at_most=1.5)) == (1200, 900)
    assert canvas(800, 600, PictureSettings(enlarge_at_most=4)) == (1600, 1200)


@pytest.mark.parametrize(
    ("size", "cut", "made"),
    [
        ((3000, 6000), (3000, 3750), (1080, 1350)),
        ((6000, 2000), (3820, 2000), (1350, 707)),
        ((4000, 4000), (4000, 4000), (1350, 1350)),
    ],
)
def test_a_kept_picture_is_cut_only_as_far_as_the_network_demands(
    size: tuple[int, int], cut: tuple[float, float], made: tuple[int, int]
) -> None:
    found = framed(*size, narrowest=0.8, widest=1.91, best_width=1080, best_height=1350)
    assert (found.cut_width, found.cut_height) == pytest.approx(cut)
    assert (found.width, found.height) == made


def test_a_picture_that_is_too_tall_becomes_taller_rather_than_too_narrow() -> None:
    assert canvas(1000, 8000, min_width=320) == (320, 2560)
    with pytest.raises(BadInput) as caught:
        framed(1000, 8000, min_width=320, max_height=2000)
    assert 'shape = "pad"' in caught.value.todo


def test_crop_and_pad_give_exactly_the_size_that_is_asked_for() -> None:
    assert canvas(6000, 4000, PictureSettings(shape="crop", width=1080, height=1350)) == (1080, 1350)
    assert canvas(6000, 4000, PictureSettings(shape="pad", width=1080, height=1350)) == (1080, 1350)
    assert canvas(6000, 4000, PictureSettings(shape="crop"), best_width=700, best_height=500) == (700, 500)


def test_a_picture_too_small_for_its_box_keeps_the_shape_of_the_box() -> None:
    assert canvas(600, 600, PictureSettings(shape="crop", width=1000, height=2000)) == (300, 600)
    assert canvas(600, 600, PictureSettings(shape="pad", width=1000, height=2000)) == (600, 1200)


def test_padding_meets_a_least_width_that_the_picture_itself_does_not() -> None:
    made = framed(200, 200, PictureSettings(shape="pad", width=1080, height=1080), min_width=320)
    assert (made.width, made.height, made.canvas_width, made.canvas_height) == (200, 200, 320, 320)


def test_a_box_never_goes_above_what_the_network_takes_and_keeps_its_shape() -> None:
    assert canvas(6000, 4000, PictureSettings(shape="crop", width=4000, height=2000), max_width=1000) == (1000, 500)
    assert canvas(6000, 4000, PictureSettings(shape="crop", width=400, height=400), max_pixels=10_000) == (100, 100)


@pytest.mark.parametrize(
    ("picture", "rules", "size", "todo"),
    [
        (PictureSettings(), {}, (200, 200), "enlarge_at_most = 1.6"),
        (PictureSettings(), {}, (40, 40), "Take a larger picture."),
        (PictureSettings(shape="crop", width=200, height=200), {}, (900, 900), "Set width to 320"),
        (
            PictureSettings(shape="crop", width=100, height=900),
            {"narrowest": 0.8, "widest": 1.91},
            (900, 900),
            "0.8 to",
        ),
        (PictureSettings(shape="crop", width=900, height=100), {"widest": 1.91}, (900, 900), "at most 1.91"),
    ],
)
def test_what_cannot_be_is_refused_with_the_setting_that_helps(
    picture: PictureSettings, rules: dict[str, Any], size: tuple[int, int], todo: str
) -> None:
    with pytest.raises(BadInput) as caught:
        framed(*size, picture, min_width=320, **rules)
    assert "feed" in caught.value.what
    assert todo in caught.value.todo


sides = st.integers(1, 30_000)


@given(
    sides,
    sides,
    st.sampled_from(["keep", "crop", "pad"]),
    st.integers(0, 3000),
    st.integers(0, 3000),
    st.sampled_from([1.0, 1.3, 4.0]),
    st.sampled_from([(0.0, 0.0), (0.8, 1.91), (0.1, 10.0)]),
    st.sampled_from([0, 1440, 37]),
    st.sampled_from([0, 1_000_000, 997]),
)
def test_no_frame_breaks_a_rule_or_enlarges_more_than_is_allowed(
    width: int,
    height: int,
    shape: Any,
    box_width: int,
    box_height: int,
    enlarge: float,
    ratios: tuple[float, float],
    max_width: int,
    max_pixels: int,
) -> None:
    settings = PictureSettings(shape=shape, width=box_width, height=box_height, enlarge_at_most=enlarge)
    try:
        made = framed(
            width, height, settings, narrowest=ratios[0], widest=ratios[1], max_width=max_width, max_pixels=max_pixels
        )
    except BadInput:
        return
    ratio = made.canvas_width / made.canvas_height
    assert made.canvas_width >= 1
    assert made.canvas_height >= 1
    assert not max_width or made.canvas_width <= max_width
    assert not max_pixels or made.canvas_width * made.canvas_height <= max_pixels
    assert ratio >= ratios[0]
    assert not ratios[1] or ratio <= ratios[1]
    assert made.width <= made.canvas_width
    assert made.height <= made.canvas_height
    assert made.whole[0] >= made.width
    assert made.whole[1] >= made.height
    # Half a pixel more comes from rounding to whole ones.
    assert made.width <= enlarge * width + 1
    assert made.height <= enlarge * height + 1


@given(sides, sides, st.floats(0.01, 1))
def test_rounding_never_breaks_a_ratio(width: int, height: int, share: float) -> None:
    rules = wanted("feed", narrowest=0.8, widest=1.91, max_pixels=500_000).rules
    w, h = allowed(width * share, height * share, rules)
    assert 0.8 <= w / h <= 1.91
    assert w * h <= 500_000
