"""Reads the microdata of a page (`itemscope`, `itemprop`, `itemref`), as the HTML standard has it."""

from __future__ import annotations

from typing import Any

from pressroom.page_reading.items import Item, local
from pressroom.page_reading.page import Page, absolute, text_of

MOST_ELEMENTS = 5_000
MOST_REFERENCES = 50
_MOST_REFERRED = 500
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original")


def items_in_microdata(page: Page) -> list[Item]:
    """Return every item that is no part of another one, in their order."""
    elements = page.find("//*[@itemscope or @itemprop]")[:MOST_ELEMENTS]
    items = {element: _item(element, page) for element in elements if element.get("itemscope") is not None}
    for element in elements:
        if names := (element.get("itemprop") or "").split():
            scope = _scope_of(element)
            if scope is not None and scope in items:
                _add(items[scope], names, element, items, page)
    referring = [(item, id) for one, item in items.items() for id in (one.get("itemref") or "").split()]
    by_id = {one.get("id"): one for one in page.find("//*[@id]")[::-1]} if referring else {}
    for item, id in referring[:MOST_REFERENCES]:
        if id in by_id:
            _add_referred(item, by_id[id], items, page)
    return [item for item in items.values() if not item.is_part]


def value_of(element: Any, page: Page) -> str:
    """Return what an element says: its content, its address, its machine-readable value, or its text."""
    tag = element.tag
    if (content := element.get("content")) is not None:
        return str(content)
    if tag in ("img", "source", "video", "audio", "embed"):
        return next((found for name in _SOURCES if (found := absolute(page.base, element.get(name)))), "")
    if tag in ("a", "area", "link"):
        return absolute(page.base, element.get("href")) or str(element.get("href") or "")
    for name in {"data": ("value",), "meter": ("value",), "time": ("datetime",)}.get(tag, ()):
        if element.get(name) is not None:
            return str(element.get(name))
    return text_of(element)


def _item(element: Any, page: Page) -> Item:
    types = tuple(local(name) for name in (element.get("itemtype") or "").split())
    return Item(types=types, id=(element.get("itemid") or "").strip())


def _scope_of(element: Any) -> Any:
    return next((found for found in element.iterancestors() if found.get("itemscope") is not None), None)


def _add(item: Item, names: list[str], element: Any, items: dict[Any, Item], page: Page) -> None:
    inner = items.get(element)
    if inner is item:
        return
    if inner is not None:
        inner.is_part = True
    value = inner if inner is not None else value_of(element, page)
    for name in names[:10]:
        item.add(name, value)


def _add_referred(item: Item, referred: Any, items: dict[Any, Item], page: Page) -> None:
    outer = _scope_of(referred)
    for element in referred.xpath(f"descendant-or-self::*[@itemprop][position() <= {_MOST_REFERRED}]"):
        if _scope_of(element) is outer:
            _add(item, (element.get("itemprop") or "").split(), element, items, page)
