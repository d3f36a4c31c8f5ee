"""Words by which jobs are found."""

from __future__ import annotations

import pytest

from pressroom.searching import MOST_WORDS, all_begin, folded, words_of, words_of_fields


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Crème BRÛLÉE", "creme brulee"),
        ("Straße", "strasse"),
        ("ŁÓDŹ, Øresund, Ærø", "lodz, oresund, aero"),
        ("ｆｕｌｌ ﬁne", "full fine"),
        ("İstanbul ılık", "istanbul ilik"),
        ("Žluťoučký kůň", "zlutoucky kun"),
    ],
)
def test_case_accents_and_strokes_do_not_count(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_a_word_is_a_run_of_letters_and_digits_each_once() -> None:
    assert words_of("total: 42,50 € – TOTAL image_key") == ["total", "42", "50", "image", "key"]


def test_each_sign_of_a_script_without_blanks_is_a_word() -> None:
    assert words_of("東京タワー tower") == ["東", "京", "タ", "ワ", "ー", "tower"]


def test_only_texts_that_stand_directly_in_a_document_are_searched() -> None:
    assert words_of_fields({"text": "one", "lines": [{"text": "two"}], "width": 3}, {"file": "four"}) == {"one", "four"}


def test_no_job_has_more_words_than_are_kept() -> None:
    assert len(words_of_fields({"text": " ".join(f"word{number}" for number in range(MOST_WORDS + 10))})) == MOST_WORDS


def test_every_word_that_is_wanted_must_begin_one() -> None:
    assert all_begin(["caf", "bar"], {"cafe", "bar"})
    assert not all_begin(["caf", "baz"], {"cafe", "bar"})
    assert all_begin([], set())
