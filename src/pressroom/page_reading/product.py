"""A product as a web page tells of it: one place's own words (`Facts`), and what all places together come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class Product(BaseModel):
    """A product, read from a page; empty where the page does not say."""

    model_config = ConfigDict(frozen=True)

    name: str
    url: str
    """Of the page."""
    price: Decimal | None = None
    """What is to be paid; of several prices the lowest. 0 is free."""
    currency: str = ""
    """ISO 4217: "EUR"."""
    original_price: Decimal | None = None
    """What it cost before; always more than `price`."""
    price_low: Decimal | None = None
    price_high: Decimal | None = None
    """Of a range; None for a single price, and where "from 10 €" is all that is said for the high one."""
    offer: str = ""
    """Of the two prices, such as "-20 %" or "Save €1.00", or else the page's own words."""
    brand: str = ""
    availability: str = ""
    """Such as "in stock", "out of stock", "pre-order"."""
    description: str = ""
    image_urls: tuple[str, ...] = ()
    """Absolute, the one that shows the product best first."""
    found_in: Mapping[str, str] = {}
    """Which part of the page told each field: `{"price": "JSON-LD"}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What a product costs, as one place says it; prices in one currency."""

    price: Decimal | None = None
    currency: str = ""
    original: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one part of a page says of its product; texts are clean and addresses absolute."""

    told_by: str
    """For people: "JSON-LD"."""
    is_product: bool = False
    """Whether it says that this is a product."""
    name: str = ""
    brand: str = ""
    description: str = ""
    availability: str = ""
    offer: str = ""
    money: Money = Money()
    image_urls: tuple[str, ...] = ()
