"""Which face draws what: by script, emoji whole, and nothing is ever a box."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pressroom.fonts import CJK, EMOJI, Face
from pressroom.lettering.runs import NoFace, clusters, is_drawable, is_emoji, runs


def faces_of(text: str) -> list[tuple[str, str]]:
    return [(run.text, run.face.name) for run in runs(text)]


def test_each_script_is_drawn_by_its_face_and_blanks_go_with_what_is_before_them() -> None:
    assert faces_of("Café 咖啡 שלום") == [("Café ", "world"), ("咖啡 ", "cjk"), ("שלום", "world-hebrew")]


def test_a_preferred_face_gives_way_where_it_lacks_a_letter() -> None:
    assert [(run.text, run.face.name) for run in runs("Cat день", [Face("crypt")])] == [
        ("Cat ", "crypt"),
        ("день", "world"),
    ]


@pytest.mark.parametrize(
    "emoji",
    ["😀", "👍🏽", "👩‍🚀", "🇯🇵", "1️⃣", "❤️", "🏳️‍🌈", "☕", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
)
def test_an_emoji_is_one_run_of_its_face_however_many_code_points_it_has(emoji: str) -> None:
    assert faces_of(f"a{emoji}b") == [("a", "world"), (emoji, "emoji"), ("b", "world")]


def test_each_of_a_row_of_emoji_stands_alone() -> None:
    assert faces_of("😀😀 1️⃣") == [("😀", "emoji"), ("😀", "emoji"), (" ", "world"), ("1️⃣", "emoji")]


def test_digits_and_signs_that_may_be_emoji_are_letters_until_they_are_asked_to_be_pictures() -> None:
    assert {name for _, name in faces_of("3 # * © ™ ✈ ☎")} <= {"world", "world-symbols", "cjk"}
    assert not is_emoji("❤\ufe0e")
    assert is_emoji("❤\ufe0f")


def test_an_emoji_that_is_asked_to_be_text_is_still_drawn_where_no_letter_for_it_exists() -> None:
    assert runs("🍕\ufe0e")[0].face == EMOJI


def test_variation_selectors_never_need_a_glyph() -> None:
    assert faces_of("葛\U000e0100飾") == [("葛飾", "cjk")]


def test_every_character_without_a_glyph_is_named_once() -> None:
    with pytest.raises(NoFace) as raised:
        runs("Ꮳ and Ꮳ and 𓀀")
    assert raised.value.characters == ("Ꮳ", "𓀀")
    assert raised.value.named == "'Ꮳ' (U+13E3), '𓀀' (U+13000)"
    assert not is_drawable("Ꮳ")


@pytest.mark.parametrize(
    ("codec", "first", "second"),
    [
        ("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF)),
        ("euc_jp", range(0xA4, 0xA6), range(0xA1, 0xFF)),
        ("euc_jp", range(0xB0, 0xF5), range(0xA1, 0xFF)),
        ("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)),
        ("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]),
    ],
)
def test_the_standards_of_east_asia_are_covered(codec: str, first: range, second: range) -> None:
    text = "".join(bytes([high, low]).decode(codec, "ignore") for high in first for low in second)
    assert len(text) > 160
    lacking = "".join(one for one in CJK.missing(text) if not is_drawable(one))
    assert lacking == ""


def test_every_modern_hangul_syllable_is_covered() -> None:
    assert CJK.missing("".join(map(chr, range(0xAC00, 0xD7A4)))) == ()


def test_decomposed_letters_are_put_together() -> None:
    assert clusters("Cafe\u0301") == ["C", "a", "f", "é"]
    assert faces_of("\u1112\u1161\u11ab") == [("한", "cjk")]


def test_latin_opens_no_large_font() -> None:
    code = (
        "from pressroom.lettering.drawing import draw_words\n"
        "draw_words('Café au lait, 4,50 €', 40)\n"
        "print(any(name in open('/proc/self/maps').read() for name in ('cjk.otf', 'emoji.ttf')))\n"
        "draw_words('咖啡 ☕', 40)\n"
        "print(all(name in open('/proc/self/maps').read() for name in ('cjk.otf', 'emoji.ttf')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
