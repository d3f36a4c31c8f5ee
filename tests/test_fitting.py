"""What a shortened text keeps, and what it never does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pressroom.fitting import ELLIPSIS, fit_text
from pressroom.publishers._x_text import weighted_length

FAMILY = "👨‍👩‍👧‍👦"
Count = Callable[[str], int]


def in_bytes(text: str) -> int:
    return len(text.encode())


def in_graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


COUNTS: tuple[Count, ...] = (len, in_bytes, in_graphemes, weighted_length)
WORDS = st.sampled_from(
    (
        *("pumpkin", "the", "a", "word,", "end.", "it’s", "—", "\n\n", "x" * 40, "#spooky", "#fun", "@friend"),
        *("日本語のテキスト", FAMILY, "👍🏽", "e\u0301te\u0301", "क्षि", "🇩🇪🇫🇷", "example.com"),
        "https://example.com/a/rather/long/path",
    )
)
TEXTS = st.one_of(st.text(), st.lists(WORDS, max_size=60).map(" ".join), st.lists(WORDS, max_size=20).map("".join))


@given(text=TEXTS, limit=st.integers(0, 60), count=st.sampled_from(COUNTS))
def test_the_limit_is_never_exceeded_by_the_networks_own_count(text: str, limit: int, count: Count) -> None:
    assert count(fit_text(text, limit, count)) <= max(limit, count(""))


@given(text=TEXTS, count=st.sampled_from(COUNTS))
def test_a_text_that_fits_stays_as_it_is(text: str, count: Count) -> None:
    assert fit_text(text, count(text), count) == text


@given(text=TEXTS, limit=st.integers(1, 60), count=st.sampled_from(COUNTS))
def test_what_is_kept_is_a_beginning_that_ends_between_two_characters(text: str, limit: int, count: Count) -> None:
    fitted = fit_text(text, limit, count)
    if fitted == text or ELLIPSIS in text:
        return
    kept, found, _ = fitted.partition(ELLIPSIS)
    if not found:
        return
    assert text.startswith(kept)
    # What was cut off may begin with blanks and loose punctuation, and those with an accent of their own.
    boundaries = {found.end() for found in regex.finditer(r"\X", text)} | {0}
    assert len(kept) in boundaries


@given(text=TEXTS, limit=st.integers(0, 60), count=st.sampled_from(COUNTS))
def test_fitting_twice_changes_nothing(text: str, limit: int, count: Count) -> None:
    once = fit_text(text, limit, count)
    assert fit_text(once, limit, count) == once


@given(words=st.lists(st.sampled_from(["ghost", "night", "and", "lantern"]), min_size=20, max_size=80))
def test_a_shortened_text_of_words_uses_most_of_its_room(words: list[str]) -> None:
    assert len(fit_text(" ".join(words), 60, len)) >= 60 - len("lantern") - 1


def test_it_is_cut_at_a_word() -> None:
    assert fit_text("The quick brown fox jumps", 16, len) == "The quick brown…"
    assert fit_text("The quick brown fox jumps", 15, len) == "The quick…"


def test_punctuation_does_not_hang_before_the_ellipsis() -> None:
    assert fit_text("Boo, said the ghost, and vanished", 22, len) == "Boo, said the ghost…"


def test_closing_hashtags_stay_whole() -> None:
    text = "A long story about a pumpkin that wanted to be a lantern #spooky #art"
    assert fit_text(text, 40, len) == "A long story about a… #spooky #art"


def test_a_closing_link_stays_whole() -> None:
    text = "A long story about a pumpkin that wanted to be a lantern\n\nhttps://example.com/pumpkin"
    assert fit_text(text, 50, len) == "A long story about a…\n\nhttps://example.com/pumpkin"


def test_hashtags_give_way_before_the_text_does() -> None:
    text = "A long story about a pumpkin that wanted to be a lantern #spooky #halloween #pumpkins #lanterns"
    assert fit_text(text, 40, len) == "A long story about a… #spooky #halloween"


def test_hashtags_give_way_before_the_link_does() -> None:
    text = "A long story about a pumpkin that wanted to be light #spooky #halloween https://example.com/p"
    assert fit_text(text, 50, len) == "A long story about a… https://example.com/p"


def test_a_link_is_not_cut_in_two() -> None:
    assert fit_text("Look at https://example.com/a/long/path today", 30, len) == "Look at…"


@pytest.mark.parametrize("word", ["#halloween", "@somebody"])
def test_no_other_tag_and_no_other_person_is_left_behind(word: str) -> None:
    assert fit_text(f"Hi {word} and everybody else", 9, len) == "Hi…"


def test_a_family_of_emoji_is_not_torn_apart() -> None:
    assert fit_text(FAMILY * 3, 14, len) == f"{FAMILY}…"


def test_a_script_without_blanks_is_cut_between_characters() -> None:
    assert fit_text("今日はとても良い天気です", 11, weighted_length) == "今日はと…"


def test_the_networks_own_count_decides() -> None:
    text = "Read https://example.com/" + "a" * 200 + " and then tell everybody about it"
    assert weighted_length(fit_text(text, 40, weighted_length)) <= 40
    assert "a" * 200 in fit_text(text, 40, weighted_length)


def test_only_hashtags_may_use_all_the_room() -> None:
    assert fit_text("#one #two #three #four", 16, len) == "#one #two #three"


def test_a_link_that_does_not_fit_anywhere_leaves_an_ellipsis() -> None:
    assert fit_text("https://example.com/much/too/long", 10, len) == ELLIPSIS


def test_no_room_at_all_leaves_nothing() -> None:
    assert fit_text("Boo", 0, len) == ""


def test_a_hostile_text_takes_no_time() -> None:
    assert len(fit_text("https://a" + "#b" * 5000 + " end", 100, len)) <= 100
