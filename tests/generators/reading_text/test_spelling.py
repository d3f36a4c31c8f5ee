"""Marks that go together in a language are believed; what stands alone must be unmistakable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from pressroom.generators.reading_text.decoding import Character
from pressroom.generators.reading_text.spelling import ALPHABETS, Looked, Speller

LETTERS = ("", "ã", "ă", "ü", "Ü", "ñ", "€", "ß", "İ", "¡", "ž", "Ž", "è", "ė", "ș", "Ą", "ź")
SPELLER = Speller(LETTERS)
Sight = tuple[str, dict[str, float]]
"""A sign as it was read, and the shares of the letters that it may be; the rest is for the plain letter."""


def looked(*sights: Sight, apart: float = 20, surely: Sequence[float] = (), height: float = 0) -> Looked:
    shares = np.zeros((len(sights), len(LETTERS)), np.float16)
    characters = []
    for place, (sign, seen) in enumerate(sights):
        sureness = surely[place] if surely else 0.95
        characters.append(Character(sign, 10 + apart * place, sureness, 0.0))
        for letter, share in seen.items():
            shares[place, LETTERS.index(letter)] = share
        shares[place, 0] = max(0.0, 1 - sum(seen.values()))
    return Looked(characters, shares, [False] * len(sights), height)


def spelt(*lines: Looked) -> list[str]:
    return SPELLER.texts(lines)


def test_a_letter_is_taken_that_goes_with_the_others_of_its_line() -> None:
    either: Sight = ("a", {"ã": 0.40, "ă": 0.45})
    assert spelt(looked(("s", {"ș": 0.9}), either)) == ["șă"]
    assert spelt(looked(*[("a", {"ã": 0.95})] * 2, either)) == ["ããã"]


def test_the_other_lines_of_a_picture_help_a_line_that_is_in_doubt() -> None:
    doubtful = looked(("a", {"ã": 0.44, "ă": 0.46}))
    portuguese = looked(*[("a", {"ã": 0.9, "ă": 0.05})] * 4)
    assert spelt(doubtful, portuguese)[0] == "ã"
    assert spelt(doubtful)[0] == "ă"


def test_a_foreign_letter_is_kept_if_it_is_unmistakable() -> None:
    german = [("u", {"ü": 0.9}), ("B", {"ß": 0.96})]
    assert spelt(looked(*german, ("n", {"ñ": 0.97}))) == ["üßñ"]
    assert spelt(looked(*german, ("n", {"ñ": 0.6}))) == ["üßn"]


def test_of_large_letters_the_marks_are_seen_plainly() -> None:
    german = [("u", {"ü": 0.9}), ("B", {"ß": 0.96})]
    assert spelt(looked(*german, ("n", {"ñ": 0.9}), height=30)) == ["üßn"]
    assert spelt(looked(*german, ("n", {"ñ": 0.9}), height=90)) == ["üßñ"]


def test_a_mark_that_is_hardly_seen_is_none() -> None:
    assert spelt(looked(("n", {"ñ": 0.3}), ("o", {}))) == ["no"]


@pytest.mark.parametrize(("before", "following", "expected"), [("a", "e", "ž"), ("A", "E", "Ž"), ("A", "e", "ž")])
def test_a_letter_is_as_small_or_large_as_its_neighbours(before: str, following: str, expected: str) -> None:
    line = looked((before, {}), ("z", {"ž": 0.45, "Ž": 0.5}), (following, {}))
    assert spelt(line) == [f"{before}{expected}{following}"]


def test_marks_that_the_reading_model_saw_stay_unless_they_are_surely_not_there() -> None:
    assert spelt(looked(("é", {"è": 0.3}))) == ["é"]
    assert spelt(looked(("é", {}))) == ["e"]


def test_ink_that_was_not_read_is_a_euro_or_nothing() -> None:
    assert spelt(looked(("5", {}), ("E", {"€": 0.8}), surely=(0.9, 0.0))) == ["5€"]
    assert spelt(looked(("5", {}), ("E", {}), surely=(0.9, 0.0))) == ["5"]


def test_a_capital_with_a_mark_beneath_must_be_unmistakable() -> None:
    polish = [("z", {"ź": 0.97})] * 3
    assert spelt(looked(("A", {"Ą": 0.88}), *polish)) == ["Aźźź"]
    assert spelt(looked(("A", {"Ą": 0.96}), *polish)) == ["Ąźźź"]


def test_what_looks_like_a_euro_beside_a_number_is_one() -> None:
    assert spelt(looked(("2", {}), ("ε", {}))) == ["2€"]
    assert spelt(looked(("a", {}), ("ε", {}))) == ["aε"]


def test_a_wide_letter_that_was_read_as_two_is_one() -> None:
    umlaut: Sight = ("u", {"ü": 0.9})
    assert spelt(looked(umlaut, umlaut, apart=9)) == ["ü"]
    assert spelt(looked(umlaut, ("i", {}), apart=9)) == ["ü"]
    assert spelt(looked(umlaut, umlaut, apart=20)) == ["üü"]


def test_what_is_of_another_script_is_left_to_the_reading_model() -> None:
    assert spelt(looked(("東", {"ü": 0.9}), ("京", {}))) == ["東京"]


def test_no_lines_have_no_texts() -> None:
    assert SPELLER.texts([]) == []
    assert spelt(looked()) == [""]


def test_alphabets_hold_small_letters_each_once() -> None:
    assert {name: letters for name, letters in ALPHABETS.items() if len(set(letters)) < len(letters)} == {}
    assert {name: letters for name, letters in ALPHABETS.items() if letters != letters.lower()} == {}
