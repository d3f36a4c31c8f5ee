"""Reads the directories of a TIFF structure, as EXIF is one. TIFF 6.0 and EXIF 3.0."""

from __future__ import annotations

import struct
from fractions import Fraction

from pressroom.metadata_reading.words import decoded

TIFF_MARKS = (b"II*\0", b"MM\0*", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
"""Also the two by which Olympus and Panasonic mark their RAW files."""
_MOST_ENTRIES = 500
_MOST_FRACTIONS = 8
_MOST_VALUE_BYTES = 4_000_000
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 13: 4}


class Directory:
    """The entries of one directory; raises `struct.error` if it does not lie within the bytes."""

    def __init__(self, data: bytes, offset: int | None = None) -> None:
        self._data = data
        self._order = "<" if data[:2] == b"II" else ">"
        (start,) = struct.unpack_from(self._order + "I", data, 4) if offset is None else (offset,)
        (count,) = struct.unpack_from(self._order + "H", data, start)
        self._entries: dict[int, tuple[int, int, int]] = {}
        there = (len(data) - start - 2) // 12
        for number in range(min(count, there, _MOST_ENTRIES)):
            self._read(start + 2 + 12 * number)

    def _read(self, position: int) -> None:
        tag, kind, count = struct.unpack_from(self._order + "HHI", self._data, position)
        length = _SIZES.get(kind, 0) * count
        if not 0 < length <= _MOST_VALUE_BYTES:
            return
        place = position + 8
        if length > 4:
            (place,) = struct.unpack_from(self._order + "I", self._data, place)
        if place + length <= len(self._data):
            self._entries.setdefault(tag, (kind, place, length))

    def raw(self, tag: int) -> bytes:
        return self._value(tag)[1]

    def _value(self, tag: int) -> tuple[int, bytes]:
        kind, place, length = self._entries.get(tag, (0, 0, 0))
        return kind, self._data[place : place + length]

    def text(self, tag: int) -> str:
        """Return a text up to its first zero byte, empty if there is none."""
        return decoded(self.raw(tag).partition(b"\0")[0])

    def number(self, tag: int) -> int | None:
        kind, value = self._value(tag)
        form = {1: "B", 3: "H", 4: "I", 13: "I"}.get(kind)
        return int(struct.unpack_from(self._order + form, value)[0]) if form else None

    def fractions(self, tag: int) -> list[Fraction]:
        """Return the values of a tag of fractions; raises `ZeroDivisionError` for one without a value."""
        kind, value = self._value(tag)
        if kind not in (5, 10):
            return []
        count = min(len(value) // 8, _MOST_FRACTIONS)
        parts = struct.unpack_from(f"{self._order}{2 * count}{'I' if kind == 5 else 'i'}", value)
        return [Fraction(over, under) for over, under in zip(parts[::2], parts[1::2], strict=True)]

    def inner(self, tag: int) -> Directory | None:
        """Return the directory that a tag points to."""
        offset = self.number(tag)
        return Directory(self._data, offset) if offset else None
