"""Reads the RDFa Lite of a page (`typeof`, `property`); what meta tags say for themselves is not taken for it."""

from __future__ import annotations

from typing import Any

from pressroom.page_reading.items import Item, local
from pressroom.page_reading.microdata import MOST_ELEMENTS, value_of
from pressroom.page_reading.page import Page, absolute

_OF_META_TAGS = frozenset({"og", "fb", "product", "article", "twitter", "al"})


def items_in_rdfa(page: Page) -> list[Item]:
    """Return every item that is no part of another one, in their order."""
    elements = page.find("//*[@typeof or @property]")[:MOST_ELEMENTS]
    items = {element: _item(element) for element in elements if element.get("typeof") is not None}
    for element in elements:
        names = [name for name in (element.get("property") or "").split()[:10] if _is_rdfa(name)]
        outer = next((items[found] for found in element.iterancestors() if found in items), None) if names else None
        if outer is None:
            continue
        inner = items.get(element)
        if inner is not None:
            inner.is_part = True
        for name in names:
            outer.add(name, inner if inner is not None else _value(element, page))
    return [item for item in items.values() if not item.is_part]


def _item(element: Any) -> Item:
    types = tuple(local(name) for name in (element.get("typeof") or "").split())
    return Item(types=types, id=(element.get("resource") or element.get("about") or "").strip())


def _is_rdfa(name: str) -> bool:
    prefix, colon, _ = name.partition(":")
    return not colon or prefix.lower() not in _OF_META_TAGS


def _value(element: Any, page: Page) -> str:
    if element.get("content") is None and (resource := element.get("resource")):
        return absolute(page.base, resource) or str(resource)
    return value_of(element, page)
