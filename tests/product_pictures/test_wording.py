"""A product's facts as words: what is told, in which direction, and what never gets through."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pressroom.product_pictures.wording import is_right_to_left, language_of, product_words


def test_a_reduced_price_stands_beside_the_one_before_with_a_badge() -> None:
    words = product_words("Mug", price=Decimal("24"), original=Decimal("32"), currency="EUR", language="en")
    assert (words.price, words.original, words.offer) == ("€24.00", "€32.00", "−25%")


def test_words_of_an_offer_are_kept_and_a_bare_percentage_is_written_anew() -> None:
    reduced = {"price": Decimal("75"), "original": Decimal("100"), "currency": "EUR", "language": "de"}
    assert product_words("Mug", offer="-20 %", **reduced).offer == "−25\u00a0%"  # type: ignore[arg-type]
    assert product_words("Mug", offer="Summer sale", **reduced).offer == "Summer sale"  # type: ignore[arg-type]


def test_without_a_price_there_is_neither_price_nor_reduction() -> None:
    words = product_words("Mug", original=Decimal("32"), currency="EUR")
    assert (words.price, words.original, words.offer) == ("", "", "")


def test_an_original_price_that_is_lower_is_none() -> None:
    assert product_words("Mug", price=Decimal(5), original=Decimal(4), currency="USD").original == ""


def test_a_range_is_told_with_both_ends() -> None:
    words = product_words("Mug", price=Decimal(5), high=Decimal(9), currency="USD")
    assert words.price == "$5.00 – $9.00"


def test_a_brand_that_begins_the_name_is_not_told_twice() -> None:
    assert product_words("Sony WH-1000XM5", brand="SONY").brand == ""
    assert product_words("WH-1000XM5", brand="Sony").brand == "Sony"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Mug \n\t Deluxe ", "Mug Deluxe"),
        ("Mug\u202egpj.exe", "Muggpj.exe"),
        ("Mug\x00\x07", "Mug"),
        ("Mug\ufeff \u2067x\u2069", "Mug x"),
    ],
)
def test_what_nobody_sees_and_what_turns_directions_is_left_out(given: str, shown: str) -> None:
    assert product_words(given).name == shown


def test_a_page_cannot_make_us_work_for_ever() -> None:
    assert len(product_words("long " * 10_000).name) <= 300


@pytest.mark.parametrize(
    ("text", "answer"),
    [("Mug", False), ("כוס", True), ("42 كوب", True), ("100% Mug כוס", False), ("", False), ("123", False)],
)
def test_the_first_letter_with_a_direction_decides(text: str, answer: bool) -> None:
    assert is_right_to_left(text) is answer


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("マグカップ", "ja"),
        ("陶器の器", "ja"),
        ("머그컵", "ko"),
        ("陶瓷咖啡杯", "zh-CN"),
        ("馬克杯個", "zh-TW"),
        ("Mug", ""),
    ],
)
def test_the_language_of_han_characters_is_read_from_what_stands_around_them(text: str, language: str) -> None:
    assert language_of(text) == language
