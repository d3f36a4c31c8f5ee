"""A product's web page: what it sells, read from its bytes. Fetching them is `pressroom.fetching`'s."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pressroom.errors import BadInput
from pressroom.page_reading.image_urls import MOST_IMAGES
from pressroom.page_reading.items import Item
from pressroom.page_reading.json_ld import items_in_json_ld
from pressroom.page_reading.meta_tags import open_graph, tags_of, twitter
from pressroom.page_reading.microdata import items_in_microdata
from pressroom.page_reading.offers import offer_words
from pressroom.page_reading.page import Page, read_page
from pressroom.page_reading.product import Facts, Money, Product
from pressroom.page_reading.rdfa import items_in_rdfa
from pressroom.page_reading.schema_products import product_among
from pressroom.page_reading.text_decoding import check_html
from pressroom.page_reading.visible import title_of, visible
from pressroom.web_addresses import shown


def read_product(html: bytes, url: str, charset_hint: str = "") -> Product:
    """Return the product that a page is about, merged from all that the page says of it.

    `url` is where the page was found in the end; `charset_hint` is what the server said. Each field is told by the
    first of JSON-LD, microdata, RDFa, Open Graph, Twitter tags and the visible text that has it. Nothing is fetched.
    Raises `BadInput` if there is no product.
    """
    place = shown(url)
    check_html(html, place)
    page = read_page(html, url, charset_hint)
    told = list(_facts(page))
    found_in: dict[str, str] = {}

    def text(field: str) -> str:
        for facts in told:
            if found := str(getattr(facts, field)):
                found_in[field] = facts.told_by
                return found
        return ""

    name, money = text("name"), _money(told, found_in)
    if not name or (money.price is None and not any(facts.is_product for facts in told)):
        raise _no_product(place, name)
    offer = offer_words(money.price, money.original, money.currency)
    if offer:
        found_in["offer"] = found_in["original_price"]
    return Product(
        name=name,
        url=url,
        price=money.price,
        currency=money.currency,
        original_price=money.original,
        price_low=money.low,
        price_high=money.high,
        offer=offer or text("offer"),
        brand=text("brand"),
        availability=text("availability"),
        description=text("description"),
        image_urls=_images(told, found_in),
        found_in=found_in,
    )


def _facts(page: Page) -> Iterable[Facts]:
    """Yield what each part of the page says, the surest first."""
    tags = tags_of(page)
    graph = open_graph(page, tags)
    seen = visible(page, tags)
    titles = (graph.name, seen.name, title_of(page, tags))
    parts: Sequence[tuple[str, Callable[[], list[Item]]]] = (
        ("JSON-LD", lambda: items_in_json_ld(page.json_ld)),
        ("microdata", lambda: items_in_microdata(page)),
        ("RDFa", lambda: items_in_rdfa(page)),
    )
    for told_by, items in parts:
        if facts := product_among(items(), page, titles, told_by):
            yield facts
    yield from (graph, twitter(page, tags), seen)


def _money(told: Sequence[Facts], found_in: dict[str, str]) -> Money:
    """Return what it costs: prices of one part of the page, and from the others only what fits to them."""
    priced = [facts for facts in told if facts.money.price is not None]
    # Shops leave 0 where a script sets the price later: it is free only if nobody says anything else.
    chosen = next((facts for facts in priced if facts.money.price), next(iter(priced), None))
    if chosen is None:
        return Money()
    money, found_in["price"] = chosen.money, chosen.told_by
    alike = [facts for facts in told if facts.money.currency and facts.money.price in (None, money.price)]
    for facts in [chosen, *alike] if not money.currency else [chosen]:
        if facts.money.currency:
            money, found_in["currency"] = replace(money, currency=facts.money.currency), facts.told_by
            break
    for facts in (chosen, *priced):
        other = facts.money
        fits = other.price == money.price and other.currency in ("", money.currency)
        if fits and other.original is not None:
            found_in["original_price"] = facts.told_by
            return replace(money, original=other.original)
    return money


def _images(told: Iterable[Facts], found_in: dict[str, str]) -> tuple[str, ...]:
    urls: dict[str, None] = {}
    for facts in told:
        if facts.image_urls:
            found_in.setdefault("image_urls", facts.told_by)
            urls |= dict.fromkeys(facts.image_urls)
    return tuple(urls)[:MOST_IMAGES]


def _no_product(place: str, name: str) -> BadInput:
    found = f"only a name ({name!r}), which any page has" if name else "not even a heading"
    return BadInput(
        f"No product was found at {place}: it has {found}.",
        where=place,
        todo="Give the address of one product's own page, or name, price and picture by hand.",
        detail="Looked for JSON-LD, microdata and RDFa of a product, Open Graph and Twitter tags with a price, and a "
        "price beside the heading.",
    )
