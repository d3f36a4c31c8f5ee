"""What an item of schema.org costs: offers, offers of several sellers, price specifications, variants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from pressroom.page_reading.currencies import currency_of
from pressroom.page_reading.items import Item, local
from pressroom.page_reading.prices import machine_amount, read_money
from pressroom.page_reading.product import Money

MOST_OFFERS = 100
MOST_SAID = 3
"""Texts of one property that are tried: shops write one."""
_BEFORE = frozenset({"listprice", "strikethroughprice", "srp", "msrp", "rrp", "regularprice", "originalprice"})
# schema.org/availability, 2026-11-20; and how shops write it for Open Graph
_AVAILABILITY = {
    "instock": "in stock",
    "outofstock": "out of stock",
    "oos": "out of stock",
    "soldout": "sold out",
    "preorder": "pre-order",
    "presale": "pre-order",
    "availablefororder": "available for order",
    "backorder": "back order",
    "discontinued": "discontinued",
    "limitedavailability": "limited availability",
    "onlineonly": "online only",
    "instoreonly": "in store only",
    "madetoorder": "made to order",
    "reserved": "reserved",
    "pending": "pending",
}


def offers_of(item: Item) -> list[Item]:
    """Return the offers of an item, without those that only gather others."""
    found: dict[Item, None] = {}
    for offer in dict.fromkeys(item.items("offers", "offer")[:MOST_OFFERS]):
        found |= dict.fromkeys(offer.items("offers", "offer") if offer.is_a(["AggregateOffer"]) else [offer])
        if len(found) >= MOST_OFFERS:
            break
    return list(found)[:MOST_OFFERS]


def money_of(item: Item, places: tuple[str, ...], is_at_page: Callable[[Item], bool] = lambda _: False) -> Money:
    """Return what an item costs: as the offer says that is at the page's address, or else all of them together."""
    aggregates = [offer for offer in item.items("offers", "offer") if offer.is_a(["AggregateOffer"])]
    single = [(offer, money) for offer in offers_of(item) if (money := _of_offer(offer, places)).price is not None]
    for offer, money in single:
        if len(single) > 1 and is_at_page(offer):
            return money
    for aggregate in aggregates[:MOST_OFFERS]:
        money = _of_aggregate(aggregate, places)
        if money.price is not None:
            # The offers that it gathers may know what it cost before.
            original = next((one.original for _, one in single if one.price == money.price and one.original), None)
            return _sane(replace(money, original=money.original or original))
    if not single:
        return _sane(_of_offer(item, places)) if item.properties.get("price") else Money()
    return together(_available_first(single))


def together(several: Iterable[Money]) -> Money:
    """Return what several prices come to: the lowest, and the range; only those in the currency of the first."""
    several = [money for money in several if money.price is not None]
    if not several:
        return Money()
    code = several[0].currency
    same = [money for money in several if money.currency == code]
    lows = [money.low if money.low is not None else money.price for money in same]
    highs = [money.high if money.high is not None else money.price for money in same]
    low = min(price for price in lows if price is not None)
    high = max(price for price in highs if price is not None)
    if low == high:
        return next(money for money in same if money.price == low)
    original = next((money.original for money in same if money.price == low), None)
    return _sane(Money(price=low, currency=code, original=original, low=low, high=high))


def availability_of(item: Item) -> str:
    said = [
        availability(text)
        for offer in [*offers_of(item), *item.items("offers")[:MOST_OFFERS], item]
        for text in offer.texts("availability")[:MOST_SAID]
    ]
    said = [text for text in said if text]
    return "in stock" if "in stock" in said else next(iter(said), "")


def availability(text: str) -> str:
    """Return the words for an availability, whether it is schema.org's or a shop's own; empty for unknown ones."""
    return _AVAILABILITY.get("".join(c for c in local(text).lower() if c.isalpha()), "")


def _available_first(single: list[tuple[Item, Money]]) -> Iterator[Money]:
    """Yield what can be bought, if anything can: what is sold out sets no price."""
    gone = {"out of stock", "sold out", "discontinued"}
    available = [money for offer, money in single if availability(offer.text("availability")) not in gone]
    yield from available or [money for _, money in single]


def _of_aggregate(offer: Item, places: tuple[str, ...]) -> Money:
    code = _currency(offer, places)
    low = _amount(offer, code, "lowPrice", "price")
    high = _amount(offer, code, "highPrice")
    if low is None:
        return Money()
    if high is None or high <= low:
        return Money(price=low, currency=code)
    return Money(price=low, currency=code, low=low, high=high)


def _of_offer(offer: Item, places: tuple[str, ...]) -> Money:
    code = _currency(offer, places)
    price = _amount(offer, code, "price")
    original = low = high = None
    for specification in offer.items("priceSpecification")[:MOST_OFFERS]:
        if specification.properties.get("referenceQuantity") or specification.properties.get("validForMemberTier"):
            continue  # a price for 100 g, or for members
        said = _amount(specification, code or _currency(specification, places), "price", "minPrice")
        code = code or _currency(specification, places)
        if local(specification.text("priceType")).lower() in _BEFORE:
            original = original or said
        elif price is None:
            price = said
            low, high = _amount(specification, code, "minPrice"), _amount(specification, code, "maxPrice")
    original = original or _amount(offer, code, "listPrice", "highPrice", "originalPrice", "regularPrice")
    if price is None:
        for text in offer.texts("price")[:1]:
            return read_money(text, places, code)
        return Money()
    is_range = low is not None and high is not None and low < high
    return _sane(
        Money(
            price=price,
            currency=code,
            original=original,
            low=low if is_range else None,
            high=high if is_range else None,
        )
    )


def _sane(money: Money) -> Money:
    """Leave out what was cheaper before, or as cheap."""
    if money.original is not None and (money.price is None or money.original <= money.price):
        return replace(money, original=None)
    return money


def _currency(item: Item, places: tuple[str, ...]) -> str:
    for text in item.texts("priceCurrency", "currency")[:MOST_SAID]:
        if code := currency_of(text, places):
            return code
    return next(
        (code for text in item.texts("price")[:MOST_SAID] for code in [read_money(text, places).currency] if code), ""
    )


def _amount(item: Item, currency: str, *names: str) -> Decimal | None:
    for text in item.texts(*names)[:MOST_SAID]:
        if (amount := machine_amount(text, currency)) is not None:
            return amount
    return None
