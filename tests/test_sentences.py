"""Where sentences begin and end."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.sentences import pieces, sentences


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Fox met Dr. Owl. They talked.", ["Mr. Fox met Dr. Owl.", "They talked."]),
        ('"Who is there?" asked the mole. Nobody.', ['"Who is there?" asked the mole.', "Nobody."]),
        ('"Good night." She slept.', ['"Good night."', "She slept."]),
        ("It cost 3.50 at 7 p.m. sharp. Done.", ["It cost 3.50 at 7 p.m. sharp.", "Done."]),
        ("She waited… and waited. Then it came.", ["She waited… and waited.", "Then it came."]),
        ("A title\n\nThe first line", ["A title", "The first line"]),
        ("It was I. He knew.", ["It was I.", "He knew."]),
        ("J. R. Hare ran.", ["J. R. Hare ran."]),
        ("月が出た。星も出た。", ["月が出た。", "星も出た。"]),
        ("  \n\n ", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_pieces_are_whole_sentences_as_far_as_there_is_room() -> None:
    text = "One is here. Two is here. Three is here."
    assert [text[a:b] for a, b in pieces(text, 26)] == ["One is here. Two is here.", "Three is here."]


def test_a_sentence_without_room_is_cut_between_words_and_a_word_anywhere() -> None:
    text = "aaaa bbbb cccccccccccc dd"
    assert [text[a:b] for a, b in pieces(text, 9)] == ["aaaa bbbb", "ccccccccc", "ccc dd"]


@given(st.text(alphabet="aB .!?\n\"'…。", max_size=200), st.integers(1, 40))
def test_no_sign_is_lost_or_said_twice_and_no_piece_is_too_long(text: str, longest: int) -> None:
    found = pieces(text, longest)
    assert all(0 < end - start <= longest for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    told = "".join(text[start:end] for start, end in found)
    assert "".join(told.split()) == "".join(text.split())


def test_a_long_row_of_dots_is_looked_through_once() -> None:
    started = time.process_time()
    assert said("." * 200_000 + "x. Then.") == ["." * 200_000 + "x.", "Then."]
    assert time.process_time() - started < 1
