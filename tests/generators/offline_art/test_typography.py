"""Setting a title: faces that cover it, balanced lines, and a block that never leaves its box."""

from __future__ import annotations

import pytest

from pressroom.generators.offline_art.stage import Box
from pressroom.generators.offline_art.typography import (
    UndrawableCharacter,
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
    "国际咖啡日",
    "日本の伝統的な木製ダイニングチェアの日",
    "World Pizza Day 🍕 שלום",
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
    with pytest.raises(UndrawableCharacter, match=r"'Ꮳ' \(U\+13E3\)") as raised:
        face_for("Ꮳ Day", ["crypt"])
    assert "a name of its own" in raised.value.todo
    assert "`lettering = false`" in raised.value.todo


def test_scripts_that_no_one_font_holds_together_are_drawn_by_several() -> None:
    assert face_for("Cat Day יום החתול", ["crypt"]).name == "world"
    set_ = set_title("Cat Day 猫 יום החתול", BOXES[0], ["crypt"], 260)
    assert set_.mask.max() == 255


def test_an_emoji_keeps_the_display_face_and_its_own_colours() -> None:
    assert face_for("Pizza Day 🍕", ["crypt"]).name == "crypt"
    set_ = set_title("Pizza Day 🍕", BOXES[0], ["crypt"], 260)
    assert set_.words.colours is not None
    assert set_.words.colours[3].max() == 255
    assert set_title("Pizza Day", BOXES[0], ["crypt"], 260).words.colours is None


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
