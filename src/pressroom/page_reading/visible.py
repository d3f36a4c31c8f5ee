"""What a reader of the page sees: its heading, the price beside it, what is struck out, the pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from pressroom.page_reading.clean_text import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_OFFER, clean
from pressroom.page_reading.image_urls import MOST_IMAGES, addresses_of, usable
from pressroom.page_reading.meta_tags import Tags, without_site
from pressroom.page_reading.page import Page, absolute, text_of
from pressroom.page_reading.product import Facts
from pressroom.page_reading.visible_prices import offer_near, visible_money

MOST_PICTURES = 400
_NO_PRODUCT = re.compile(r"logo|icon|avatar|payment|flag|banner|rating|star|badge|captcha|qr[-_]?code", re.IGNORECASE)
_ELSEWHERE = frozenset({"header", "nav", "footer", "aside"})
_ASIDE = re.compile(r"related|recommend|similar|upsell|cross-?sell|recently|also-|footer|newsletter", re.IGNORECASE)
_GALLERY = re.compile(r"product|gallery|main-?image|hero|zoom|detail", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[|–—·•»-]\s+")


def visible(page: Page, tags: Tags) -> Facts:
    """Return what can be read without markup for programs. Pictures that show the product are a guess."""
    heading, name = _heading(page)
    money, price_element = visible_money(page, heading)
    return Facts(
        told_by="the visible text",
        name=name or title_of(page, tags),
        description=clean(next(iter(tags.get("description", ())), ""), LONGEST_DESCRIPTION),
        offer=clean(offer_near(price_element), LONGEST_OFFER) if price_element is not None else "",
        money=money,
        image_urls=tuple(_pictures(page)),
    )


def title_of(page: Page, tags: Tags) -> str:
    """Return the page's title without the name of the shop, as far as that can be told."""
    title = next((clean(text_of(element), LONGEST_NAME) for element in page.find("//title")[:1]), "")
    short = without_site(title, clean(next(iter(tags.get("og:site_name", ())), ""), LONGEST_NAME))
    parts = _SEPARATOR.split(short)
    if short == title and len(parts) > 1:
        host = _letters(urlsplit(page.url).hostname or "")
        is_shop = [bool(letters) and letters in host for letters in map(_letters, parts)]
        if is_shop[-1] != is_shop[0]:
            kept = parts[:-1] if is_shop[-1] else parts[1:]
            return " - ".join(kept)
    return short


def _heading(page: Page) -> tuple[Any, str]:
    for element in page.find("//h1")[:10]:
        alt = next((image.get("alt") for image in element.iter("img") if image.get("alt")), "")
        if _is_elsewhere(element, 4):
            continue
        if name := clean(text_of(element) or alt, LONGEST_NAME):
            return element, name
    return None, ""


def _pictures(page: Page) -> Iterator[str]:
    """Yield addresses: those of what looks like the product's gallery first."""
    first: list[str] = []
    others: list[str] = []
    for element in page.find("//link[@rel='image_src'][@href]")[:1]:
        first.append(usable(absolute(page.base, element.get("href"))))
    for element in page.find("//img")[:MOST_PICTURES]:
        words = " ".join(filter(None, (element.get(name) for name in ("class", "id", "alt", "src"))))
        if _NO_PRODUCT.search(words) or _is_elsewhere(element, 12):
            continue
        if url := next(addresses_of(element, page.base), ""):
            (first if _is_in_gallery(element) else others).append(url)
    yield from list(dict.fromkeys(url for url in (*first, *others) if url))[:MOST_IMAGES]


def _is_in_gallery(element: Any) -> bool:
    for level, one in enumerate((element, *element.iterancestors())):
        if level > 5 or one.tag == "body":
            return False
        if _GALLERY.search(_words(one)):
            return True
    return False


def _is_elsewhere(element: Any, levels: int) -> bool:
    """Say whether it stands in the page's frame, or among other products."""
    for level, one in enumerate(element.iterancestors()):
        if level > levels or one.tag == "body":
            return False
        if one.tag in _ELSEWHERE and not _GALLERY.search(_words(one)):
            return True
        if _ASIDE.search(_words(one)):
            return True
    return False


def _words(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
