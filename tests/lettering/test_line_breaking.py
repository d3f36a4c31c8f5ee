"""Where lines break, in several scripts, and how words are shared out among them."""

from __future__ import annotations

import pytest

from pressroom.lettering.line_breaking import balanced_lines, joined, pieces
from pressroom.lettering.runs import clusters


def broken(text: str, lines: int) -> list[str]:
    """Break a text as if Latin letters were one wide and all others two."""
    parts = pieces(text)
    widths = [sum(2.0 if ord(one[0]) > 0x1100 else 1.0 for one in clusters(part.text)) for part in parts]
    return [joined(line) for line in balanced_lines(parts, widths, 1, lines)]


def test_long_titles_break_into_lines_of_like_width() -> None:
    lines = broken("Take Your Parents to Lunch Day", 3)
    assert " ".join(lines) == "Take Your Parents to Lunch Day"
    assert max(map(len, lines)) - min(map(len, lines)) <= 5


def test_no_line_ends_in_a_small_word_when_it_can_be_helped() -> None:
    assert broken("Talk Like a Pirate Day", 2) == ["Talk Like", "a Pirate Day"]


def test_a_number_keeps_its_unit() -> None:
    assert broken("Insulated Bottle 750 ml Keeps Cold", 2) == ["Insulated Bottle", "750 ml Keeps Cold"]


def test_a_line_may_break_after_a_hyphen_but_not_between_digits() -> None:
    assert [part.text for part in pieces("Noise-Cancelling 3/4 A")] == ["Noise-", "Cancelling", "3/4", "A"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("无线降噪耳机（黑色）", ["无线降噪耳", "机（黑色）"]),
        ("北欧デザインの木製チェア", ["北欧デザインの", "木製チェア"]),
        ("무선 노이즈 캔슬링 헤드폰", ["무선 노이즈", "캔슬링 헤드폰"]),
    ],
)
def test_east_asian_lines_break_where_words_end(text: str, lines: list[str]) -> None:
    assert broken(text, 2) == lines


def test_no_line_begins_or_ends_with_what_typesetting_forbids() -> None:
    parts = [part.text for part in pieces("「あー、いっぱい！」、￥１２８（税込）")]
    assert all(part[0] not in "ー、っ！」）" and part[-1] not in "「（￥" for part in parts)


def test_thai_breaks_before_a_vowel_that_begins_a_syllable_and_never_inside_one() -> None:
    parts = [part.text for part in pieces("กาแฟคั่วบดพรีเมี่ยม")]
    assert "".join(parts) == "กาแฟคั่วบดพรีเมี่ยม"
    assert parts[1:] != []
    assert all(part[0] in "เแโใไ" for part in parts[1:])


def test_unbreakable_blanks_hold_and_others_are_one() -> None:
    assert [part.text for part in pieces("  10\u00a0kg \t of\u3000flour ")] == ["10\u00a0kg", "of", "flour"]


def test_nothing_is_lost_and_nothing_doubled() -> None:
    text = "Kaffee-Mühle 咖啡机 3-in-1 กาแฟเย็น"
    assert joined(pieces(text)) == text
