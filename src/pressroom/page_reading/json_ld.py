"""Reads the JSON-LD of a page, as far as shops write it: graphs, lists, references by `@id`. Nothing is fetched.

A block that cannot be read is left out, and the others are read all the same.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pressroom.page_reading.items import Item, local

MOST_BLOCKS = 200
LONGEST_BLOCK = 3_000_000
MOST_NODES = 20_000
MOST_DEPTH = 30
_WRAPPED = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/|;)\s*$"
)
_SPARE_COMMA = re.compile(r",(\s*[}\]])")
# Within one line each: over several, a million empty lines would be looked through a million times.
_COMMENT = re.compile(r"^[ \t]*//.*$|^[ \t]*/\*.*?\*/[ \t\r]*$", re.MULTILINE)


def items_in_json_ld(blocks: Iterable[str]) -> list[Item]:
    """Return every item that is no part of another one, and those of each `@graph`, in their order."""
    reading = _Reading()
    for number, block in enumerate(blocks):
        if number >= MOST_BLOCKS:
            break
        reading.take(_parsed(block))
    reading.resolve()
    return reading.items


def _parsed(block: str) -> Any:
    """Parse a block, with the mistakes that are often made in it; None if that is not possible."""
    if len(block) > LONGEST_BLOCK:
        return None
    for text in _tries(block):
        try:
            return json.loads(text, strict=False, parse_int=str, parse_float=str, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            continue
    return None


def _tries(block: str) -> Iterator[str]:
    yield block
    bare = _WRAPPED.sub("", _WRAPPED.sub("", block.strip("\ufeff \t\r\n")))
    yield bare
    bare = _SPARE_COMMA.sub(r"\1", _COMMENT.sub("", bare))
    yield bare
    if "&quot;" in bare:
        yield html.unescape(bare)


class _Reading:
    def __init__(self) -> None:
        self.items: list[Item] = []
        self._by_id: dict[str, Item] = {}
        self._references: list[tuple[Item, str, int, str]] = []
        """Which value of which property of which item is only the id of another one."""
        self._nodes = 0

    def take(self, value: Any, depth: int = 0) -> None:
        if depth > MOST_DEPTH:
            return
        if isinstance(value, list):
            for part in value:
                self.take(part, depth + 1)
        elif isinstance(value, dict):
            is_item = "@type" in value or "@graph" not in value
            if is_item and (item := self._item(value, depth, is_part=False)):
                self.items.append(item)
            self.take(value.get("@graph"), depth + 1)

    def _item(self, node: dict[str, Any], depth: int, *, is_part: bool) -> Item | None:
        self._nodes += 1
        if self._nodes > MOST_NODES or depth > MOST_DEPTH:
            return None
        types = node.get("@type", node.get("type"))
        id = node.get("@id")
        item = Item(
            types=tuple(
                local(name) for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)
            ),
            id=id.strip() if isinstance(id, str) else "",
            is_part=is_part,
        )
        for name, value in node.items():
            if not name.startswith("@"):
                self._add(item, local(name), value, depth + 1)
        if item.id and (item.properties or item.types):
            known = self._by_id.setdefault(item.id, item)
            if len(item.properties) > len(known.properties):
                self._by_id[item.id] = item
        return item

    def _add(self, item: Item, name: str, value: Any, depth: int) -> None:
        if isinstance(value, list):
            if depth <= MOST_DEPTH:
                for part in value:
                    self._add(item, name, part, depth + 1)
        elif isinstance(value, dict):
            if "@value" in value:
                self._add(item, name, value["@value"], depth + 1)
            elif "@list" in value or "@set" in value:
                self._add(item, name, value.get("@list", value.get("@set")), depth + 1)
            elif set(value) == {"@id"} and isinstance(value["@id"], str):
                if item.add(name, value["@id"]):
                    self._references.append((item, name, len(item.properties[name]) - 1, value["@id"].strip()))
            elif found := self._item(value, depth, is_part=True):
                item.add(name, found)
        elif isinstance(value, str):
            item.add(name, value)
        elif isinstance(value, bool):
            item.add(name, str(value))

    def resolve(self) -> None:
        for item, name, place, id in self._references:
            if target := self._by_id.get(id):
                item.properties[name][place] = target
