"""A page as a tree, with as much of it as may be kept: a stranger decides how large and how deep it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from urllib.parse import urljoin, urlsplit

from pressroom.page_reading.text_decoding import decoded

MOST_ELEMENTS = 100_000
"""Of a page, also those that are too deep to be kept; pages of shops have some thousands."""
MOST_PIECES = 500_000
"""Of text, as the parser hands it on."""
MOST_DEPTH = 400
MOST_ATTRIBUTES = 40
MOST_TEXT = 8_000_000
"""Characters of text that is kept, and of JSON-LD."""
LONGEST_VALUE = 20_000
_READ_NODES = 2_000
_FED_AT_ONCE = 128 * 1024
_MOST_BLOCKS_BEHIND = 20
_JSON_LD = "application/ld+json"
_NAME = re.compile(r"[a-z_][a-z0-9_:.-]{0,60}")
_TAG = re.compile(r"[a-z][a-z0-9-]{0,40}")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What a tree of lxml cannot hold; a page may write it as `&#1;`."""
_BLOCKS = frozenset({"br", "p", "div", "li", "dd", "dt", "td", "tr", "ul", "h1", "h2", "h3", "h4", "section"})
_LEFT_OUT = frozenset({"script", "style", "template", "svg", "math", "object", "iframe", "textarea", "select"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read. Elements are lxml's, without the text of scripts and styles."""

    url: str
    base: str
    """What references of the page are relative to."""
    root: Any
    json_ld: tuple[str, ...]
    """The text of each block, as it stands."""

    def find(self, path: str, **variables: str) -> list[Any]:
        """Return the elements of an XPath, in the order of the page."""
        found = self.root.xpath(path, **variables)
        return found if isinstance(found, list) else []

    @property
    def language(self) -> str:
        """As `<html lang>` says: "de-AT"; empty if it does not."""
        return str(self.root.get("lang") or self.root.get("xml:lang") or "").strip()[:35]

    @property
    def canonical(self) -> str:
        for element in self.find("//link[@href][translate(@rel, 'CANOIL', 'canoil') = 'canonical']")[:1]:
            return absolute(self.base, element.get("href"))
        return ""


def read_page(data: bytes, url: str, charset_hint: str = "") -> Page:
    from lxml import etree

    target = _Target(etree.TreeBuilder())
    # Without `huge_tree` a script of ten megabytes would end the page; what is kept is limited by the target.
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    text = decoded(data, charset_hint).replace("\0", "").encode("utf-8", "replace")
    place = 0
    while place < len(text) and not target.is_full:
        parser.feed(text[place : place + _FED_AT_ONCE])
        place += _FED_AT_ONCE
    root = parser.close()
    if root is None:
        root = etree.Element("html")
    base = next(
        (found for element in root.xpath("//base[@href]") if (found := absolute(url, element.get("href")))), url
    )
    # Shops put their JSON-LD at the end as well; it is looked for behind the part that was parsed.
    return Page(url=url, base=base, root=root, json_ld=(*target.json_ld, *_blocks_behind(text, place)))


def absolute(base: str, reference: str | None) -> str:
    """Return where a reference of a page leads if that is http:// or https://; else an empty text."""
    reference = "".join((reference or "").split("\n")).replace("\r", "").replace("\t", "").strip()
    if not reference or len(reference) > 4_000:
        return ""
    try:
        found = urljoin(base, reference.replace(" ", "%20").replace("\\", "/"))
        parts = urlsplit(found)
    except ValueError:
        return ""
    return found if parts.scheme in ("http", "https") and parts.netloc and "@" not in parts.netloc else ""


def text_of(element: Any) -> str:
    """Return the text within an element, as much of it as a value can have."""
    return "".join(_texts(element))[:LONGEST_VALUE]


def _texts(element: Any) -> Iterator[str]:
    from lxml import etree

    length = 0
    for number, (event, node) in enumerate(etree.iterwalk(element, events=("start", "end"))):
        if number >= _READ_NODES or length >= LONGEST_VALUE:
            return
        if node.tag in _BLOCKS:
            yield " "
        text = node.text if event == "start" else None if node is element else node.tail
        if text:
            length += len(text)
            yield text


def _blocks_behind(text: bytes, place: int) -> Iterator[str]:
    """Yield the JSON-LD of the part of a page that is not parsed."""
    for _ in range(_MOST_BLOCKS_BEHIND):
        if (found := text.find(_JSON_LD.encode(), place)) < 0:
            return
        start, end = text.find(b">", found) + 1, text.find(b"</script", found)
        if 0 < start <= end and text.rfind(b"<script", max(place, found - 500), found) >= 0:
            yield text[start:end].decode("utf-8", "replace")
        place = max(end, found + 1)


class _Target:
    """Takes what the parser finds, and builds a tree of as much as may be kept.

    lxml's own tree takes memory without bound, and time that grows with the square of one element's attributes.
    """

    def __init__(self, builder: Any) -> None:
        self._builder = builder
        self._open: list[_Fate] = []
        """What became of each element that is open now."""
        self._tags: list[str] = []
        """Of those that were kept."""
        self._elements = self._pieces = self._left_out = 0
        self._text_left = self._json_ld_left = MOST_TEXT
        self._block: list[str] | None = None
        self.json_ld: list[str] = []

    @property
    def is_full(self) -> bool:
        return self._elements >= MOST_ELEMENTS or self._pieces >= MOST_PIECES

    def start(self, tag: str, attributes: Any) -> None:
        fate = self._fate(tag)
        self._open.append(fate)
        self._elements += 1
        if fate is _Fate.KEPT:
            self._tags.append(tag if _TAG.fullmatch(tag) else "span")
            self._builder.start(self._tags[-1], _kept(attributes))
        elif fate is _Fate.LEFT_OUT:
            self._left_out += 1
            if tag == "script" and _is_json_ld(attributes):
                self._block = []

    def _fate(self, tag: str) -> _Fate:
        if self._left_out or tag in _LEFT_OUT:
            return _Fate.LEFT_OUT
        if self._tags and (self.is_full or len(self._tags) >= MOST_DEPTH):
            return _Fate.PASSED
        return _Fate.KEPT

    def end(self, tag: str) -> None:
        fate = self._open.pop()
        if fate is _Fate.KEPT:
            self._builder.end(self._tags.pop())
        elif fate is _Fate.LEFT_OUT:
            self._left_out -= 1
            if self._block is not None:
                self.json_ld.append("".join(self._block))
                self._block = None

    def data(self, text: str) -> None:
        self._pieces += 1
        if self._block is not None:
            if len(text) <= self._json_ld_left:
                self._json_ld_left -= len(text)
                self._block.append(text)
        elif not self._left_out and self._tags:
            kept = _NO_TEXT.sub("", text[: self._text_left])
            self._text_left -= len(kept)
            self._builder.data(kept)

    def close(self) -> Any:
        while self._open:
            self.end("")
        return self._builder.close() if self._elements else None


class _Fate(Enum):
    KEPT = auto()
    PASSED = auto()
    """The element is too much, what it holds may not be."""
    LEFT_OUT = auto()
    """With all that it holds."""


def _is_json_ld(attributes: Any) -> bool:
    return str(attributes.get("type") or "").partition(";")[0].strip().lower() == _JSON_LD


def _kept(attributes: Any) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in attributes.items():
        if len(kept) >= MOST_ATTRIBUTES:
            break
        if _NAME.fullmatch(name):
            kept[name] = _NO_TEXT.sub("", value[:LONGEST_VALUE])
    return kept
