"""Which pictures of a page may show its product: addresses out of `src`, `srcset` and what scripts load later. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pressroom.page_reading.page import absolute

MOST_IMAGES = 12
SMALLEST_SIDE = 100
"""Pixels; what says that it is smaller is an icon."""
_LATER = (
    "data-zoom-image",
    "data-large_image",
    "data-old-hires",
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-lazy",
)
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:1x1|pixel|spacer|blank|transparent|sprite|loading|favicon|tracking|beacon)(?:\.\w{2,5})?(?:[/?]|$)"
    r"|(?:^|[/_.-])(?:placeholder|no[-_]?image)(?:[/_.?-]|$)|\.svg(?:\?|$)",
    re.IGNORECASE,
)
_CANDIDATE = re.compile(r"[\s,]*(\S+)")
_DESCRIPTOR = re.compile(r"\s*(\d+(?:\.\d+)?)([wxh])?")


def usable(url: str) -> str:
    """Return an address if it can be a product's picture, and not a pixel that counts readers."""
    return "" if _NO_PICTURE.search(url.partition("://")[2].partition("/")[2]) else url


def addresses_of(element: Any, base: str) -> Iterator[str]:
    """Yield the addresses of an `<img>`, the largest picture first; none for what is too small to show anything."""
    if any(0 < size < SMALLEST_SIDE for size in (_size(element, "width"), _size(element, "height"))):
        return
    said = [element.get(name) for name in _LATER[:3]]
    sets = [element, *_sources_beside(element)]
    for one in sets:
        said += [largest(one.get(name) or "") for name in _SETS]
    said += [*(element.get(name) for name in _LATER[3:]), element.get("src")]
    for text in said:
        if url := usable(absolute(base, text)):
            yield url


def largest(srcset: str) -> str:
    """Return the address of a `srcset` with the most pixels."""
    best, best_size, place = "", -1.0, 0
    while found := _CANDIDATE.match(srcset, place):
        url, place = found[1], found.end()
        size = 1.0
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            if (said := _DESCRIPTOR.match(srcset, place)) is not None:
                size = float(said[1]) if len(said[1]) < 9 else 0
            comma = srcset.find(",", place)
            place = len(srcset) if comma < 0 else comma
        if url and not url.startswith("data:") and size > best_size:
            best, best_size = url, size
    return best


def _sources_beside(element: Any) -> Iterator[Any]:
    """Yield the `<source>`s of a `<picture>`; the parser takes what follows one for its content."""
    for level, outer in enumerate(element.iterancestors()):
        if outer.tag == "picture":
            yield from outer.iter("source")
        if level >= 5 or outer.tag not in ("source", "picture"):
            return


def _size(element: Any, name: str) -> int:
    found = re.match(r"\s*(\d{1,5})", element.get(name) or "")
    return int(found[1]) if found else 0
