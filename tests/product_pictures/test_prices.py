"""Money as it is written where it is spent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.lettering.runs import is_drawable
from pressroom.product_pictures.prices import written_price, written_range, written_reduction


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        ("1299", "EUR", "", "1.299,00 €"),
        ("1299", "EUR", "de-DE", "1.299,00 €"),
        ("1299", "EUR", "fr", "1 299,00 €"),
        ("1299", "EUR", "nl", "€ 1.299,00"),
        ("1299", "EUR", "en-IE", "€1,299.00"),
        ("1299", "USD", "", "$1,299.00"),
        ("1299", "USD", "de", "1.299,00 $"),
        ("1299.5", "GBP", "", "£1,299.50"),
        ("12800", "JPY", "", "¥12,800"),
        ("12800", "JPY", "ja", "¥12,800"),
        ("29000", "KRW", "", "₩29,000"),
        ("1299", "SEK", "", "1 299 kr"),
        ("1299.5", "SEK", "", "1 299,50 kr"),
        ("1299", "DKK", "", "1.299 kr."),
        ("1299", "SEK", "en", "1,299.00 kr"),
        ("1299", "CHF", "", "CHF 1’299.00"),
        ("1299", "PLN", "", "1 299,00 zł"),
        ("129999", "INR", "", "₹1,29,999.00"),
        ("99", "CAD", "", "$99.00"),
        ("99", "CAD", "en", "CA$99.00"),
        ("99", "AUD", "en-AU", "$99.00"),
        ("1299", "BRL", "", "R$ 1.299,00"),
        ("249.9", "ILS", "", "249.90 ₪"),
        ("99", "XYZ", "", "XYZ 99.00"),
        ("99", "", "", "99.00"),
        ("0", "EUR", "", "0,00 €"),
        ("12.345", "KWD", "", "KWD 12.345"),
        ("0.5", "JPY", "", "¥0.50"),
        ("1234567.891", "EUR", "", "1.234.567,89 €"),
    ],
)
def test_amounts_are_written_as_at_home(amount: str, currency: str, language: str, written: str) -> None:
    shown = written_price(Decimal(amount), currency, language)
    assert shown.replace("\u00a0", " ").replace("\u202f", " ") == written
    assert " " not in shown, "a price never breaks into two lines"


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from(
        ["EUR", "USD", "JPY", "SEK", "CHF", "INR", "ILS", "BRL", "KWD", "VND", "UAH", "NGN", "PHP", "KZT", ""]
    ),
    st.sampled_from(["", "de", "fr", "en", "sv", "ja", "he", "xx", "pt-BR", "zz-ZZ"]),
)
def test_every_price_can_be_drawn_and_keeps_its_digits(amount: Decimal, currency: str, language: str) -> None:
    shown = written_price(amount, currency, language)
    assert is_drawable(shown)
    whole = str(int(amount))
    assert whole in "".join(one for one in shown if one.isdigit()) or currency in ("JPY", "VND")


def test_a_range_names_both_ends() -> None:
    assert written_range(Decimal(10), Decimal("24.5"), "USD") == "$10.00 – $24.50"


@pytest.mark.parametrize(
    ("price", "original", "language", "written"),
    [
        ("75", "100", "", "−25%"),
        ("75", "100", "de", "−25\u00a0%"),
        ("99.9", "100", "", ""),
        ("100", "100", "", ""),
        ("120", "100", "", ""),
        ("5", "0", "", ""),
        ("66.67", "100", "", "−33%"),
    ],
)
def test_a_reduction_is_in_whole_per_cent(price: str, original: str, language: str, written: str) -> None:
    assert written_reduction(Decimal(price), Decimal(original), language) == written
