"""Setting a title: faces that cover it, balanced lines, and a block that never leaves its box."""

from __future__ import annotations

import pytest

from pressroom.generators.offline_art.stage import Box
from pressroom.generators.offline_art.typography import (
    UndrawableCharacter,
    balanced_lines,
    face_for,
    set_title,
    split_title,
)

TITLES = [
    "Pie Day",
    "National Take Your Parents to Lunch Day",
    "Martin Luther King Jr. Day\nJanuary 19",
    "World Day of Remembrance for Road Traffic Victims and of Everybody Who Cares",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "Διεθνής Ημέρα Καφέ",
    "Día de los Muertos & “Friends” – ½ price",
    "اليوم العالمي للقهوة",
]
BOXES = [Box(88, 99, 704, 522), Box(86, 65, 907, 390), Box(60, 60, 300, 120)]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("title", TITLES)
def test_a_title_stays_inside_its_box(title: str, box: Box) -> None:
    set_ = set_title(title, box, ["crypt"], 260)
    assert set_.left >= box.left - 1
    assert set_.left + set_.mask.width <= box.right + 1
    assert set_.top >= box.top - 1
    assert set_.top + set_.mask.height <= box.bottom + 2
    assert set_.mask.max() == 255


def test_a_display_face_that_lacks_a_letter_gives_way_to_a_plain_one_of_the_script() -> None:
    assert face_for("Cat Day", ["crypt"]).name == "crypt"
    assert face_for("Żółw Day", ["crypt"]).name == "world"
    assert face_for("День кота", ["crypt"]).name == "world"
    assert face_for("יום החתול", ["crypt"]).name == "world-hebrew"


def test_a_character_without_a_font_is_an_error_that_names_it() -> None:
    with pytest.raises(UndrawableCharacter, match=r"'猫' \(U\+732B\)") as raised:
        face_for("猫 Day", ["crypt"])
    assert "a name of its own" in raised.value.todo
    assert "`lettering = false`" in raised.value.todo


def test_scripts_that_no_one_font_holds_together_are_refused() -> None:
    with pytest.raises(UndrawableCharacter, match="mixes scripts") as raised:
        face_for("Cat Day יום החתול", ["crypt"])
    assert "a word that is added to a theme, such as Day" in raised.value.todo
    assert "`lettering = false`" in raised.value.todo


def test_long_titles_break_into_lines_of_like_width() -> None:
    words = ["Take", "Your", "Parents", "to", "Lunch", "Day"]
    widths = [len(word) for word in words]
    lines = balanced_lines(words, widths, 1, 3)
    assert " ".join(lines) == " ".join(words)
    assert max(map(len, lines)) - min(map(len, lines)) <= 5


def test_no_line_ends_in_a_small_word_when_it_can_be_helped() -> None:
    words = ["Talk", "Like", "a", "Pirate", "Day"]
    assert balanced_lines(words, [len(word) for word in words], 1, 2) == ["Talk Like", "a Pirate Day"]


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("National Cat Day", ("National", "Cat Day", "")),
        ("Cat Day", ("", "Cat Day", "")),
        ("National Day", ("", "National Day", "")),
        ("World Book Day\nApril 23", ("World", "Book Day", "April 23")),
    ],
)
def test_a_leading_national_and_a_second_line_are_set_small(title: str, parts: tuple[str, str, str]) -> None:
    assert split_title(title) == parts
