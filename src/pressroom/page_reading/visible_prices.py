"""Finds the price that stands beside a page's heading, and what it was before, where no markup says which is which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pressroom.page_reading.currencies import places_of
from pressroom.page_reading.page import Page
from pressroom.page_reading.prices import read_money, read_prices
from pressroom.page_reading.product import Money

MOST_CANDIDATES = 400
MOST_TEXTS = 400
LONGEST_PRICE = 120
"""Characters; a longer text that has a price is about something else."""
_READ_NODES = 200
_STRUCK = frozenset({"del", "s", "strike"})
_BEFORE = re.compile(
    r"(?:^|[\s_-])(?:old|was|before|original|regular|list|strike|striked|strikethrough|crossed|compare|compare-at|msrp|rrp|uvp"
    r"|previous|line-through)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"shipping|delivery|saving|discount|coupon|related|recommend|similar|upsell|cross-?sell|carousel|mini-?cart|basket"
    r"|footer|unit-?price|per-?unit|base-?price|install?ment|monthly|loyalty|points|newsletter|tier|deposit",
    re.IGNORECASE,
)
_OFFER = re.compile(r"discount|badge|sav(?:e|ing)|promo|offer|sale|deal|label", re.IGNORECASE)
_ATTRIBUTES = ("class", "id", "data-testid", "data-test", "data-qa", "data-role", "name")
_HINTS = " or ".join(f"contains(translate(@{name}, 'PRICE', 'price'), 'price')" for name in _ATTRIBUTES)


def visible_money(page: Page, heading: Any) -> tuple[Money, Any]:
    """Return what the page shows as its price, and the element that shows it; None without one."""
    places = places_of(page.url, page.language)
    found = page.find(f"//h1 | //*[{_HINTS}]")
    start = found.index(heading) if heading is not None and heading in found else 0
    for element in [*found[start:], *found[:start]][:MOST_CANDIDATES]:
        if element.tag == "h1" or _is_another(element):
            continue
        money = _money_of(element, places)
        if money.price is not None:
            return money, element
    return (_after(heading, places), heading) if heading is not None else (Money(), None)


def offer_near(element: Any) -> str:
    """Return the page's own words for an offer, such as "20% off", that stand close to the price."""
    around = element
    for _ in range(3):
        if around.getparent() is None or around.getparent().tag in ("body", "html"):
            break
        around = around.getparent()
        for number, one in enumerate(around.iter()):
            if number > _READ_NODES:
                break
            if _OFFER.search(f"{one.get('class') or ''} {one.get('id') or ''}"):
                text = " ".join(_text(one, with_struck=True).split())
                if 2 <= len(text) <= 40 and re.search(r"\d\s*%|%\s*\d", text):
                    return text
    return ""


def _money_of(element: Any, places: tuple[str, ...]) -> Money:
    text = _text(element, with_struck=False)
    if len(text) > LONGEST_PRICE:
        return Money()
    money = read_money(text, places)
    if money.price is None or (not money.currency and money.price != 0):
        return Money()
    original = _before(element, money, places)
    return Money(price=money.price, currency=money.currency, original=original, low=money.low, high=money.high)


def _before(element: Any, money: Money, places: tuple[str, ...]) -> Decimal | None:
    """Return the struck price within the element, or else beside it."""
    around = [element]
    while len(around) < 3 and (outer := around[-1].getparent()) is not None and outer.tag not in ("body", "main"):
        around.append(outer)
    for one in around:
        for number, part in enumerate(one.iter()):
            if number > _READ_NODES:
                break
            if _is_struck(part):
                for price in read_prices(_text(part, with_struck=True)[:LONGEST_PRICE], places, money.currency):
                    if money.price is not None and price.currency == money.currency and price.amount > money.price:
                        return price.amount
    return None


def _after(heading: Any, places: tuple[str, ...]) -> Money:
    """Return the first price with a sign in the texts that follow a heading."""
    texts = heading.xpath(f"following::text()[normalize-space()][position() <= {MOST_TEXTS}]")
    for text in texts:
        parent = text.getparent()
        owner = parent.getparent() if text.is_tail and parent is not None else parent
        if len(text) > LONGEST_PRICE or owner is None or _is_struck(owner) or _is_another(owner):
            continue
        prices = [price for price in read_prices(str(text), places) if price.is_sure and price.currency]
        if prices:
            money = read_money(str(text), places)
            return Money(
                price=money.price,
                currency=money.currency,
                original=_before(owner, money, places),
                low=money.low,
                high=money.high,
            )
    return Money()


def _is_another(element: Any) -> bool:
    """Say whether a price is not the product's: what it was before, shipping, or another product's."""
    if _is_struck(element):
        return True
    for level, one in enumerate((element, *element.iterancestors())):
        if level > 6 or one.tag in ("body", "main"):
            return False
        if one.tag in (*_STRUCK, "footer", "nav") or _ANOTHER.search(_words(one)):
            return True
    return False


def _is_struck(element: Any) -> bool:
    style = (element.get("style") or "").lower()
    return element.tag in _STRUCK or "line-through" in style or bool(_BEFORE.search(_words(element)))


def _words(element: Any) -> str:
    return " ".join(filter(None, (element.get(name) for name in _ATTRIBUTES)))


def _text(element: Any, *, with_struck: bool) -> str:
    return "".join(_texts(element, with_struck=with_struck))[: LONGEST_PRICE * 4]


def _texts(element: Any, *, with_struck: bool) -> Iterator[str]:
    from lxml import etree

    skipped = None
    for number, (event, node) in enumerate(etree.iterwalk(element, events=("start", "end"))):
        if number > 2 * _READ_NODES:
            return
        if skipped is None and event == "start":
            if node is not element and not with_struck and _is_struck(node):
                skipped = node
            else:
                yield node.text or ""
        elif event == "end":
            skipped = None if skipped is node else skipped
            if skipped is None and node is not element:
                yield f" {node.tail or ''}" if node.tag in ("div", "p", "li", "br", "ins") else node.tail or ""
