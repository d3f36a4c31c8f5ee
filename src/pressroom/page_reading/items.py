"""What JSON-LD, microdata and RDFa have in common: items of some types, with properties that are texts or items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MOST_VALUES = 500
"""Of one property; items may hold each other many times over, so that each list is looked through again and again."""
_LOCAL = re.compile(r"[^/#:]*$")


@dataclass(slots=True, eq=False)
class Item:
    """One thing that a page describes. Names of types and properties are without their vocabulary: "Product"."""

    types: tuple[str, ...] = ()
    id: str = ""
    properties: dict[str, list[str | Item]] = field(default_factory=dict)
    is_part: bool = False
    """Whether it stands within another item."""

    def add(self, name: str, value: str | Item) -> bool:
        """Add a value; False if there are as many as are kept."""
        values = self.properties.setdefault(local(name), [])
        if len(values) >= MOST_VALUES:
            return False
        values.append(value)
        return True

    def is_a(self, types: Iterable[str]) -> bool:
        return not {name.lower() for name in self.types}.isdisjoint(name.lower() for name in types)

    def values(self, *names: str) -> Iterator[str | Item]:
        """Yield the values of these properties, those of the first name first."""
        for name in names:
            yield from self.properties.get(name, ())

    def items(self, *names: str) -> list[Item]:
        return [value for value in self.values(*names) if isinstance(value, Item)]

    def texts(self, *names: str) -> list[str]:
        """Return texts; of an item its name, or else its value or address."""
        found = []
        for value in self.values(*names):
            text = value if isinstance(value, str) else value.short
            if text.strip():
                found.append(text)
        return found

    def text(self, *names: str) -> str:
        return next(iter(self.texts(*names)), "")

    @property
    def short(self) -> str:
        """What stands for the item where a text is wanted; items may hold each other, so that none is looked into."""
        texts = (value for value in self.values("name", "value", "url") if isinstance(value, str) and value.strip())
        return next(texts, self.id)


def local(name: str) -> str:
    """Return a name without its vocabulary: `http://schema.org/Product` and `schema:Product` are "Product"."""
    found = _LOCAL.search(name.strip())
    return found[0] if found else ""
