"""Drawn words: ink where letters are, colours where emoji are, one line for all scripts to stand on."""

from __future__ import annotations

import pytest

from pressroom.fonts import Face
from pressroom.lettering.drawing import draw_words
from pressroom.lettering.runs import NoFace


def test_letters_alone_have_no_colours() -> None:
    drawn = draw_words("Abc", 60)
    assert drawn.colours is None
    assert drawn.ink.bands == 1
    assert drawn.ink.max() == 255


def test_emoji_are_told_from_letters_to_the_pixel() -> None:
    drawn = draw_words("II 🍓", 100)
    assert drawn.colours is not None
    assert (drawn.colours.width, drawn.colours.height) == (drawn.width, drawn.height)
    left, right = drawn.ink.crop(0, 0, 70, drawn.height), drawn.ink.crop(130, 0, drawn.width - 130, drawn.height)
    assert left.max() == 255
    assert right.max() == 0
    assert drawn.colours.crop(0, 0, 70, drawn.height)[3].max() == 0
    red, green, blue, _ = drawn.colours.getpoint(drawn.width - 50, drawn.height // 2 + 10)
    assert red > 2 * max(green, blue)


@pytest.mark.parametrize("text", ["H", "Hg", "Ή", "x", "東", "한", "שם", "Hp 東京"])
def test_the_baseline_is_where_letters_stand(text: str) -> None:
    drawn = draw_words(text, 200)
    assert 90 <= drawn.baseline <= 190
    if text in ("H", "x"):
        assert abs(drawn.baseline - drawn.height) <= 4  # round letters reach a little below


def test_lines_stand_as_far_apart_as_asked_whatever_their_scripts() -> None:
    def step(text: str) -> int:
        one, two = (draw_words(shown, 100, leading=1.2).height for shown in (text, f"{text}\n{text}"))
        return two - one

    assert step("Hx") == pytest.approx(120, abs=2)
    assert step("한글") == pytest.approx(120, abs=2)


def test_han_has_the_forms_of_its_language() -> None:
    forms = {
        language: bytes(draw_words("骨直", 80, language=language).ink.write_to_memory()) for language in ("zh-CN", "ja")
    }
    assert forms["zh-CN"] != forms["ja"]


def test_tracking_and_faces_change_the_width() -> None:
    usual = draw_words("label", 80).width
    assert draw_words("label", 80, faces=[Face("label")]).width < usual
    assert draw_words("label", 80, tracking=0.2).width > usual + 4 * 12


def test_what_no_font_can_draw_is_named_and_never_a_box() -> None:
    with pytest.raises(NoFace):
        draw_words("a Ꮳ", 40)


@pytest.mark.parametrize("text", ["", "  ", "\u200f", "\n"])
def test_nothing_to_be_seen_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="nothing to be seen"):
        draw_words(text, 40)


def test_words_are_text_and_never_markup() -> None:
    assert draw_words("<b>x</b> & y", 60).width > draw_words("x & y", 60).width + 100
