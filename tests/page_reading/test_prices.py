"""Prices as people and programs write them, in any locale."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.page_reading.currencies import CODES, currency_of, digits_of, places_of, written
from pressroom.page_reading.offers import offer_words
from pressroom.page_reading.prices import HIGHEST, amount_of, machine_amount, read_money, read_prices
from pressroom.page_reading.product import Money

WRITTEN = [
    ("1.299,00 €", "1299.00", "EUR"),
    ("1,299.00", "1299.00", ""),
    ("1 299,00 kr", "1299.00", "SEK"),
    ("1\u202f299,00 €", "1299.00", "EUR"),
    ("1\u00a0234\u00a0567,89 Kč", "1234567.89", "CZK"),
    ("¥12,800", "12800", "JPY"),
    ("￥1,200 (税込)", "1200", "JPY"),
    ("1,200円", "1200", "JPY"),
    ("₹1,29,999", "129999.00", "INR"),
    ("Rs. 1,499", "1499.00", "INR"),
    ("CHF 1'299.–", "1299.00", "CHF"),
    ("1’299.50 CHF", "1299.50", "CHF"),
    ("Fr. 12.-", "12.00", "CHF"),
    ("€ 12,-", "12.00", "EUR"),
    ("12,50", "12.50", ""),
    ("12.50", "12.50", ""),
    ("1,5 €", "1.50", "EUR"),
    ("35€99", "35.99", "EUR"),
    ("US$ 1,234.56", "1234.56", "USD"),
    ("USD12.99", "12.99", "USD"),
    ("12.99EUR", "12.99", "EUR"),
    ("$.75", "0.75", "USD"),
    ("0.500 $", "0.50", "USD"),
    ("NT$ 1,200", "1200.00", "TWD"),
    ("R$ 1.234,56", "1234.56", "BRL"),
    ("1.299.000 ₫", "1299000", "VND"),
    ("19 990 ₽", "19990.00", "RUB"),
    ("99,90 zł", "99.90", "PLN"),
    ("3.500 KWD", "3.500", "KWD"),
    ("١٢٣٫٤٥ ر.س", "123.45", "SAR"),
    ("2.499 €*", "2499.00", "EUR"),
    ("-20% $15", "15.00", "USD"),
    ("XPS13 999 €", "999.00", "EUR"),
    ("500 ml 12,99 €", "12.99", "EUR"),
    ("12.99 € / 100 g", "12.99", "EUR"),
    ("Lamp - 5 €", "5.00", "EUR"),
    ("Price: 20", "20.00", ""),
    ("$20 $15", "20.00", "USD"),
    ("1.234.567,89", "1234567.89", ""),
    ("1,234,567.89", "1234567.89", ""),
    ("€0", "0.00", "EUR"),
    ("Free", "0.00", ""),
    ("kostenlos!", "0.00", ""),
    ("無料", "0.00", ""),
]


@pytest.mark.parametrize(("text", "amount", "currency"), WRITTEN)
def test_a_price_is_read_in_any_locale(text: str, amount: str, currency: str) -> None:
    money = read_money(text, ("se",))
    assert (str(money.price), money.currency) == (amount, currency)


@pytest.mark.parametrize(
    "text", ["", "20 %", "save 20%", "12:30", "-5 €", "(−5 €)", "call us", "€", "free shipping", "no"]
)
def test_what_is_no_price_is_not_read_as_one(text: str) -> None:
    assert read_money(text).price is None


RANGES = [
    ("$10 - $20", "10.00", "20.00", "USD"),
    ("$10–20", "10.00", "20.00", "USD"),
    ("10–20 €", "10.00", "20.00", "EUR"),
    ("19,90 € bis 29,90 €", "19.90", "29.90", "EUR"),
    ("¥1,000～¥2,000", "1000", "2000", "JPY"),
    ("From $1,000 to $2,000", "1000.00", "2000.00", "USD"),
    ("From $10", "10.00", None, "USD"),
    ("ab 19,99 €", "19.99", None, "EUR"),
    ("À partir de 5 €", "5.00", None, "EUR"),
    ("¥100起", "100", None, "JPY"),
]


@pytest.mark.parametrize(("text", "low", "high", "currency"), RANGES)
def test_a_range_has_two_ends_and_costs_the_lower(text: str, low: str, high: str | None, currency: str) -> None:
    expected = Money(price=Decimal(low), currency=currency, low=Decimal(low), high=Decimal(high) if high else None)
    assert read_money(text) == expected


@pytest.mark.parametrize("text", ["$20 - $10", "$10 - 20 €", "$10, $20"])
def test_two_prices_that_are_no_range_are_the_first_of_them(text: str) -> None:
    assert read_money(text).high is None


def test_every_price_of_a_text_is_found_in_its_order() -> None:
    assert [price.amount for price in read_prices("was 25,00 €, now 20,00 €, you save 5")] == [25, 20]


# One writing of an amount in a locale: what groups thousands, what begins the decimals
LOCALES = st.sampled_from(
    [(",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ","), ("'", "."), ("’", "."), ("", "."), ("", ",")]
)
AMOUNTS = st.decimals(min_value=0, max_value=HIGHEST - 1, places=2)
SIGNS = st.sampled_from(["€{}", "{} €", "{}€", "€ {}", "EUR {}", "{} EUR", "Preis: {} €*", "<{} €>", "Jetzt nur {} €!"])


def in_locale(amount: Decimal, grouping: str, point: str) -> str:
    whole, cents = f"{amount:,.2f}".split(".")
    return f"{whole.replace(',', grouping)}{point}{cents}"


@settings(deadline=None)
@given(AMOUNTS, LOCALES, SIGNS)
def test_any_amount_is_read_back_from_any_locale(amount: Decimal, locale: tuple[str, str], sign: str) -> None:
    money = read_money(sign.format(in_locale(amount, *locale)))
    assert (money.price, money.currency) == (amount, "EUR")


@settings(deadline=None)
@given(
    st.integers(0, 10**11), st.sampled_from([",", ".", " ", "\u202f", "'"]), st.sampled_from(["¥{}", "{}円", "JPY {}"])
)
def test_any_whole_amount_is_read_back_from_any_locale(amount: int, grouping: str, sign: str) -> None:
    money = read_money(sign.format(f"{amount:,}".replace(",", grouping)))
    assert (money.price, money.currency) == (Decimal(amount), "JPY")


@settings(deadline=None)
@given(st.integers(0, 10**9))
def test_lakhs_and_crores_are_read_back(amount: int) -> None:
    head, tail = divmod(amount, 1000)
    groups: list[str] = []
    while head:
        head, rest = divmod(head, 100)
        groups.insert(0, f"{rest:02d}" if head else str(rest))
    text = ",".join([*groups, f"{tail:03d}"]) if groups else str(tail)
    assert read_money(f"₹{text}").price == amount


@settings(deadline=None)
@given(AMOUNTS)
def test_what_a_program_writes_is_read_back(amount: Decimal) -> None:
    assert machine_amount(str(amount), "EUR") == amount
    assert machine_amount(f"{amount}0000", "EUR") == amount


@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from(["", "EUR", "JPY", "KWD"]))
def test_no_text_breaks_the_reading(text: str, currency: str) -> None:
    for price in read_prices(text, ("ca",), currency):
        assert 0 <= price.amount < HIGHEST
        assert price.currency in CODES | {""}
    machine_amount(text, currency)
    read_money(text)


@settings(deadline=None)
@given(st.text(alphabet="0123456789.,' €$%-–:", max_size=300))
def test_no_row_of_digits_and_signs_breaks_the_reading(text: str) -> None:
    for price in read_prices(text):
        assert 0 <= price.amount < HIGHEST


@pytest.mark.parametrize(
    ("number", "currency", "expected"),
    [
        ("12.800", "", 12800),
        ("12.800", "KWD", Decimal("12.8")),
        ("1.299.99", "", 129999),
        ("", "", None),
        ("9" * 40, "", None),
    ],
)
def test_three_digits_after_a_separator_are_thousands_but_where_they_are_not(
    number: str, currency: str, expected: Any
) -> None:
    assert amount_of(number, currency) == expected


@pytest.mark.parametrize(
    ("sign", "url", "language", "currency"),
    [
        ("$", "https://shop.com/", "en", "USD"),
        ("$", "https://shop.ca/", "fr", "CAD"),
        ("$", "https://shop.com/", "en-AU", "AUD"),
        ("$", "https://shop.com.mx/", "es", "MXN"),
        ("kr", "https://shop.no/", "", "NOK"),
        ("kr", "https://shop.com/", "da", "DKK"),
        ("kr", "https://shop.com/", "en", ""),
        ("¥", "https://shop.com/", "zh", "CNY"),
        ("¥", "https://shop.com/", "ja", "JPY"),
        ("¥", "https://shop.cn/", "", "CNY"),
        ("R", "https://shop.co.za/", "", "ZAR"),
        ("usd", "https://shop.ca/", "", "USD"),
        ("XYZ", "https://shop.com/", "en", ""),
        ("", "", "", ""),
    ],
)
def test_a_sign_means_the_currency_of_the_place(sign: str, url: str, language: str, currency: str) -> None:
    assert currency_of(sign, places_of(url, language)) == currency


def test_currencies_have_as_many_digits_as_people_pay_with() -> None:
    assert (digits_of("JPY"), digits_of("EUR"), digits_of("KWD"), digits_of("")) == (0, 2, 3, 2)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [("1234.5", "EUR", "€1,234.50"), ("1234", "SEK", "1,234.00 SEK"), ("1234", "JPY", "¥1,234"), ("5", "", "5.00")],
)
def test_an_amount_is_written_for_people(amount: str, currency: str, text: str) -> None:
    assert written(Decimal(amount), currency) == text


@settings(deadline=None)
@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2))
def test_an_offer_never_says_more_than_is_saved(price: Decimal, original: Decimal) -> None:
    words = offer_words(price, original, "EUR")
    assert bool(words) == (original > price)
    if words.startswith("-"):
        percent = Decimal(words.removeprefix("-").removesuffix(" %"))
        assert 5 <= percent <= (original - price) / original * 100 < percent + 1


@pytest.mark.parametrize(
    ("price", "original"), [(None, None), (Decimal(5), None), (None, Decimal(5)), (Decimal(5), Decimal(5))]
)
def test_without_two_prices_there_is_no_offer(price: Decimal | None, original: Decimal | None) -> None:
    assert offer_words(price, original, "EUR") == ""
