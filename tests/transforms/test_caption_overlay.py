"""Caption overlay: readable on any picture, bounded, and nowhere but at the bottom."""

from __future__ import annotations

import pytest

from pressroom.errors import BadInput
from pressroom.photos import PhotoInfo
from tests.transforms.easel import TINY, apply, are_same, changed_box, pixel, plain, scene, with_alpha

LONG = "A red door in a white wall, seen from the other side of the street on a rainy morning in November. " * 4


def luminance(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def test_the_title_stands_in_a_band_at_the_bottom_and_the_rest_is_untouched() -> None:
    before = scene(800, 600)
    after = apply(before, PhotoInfo(title="A red door"), use="caption_overlay")
    left, top, right, bottom = changed_box(before, after)
    assert (left, right, bottom) == (0, 800, 600)
    assert 500 < top < 560


@pytest.mark.parametrize("shade", [0, 60, 118, 127, 128, 140, 200, 255])
def test_words_stand_out_from_what_is_below_whatever_its_shade(shade: int) -> None:
    after = apply(plain((shade,) * 3, 800, 600), PhotoInfo(title="A red door"), use="caption_overlay")
    band = after.crop(0, 560, 800, 40)[1] / 255
    ink = band.max() if pixel(after, 2, 598)[0] < 128 else band.min()
    lights = sorted((luminance(ink), luminance(pixel(after, 2, 598)[0] / 255)))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def test_words_stand_out_from_a_busy_picture_too() -> None:
    image = scene(800, 600)
    after = apply(image, PhotoInfo(title="A red door"), use="caption_overlay")
    ground = after.crop(0, 585, 100, 15).colourspace("b-w")
    is_dark = ground.avg() < 128
    worst = ground.percent(96) if is_dark else ground.percent(4)
    lights = sorted((luminance(worst / 255), 1.0 if is_dark else 0.0))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.4


def test_a_few_bright_places_count_too() -> None:
    image = plain((20, 20, 20), 800, 600)
    for x in range(0, 800, 50):
        image = image.insert(plain((255, 255, 255), 12, 600), x, 0)
    after = apply(image, PhotoInfo(title="A red door"), use="caption_overlay")
    brightest = after.crop(0, 592, 800, 8)[1].max()
    assert 1.05 / (luminance(brightest / 255) + 0.05) >= 4.5


def test_the_band_is_no_more_opaque_than_it_must_be() -> None:
    after = apply(plain((60, 60, 60), 800, 600), PhotoInfo(title="A red door"), use="caption_overlay")
    assert 30 < pixel(after, 2, 598)[0] < 60


def test_a_long_text_is_broken_into_lines_and_shortened() -> None:
    before = plain((30, 30, 30), 800, 600)
    heights = []
    for lines in (1, 2, 3):
        after = apply(before, PhotoInfo(title=LONG), use="caption_overlay", lines=lines)
        heights.append(600 - changed_box(before, after)[1])
    assert heights[0] < heights[1] < heights[2] < 600 * 0.4
    assert heights[2] - heights[1] == pytest.approx(heights[1] - heights[0], abs=12)


def test_the_band_never_covers_more_than_half_of_the_picture() -> None:
    before = plain((30, 30, 30), 400, 300)
    after = apply(before, PhotoInfo(caption=LONG * 20), use="caption_overlay", text="{caption}", size=0.2, lines=10)
    assert changed_box(before, after)[1] >= 150


def test_words_that_fit_are_written_as_they_are() -> None:
    before = plain((30, 30, 30), 800, 600)
    one, other = (apply(before, PhotoInfo(title=title), use="caption_overlay") for title in ("A door", "A door…"))
    assert not are_same(one, other)


def test_a_word_without_an_end_and_a_script_without_blanks_are_cut() -> None:
    before = plain((30, 30, 30), 400, 300)
    for title in ("x" * 3000, "ประตูสีแดง" * 50, "\u0301" * 500 + "a"):
        after = apply(before, PhotoInfo(title=title), use="caption_overlay", lines=2)
        assert changed_box(before, after)[1] >= 150


def test_several_properties_may_be_told_and_empty_lines_are_left_out() -> None:
    template = "{title}\n{caption}\n© {credit}"
    before = plain((30, 30, 30), 800, 600)
    some = apply(before, PhotoInfo(title="A door", credit="Ann"), use="caption_overlay", text=template)
    assert are_same(some, apply(before, use="caption_overlay", text="A door\n© Ann"))


def test_nothing_to_tell_is_no_band() -> None:
    assert are_same(apply(scene(), PhotoInfo(title="  "), use="caption_overlay"), scene())


def test_what_a_photo_says_is_written_and_never_evaluated() -> None:
    before = plain((30, 30, 30), 800, 600)
    for hostile in ("{title.__class__}", "<span size='99999'>a</span>", "&#x41; & < >", "%s {} {0}"):
        apply(before, PhotoInfo(title=hostile), use="caption_overlay")


def test_a_character_without_a_font_is_an_error_that_names_it() -> None:
    with pytest.raises(BadInput, match=r"caption_overlay cannot write 'Ꮳ' \(U\+13E3\)"):
        apply(scene(), PhotoInfo(title="A tree Ꮳ"), use="caption_overlay")


def test_alpha_is_kept_above_the_band_and_tiny_pictures_do_not_fail() -> None:
    image = with_alpha(scene(800, 600))
    after = apply(image, PhotoInfo(title="A red door"), use="caption_overlay")
    assert are_same(after.crop(0, 0, 800, 500), image.crop(0, 0, 800, 500))
    for width, height in TINY:
        apply(plain((30, 30, 30), width, height), PhotoInfo(title=LONG), use="caption_overlay")
        apply(plain((30, 30, 30, 9), width, height), PhotoInfo(title="a"), use="caption_overlay", size=0.2)
