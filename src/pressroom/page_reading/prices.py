"""Reads prices as people and programs write them, in any locale. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise

from pressroom.page_reading.currencies import currency_of, digits_of, rounded, sign_pattern
from pressroom.page_reading.product import Money

HIGHEST = Decimal(10) ** 12
LONGEST_TEXT = 300
_SPACES = "\u0020\u00a0\u2007\u2009\u202f"
_NUMBER = rf"(?:\d+(?:[.,'’٫٬]\d+|[{_SPACES}]\d{{3}}(?!\d))*|\.\d\d)"
_ENDING = r"(?:[.,]\s?(?:[-–—]{1,2}|\u2013))?"
"""As in 1'299.– and 12,-"""
_RANGE = re.compile(r"\s*(?:[-–—~〜～]|\b(?:to|bis|à|a|al|до|tot|til|till|do)\b|至)\s*", re.IGNORECASE)
_FROM = re.compile(
    r"\b(?:from|starting at|as low as|ab|dès|à partir de|desde|da|a partire da|a partir de|van|vanaf|fra|från|od|от)\b"
    "|起",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"^\W*(?:free|for free|gratis|kostenlos|umsonst|gratuit|gratuito|grátis|darmo|бесплатно|ücretsiz|免费|無料|무료)"
    r"\W*$",
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?:^|[\s(])[-–−]$")
_MACHINE = re.compile(r"\d{1,15}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Price:
    amount: Decimal
    currency: str
    """ISO 4217; empty if it is not said."""
    start: int
    end: int
    """Where it stands in the text."""
    is_sure: bool = True
    """Whether a sign or a code says that it is a price."""


def read_prices(text: str, places: tuple[str, ...] = (), currency: str = "") -> list[Price]:
    """Return every price of a text, in its order; numbers without a currency only if there are no others.

    `currency` is what is known beforehand; a sign in the text is surer. Percentages are no prices.
    """
    text = text[:LONGEST_TEXT]
    if _FREE.match(text):
        return [Price(rounded(Decimal(0), currency), currency, 0, len(text))]
    found = _all(text, places, currency)
    is_any_sure = any(price.is_sure for price in found)
    return [price for price in _with_shared_signs(text, found) if price.is_sure or not is_any_sure]


def read_money(text: str, places: tuple[str, ...] = (), currency: str = "") -> Money:
    """Return what a text says something costs: one price, a range (`$10 - $20`), or the lowest (`from 10 €`)."""
    text = text[:LONGEST_TEXT]
    prices = read_prices(text, places, currency)
    if not prices:
        return Money(currency=currency)
    first, code = prices[0], prices[0].currency
    if len(prices) > 1 and _RANGE.fullmatch(text[first.end : prices[1].start]):
        high = prices[1].amount
        if high > first.amount and prices[1].currency == code:
            return Money(price=first.amount, currency=code, low=first.amount, high=high)
    low = (
        first.amount
        if _FROM.search(text[: first.start]) or text[first.end :].lstrip()[:1] in ("起", "~", "～")
        else None
    )
    return Money(price=first.amount, currency=code, low=low)


def amount_of(number: str, currency: str = "") -> Decimal | None:
    """Return the amount that a number written for people means; None if it is none."""
    from price_parser.parser import parse_number

    number = re.sub(rf"[{_SPACES}'’٬]", "", number).replace("٫", ".")
    separators = re.findall(r"[.,]", number)
    decimal = None
    if separators and len(number.rpartition(separators[-1])[2]) == 3:
        # Three digits after the only separator: a thousand, but for currencies with three, and for 0.500.
        is_single = separators.count(separators[-1]) == 1
        is_small = is_single and (digits_of(currency) == 3 or number.startswith("0"))
        if is_small or (is_single and len(set(separators)) == 2):
            decimal = separators[-1]
    elif len(separators) > 1 and separators.count(separators[-1]) > 1:
        return _bounded(parse_number(re.sub(r"[.,]", "", number)), currency)
    return _bounded(parse_number(number, decimal), currency)


def machine_amount(text: str, currency: str = "") -> Decimal | None:
    """Return the amount of a value that a program wrote, such as "1299.00"; written for people it is read so."""
    text = text.strip()[:LONGEST_TEXT]
    if _MACHINE.fullmatch(text):
        tail = text.partition(".")[2]
        if len(tail) == 3 and digits_of(currency) == 0:
            return amount_of(text, currency)  # no yen has thousandths: 12.800 are twelve thousand
        try:
            return _bounded(Decimal(text), currency)
        except InvalidOperation:
            return None
    prices = read_prices(text, currency=currency)
    return prices[0].amount if prices else None


def _bounded(amount: Decimal | None, currency: str) -> Decimal | None:
    if amount is None or not amount.is_finite() or not 0 <= amount < HIGHEST:
        return None
    return rounded(amount, currency)


def _all(text: str, places: tuple[str, ...], currency: str) -> list[Price]:
    found = []
    for match in _price().finditer(text):
        said = match["before"] or match["euro"] or match["after"] or ""
        code = currency_of(said, places) or currency
        amount = amount_of(f"{match['number']}.{match['cents']}" if match["cents"] else match["number"], code)
        if amount is not None and not _MINUS.search(text[: match.start()]):
            found.append(Price(amount, code, match.start(), match.end(), bool(said)))
    return found


def _with_shared_signs(text: str, found: list[Price]) -> list[Price]:
    """Give the currency of a range to that end of it which has none: 10–20 €, $10–20."""
    shared = list(found)
    for place, (low, high) in enumerate(pairwise(found)):
        if low.is_sure != high.is_sure and _RANGE.fullmatch(text[low.end : high.start]):
            code = low.currency or high.currency
            shared[place], shared[place + 1] = (replace(end, currency=code, is_sure=True) for end in (low, high))
    return shared


@cache
def _price() -> re.Pattern[str]:
    signs = sign_pattern()
    space = rf"[{_SPACES}]*"
    return re.compile(
        rf"(?:(?P<before>{signs}){space}|(?<![\w.,:]))(?P<number>{_NUMBER}){_ENDING}(?![\d:]|{space}%)"
        rf"(?:{space}(?P<euro>€)(?P<cents>\d\d)(?!\d)|{space}(?P<after>{signs}))?",
        re.IGNORECASE,
    )
