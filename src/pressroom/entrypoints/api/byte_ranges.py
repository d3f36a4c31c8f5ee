"""Which part of some bytes a request asks for (RFC 9110, section 14). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `first` to `last`, both included."""

    first: int
    last: int

    def content_range(self, size: int) -> str:
        return f"bytes {self.first}-{self.last}/{size}"

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class NoSuchPart(Exception):
    """The range begins behind the end."""


def wanted_part(asked: str, size: int, *, if_range: str = "", etag: str = "") -> Part | None:
    """Return the part that `Range` asks for; None for the whole, raises `NoSuchPart` for what lies behind the end.

    The whole is also the answer to what this cannot read, to several ranges at once, and to a part of something
    else than the caller has begun with: `If-Range` must then be the very tag.
    """
    found = _ONE.fullmatch(asked)
    if found is None or (if_range and if_range != etag):
        return None
    first, last = found.groups()
    if not first:
        return _the_last(int(last), size) if last else None
    if last and int(last) < int(first):
        return None  # not a range at all, says the standard, and to be overlooked
    if int(first) >= size:
        raise NoSuchPart
    return Part(int(first), min(int(last), size - 1) if last else size - 1)


def _the_last(count: int, size: int) -> Part:
    if count == 0 or size == 0:
        raise NoSuchPart
    return Part(max(0, size - count), size - 1)
