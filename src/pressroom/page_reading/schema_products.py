"""Which of the items of a page is its product, and what it says: name, brand, price, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pressroom.page_reading.clean_text import LONGEST_BRAND, LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_OFFER, clean
from pressroom.page_reading.currencies import places_of
from pressroom.page_reading.image_urls import usable
from pressroom.page_reading.items import Item
from pressroom.page_reading.page import Page, absolute
from pressroom.page_reading.product import Facts, Money
from pressroom.page_reading.schema_offers import MOST_SAID, availability_of, money_of, offers_of, together

MOST_ITEMS = 20_000
MOST_VARIANTS = 300
MOST_OFFERS_OF_VARIANTS = 500
"""Of all together; several may have the same ones, by reference."""
ABOUT_THE_PAGE = 4
PRODUCTS = ("Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts", "Vehicle", "Car", "Book")
_ASIDE = frozenset(
    {
        "isRelatedTo",
        "isSimilarTo",
        "isAccessoryOrSparePartFor",
        "isConsumableFor",
        "itemReviewed",
        "itemListElement",
        "review",
        "reviews",
        "hasVariant",
        "isVariantOf",
        "relatedTo",
        "recommendation",
        "itemOffered",
        "mentions",
        "hasPart",
        "subjectOf",
    }
)
"""Below these a product is not what the page is about; a variant is read with its group."""


def product_among(items: Iterable[Item], page: Page, titles: Iterable[str], told_by: str) -> Facts | None:
    """Return what the page's product says of itself; of several the one that the page's address or title names."""
    products = list(_products(items))
    if not products:
        return None
    urls = frozenset(_bare(url) for url in (page.url, page.canonical) if url)
    names = [title.casefold() for title in titles if title]
    fitness = [_fitness(item, is_aside, urls, names, page) for item, is_aside in products]
    best = fitness.index(max(fitness))
    # What only stands aside, such as a list of other products, is not what the page is about.
    return _facts(products[best][0], page, told_by) if fitness[best] >= ABOUT_THE_PAGE else None


def _products(items: Iterable[Item]) -> Iterator[tuple[Item, bool]]:
    """Yield every product, and whether it stands aside, without following items that hold each other in circles."""
    waiting = [(item, False) for item in items][::-1]
    seen: set[int] = set()
    while waiting and len(seen) < MOST_ITEMS:
        item, is_aside = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if item.is_a(PRODUCTS) and item.text("name", "title"):
            yield item, is_aside
        for name, values in item.properties.items():
            waiting.extend((value, is_aside or name in _ASIDE) for value in values[::-1] if isinstance(value, Item))


def _fitness(item: Item, is_aside: bool, urls: frozenset[str], names: list[str], page: Page) -> int:
    own = [*item.texts("url", "mainEntityOfPage")[:MOST_SAID], item.id]
    name = item.text("name").strip().casefold()
    return (
        (0 if is_aside else ABOUT_THE_PAGE)
        + ABOUT_THE_PAGE * any(_bare(absolute(page.base, url)) in urls for url in own if url)
        + ABOUT_THE_PAGE * (bool(name) and any(name in title or title in name for title in names))
        + 2 * bool(item.properties.get("offers") or item.properties.get("hasVariant"))
        + 1 * bool(item.properties.get("image"))
    )


def _facts(item: Item, page: Page, told_by: str) -> Facts:
    variants = list(_variants(item))
    chosen = next((variant for variant in variants if _is_at(variant, page)), None)
    group = next(iter(item.items("isVariantOf")), None)
    told = [one for one in (chosen, item, group) if one is not None]
    return Facts(
        told_by=told_by,
        is_product=True,
        name=_first(told, LONGEST_NAME, "name", "title"),
        brand=_first(told, LONGEST_BRAND, "brand", "manufacturer"),
        description=_first(told, LONGEST_DESCRIPTION, "description"),
        availability=next((said for one in [*told, *variants] if (said := availability_of(one))), ""),
        offer=_offer_words(told),
        money=_money(told, variants if chosen is None else [], page),
        image_urls=tuple(dict.fromkeys(url for one in [*told, *variants[:3]] for url in _images(one, page))),
    )


def _variants(item: Item) -> Iterator[Item]:
    left = MOST_OFFERS_OF_VARIANTS
    for variant in dict.fromkeys(item.items("hasVariant")[:MOST_VARIANTS]):
        yield variant
        left -= len(offers_of(variant))
        if left <= 0:
            return


def _money(told: list[Item], variants: list[Item], page: Page) -> Money:
    places = places_of(page.url, page.language)
    for item in told:
        money = money_of(item, places, lambda offer: _is_at(offer, page))
        if money.price is not None:
            return money
    return together(money_of(variant, places) for variant in variants)


def _is_at(variant: Item, page: Page) -> bool:
    """Say whether the page's address is the variant's: with its query, which is how shops tell variants apart."""
    offers = [text for offer in offers_of(variant) for text in offer.texts("url")[:MOST_SAID]]
    return any(absolute(page.base, url) == page.url for url in (*variant.texts("url")[:MOST_SAID], *offers) if url)


def _offer_words(told: list[Item]) -> str:
    offers = [offer for item in told for offer in offers_of(item)]
    own = {item.text("name").strip() for item in told}
    words = [clean(offer.text("name", "disambiguatingDescription"), LONGEST_OFFER) for offer in offers[:1]]
    return next((text for text in words if text and text not in own and any(c.isdigit() for c in text)), "")


def _first(told: list[Item], longest: int, *names: str) -> str:
    return next((text for item in told for said in item.texts(*names) if (text := clean(said, longest))), "")


def _images(item: Item, page: Page) -> Iterator[str]:
    for value in [*item.values("image"), *item.values("photo", "primaryImageOfPage")][:50]:
        said = value if isinstance(value, str) else value.text("contentUrl", "url", "thumbnailUrl") or value.id
        if url := usable(absolute(page.base, said)):
            yield url


def _bare(url: str) -> str:
    """Return an address without what does not change which page it is."""
    return url.partition("#")[0].partition("?")[0].rstrip("/").removeprefix("https:").removeprefix("http:")
