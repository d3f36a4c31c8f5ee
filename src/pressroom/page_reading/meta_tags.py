"""What the meta tags of a page say of its product: Open Graph with its prices, and Twitter's cards."""

from __future__ import annotations

from collections.abc import Mapping

from pressroom.page_reading.clean_text import LONGEST_BRAND, LONGEST_DESCRIPTION, LONGEST_NAME, clean
from pressroom.page_reading.currencies import currency_of, places_of
from pressroom.page_reading.image_urls import usable
from pressroom.page_reading.page import Page, absolute
from pressroom.page_reading.prices import machine_amount, read_money
from pressroom.page_reading.product import Facts, Money
from pressroom.page_reading.schema_offers import availability

MOST_TAGS = 1_000
Tags = Mapping[str, list[str]]


def tags_of(page: Page) -> Tags:
    """Return the contents of all meta tags by their names in lower case, in the order of the page."""
    tags: dict[str, list[str]] = {}
    for element in page.find("//meta[@content][@property or @name]")[:MOST_TAGS]:
        name = (element.get("property") or element.get("name")).strip().lower()
        if content := element.get("content").strip():
            tags.setdefault(name, []).append(content)
    return tags


def open_graph(page: Page, tags: Tags) -> Facts:
    kind = _first(tags, "og:type").lower()
    site = _first(tags, "og:site_name")
    return Facts(
        told_by="Open Graph",
        is_product=kind.rpartition(":")[2].rpartition(".")[2] in ("product", "item", "book"),
        name=without_site(clean(_first(tags, "og:title"), LONGEST_NAME), clean(site, LONGEST_NAME)),
        brand=clean(_first(tags, "product:brand", "og:brand"), LONGEST_BRAND),
        description=clean(_first(tags, "og:description"), LONGEST_DESCRIPTION),
        availability=availability(_first(tags, "product:availability", "og:availability")),
        money=_money(page, tags),
        image_urls=_images(page, tags, "og:image:secure_url", "og:image", "og:image:url"),
    )


def twitter(page: Page, tags: Tags) -> Facts:
    return Facts(
        told_by="Twitter tags",
        is_product=_first(tags, "twitter:card").lower() == "product",
        name=clean(_first(tags, "twitter:title"), LONGEST_NAME),
        description=clean(_first(tags, "twitter:description"), LONGEST_DESCRIPTION),
        money=_labelled_price(page, tags),
        image_urls=_images(page, tags, "twitter:image", "twitter:image:src"),
    )


def without_site(title: str, site: str) -> str:
    """Return a title without the name of the shop at its end or its beginning."""
    if site and len(title) > len(site):
        for separator in ("|", "–", "—", "-", "·", "•", ":", "»", "@"):
            before, _, last = title.rpartition(separator)
            if before.strip() and last.strip().casefold() == site.casefold():
                return before.strip()
            first, _, after = title.partition(separator)
            if after.strip() and first.strip().casefold() == site.casefold():
                return after.strip()
    return title


def _money(page: Page, tags: Tags) -> Money:
    places = places_of(page.url, page.language)
    said = _first(tags, "product:sale_price:currency", "product:price:currency", "og:price:currency")
    currency = currency_of(said, places)
    usual = _first(tags, "product:price:amount", "og:price:amount", "product:price")
    sale = _first(tags, "product:sale_price:amount", "product:sale_price", "og:sale_price:amount")
    before = _first(tags, "product:original_price:amount", "og:price:standard_amount", "product:original_price")
    currency = currency or read_money(sale or usual, places).currency
    price = machine_amount(sale or usual, currency)
    original = machine_amount(before or (usual if sale else ""), currency)
    if price is None:
        return Money()
    return Money(price=price, currency=currency, original=original if original and original > price else None)


def _labelled_price(page: Page, tags: Tags) -> Money:
    for number in ("1", "2"):
        if "price" in _first(tags, f"twitter:label{number}").lower():
            return read_money(_first(tags, f"twitter:data{number}"), places_of(page.url, page.language))
    return Money()


def _images(page: Page, tags: Tags, *names: str) -> tuple[str, ...]:
    found = (usable(absolute(page.base, said)) for name in names for said in tags.get(name, ()))
    return tuple(dict.fromkeys(url for url in found if url))


def _first(tags: Tags, *names: str) -> str:
    return next((tags[name][0] for name in names if tags.get(name)), "")
