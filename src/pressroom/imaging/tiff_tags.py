"""Reads single tags of the first directory of a TIFF, an EXIF block or a camera's RAW, whatever its offsets claim."""

from __future__ import annotations

import struct
from collections.abc import Collection

MAKE = 0x010F
ARTIST = 0x013B
SUBFILE_TYPE = 0x00FE
SUB_DIRECTORIES = 0x014A
COPYRIGHT = 0x8298
DNG_VERSION = 0xC612

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4}
"""Bytes of one value by type: byte, text, short, long. No other is needed here."""
_LONGEST = 4096
_MOST_TAGS = 512


def first_directory(data: bytes, wanted: Collection[int]) -> dict[int, bytes | int]:
    """Return the wanted tags that are there: bytes and text as bytes, numbers as their first one."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 10:
        return {}
    (start,) = struct.unpack_from(f"{order}I", data, 4)
    if start + 2 > len(data):
        return {}
    (count,) = struct.unpack_from(f"{order}H", data, start)
    found: dict[int, bytes | int] = {}
    for number in range(min(count, _MOST_TAGS)):
        at = start + 2 + 12 * number
        if at + 12 > len(data):
            break
        tag, kind, length = struct.unpack_from(f"{order}HHI", data, at)
        if tag in wanted and kind in _SIZES and 0 < length <= _LONGEST and tag not in found:
            value = _value(data, order, at + 8, length * _SIZES[kind])
            if value:
                found[tag] = value if kind in (1, 2) else int(struct.unpack_from(order + " HI"[kind - 2], value)[0])
    return found


def text(value: bytes | int | None) -> str:
    """Return a text tag as people read it: UTF-8, as most programs write it, or else Latin-1."""
    if not isinstance(value, bytes):
        return ""
    raw = value.split(b"\0")[0]
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def _value(data: bytes, order: str, at: int, size: int) -> bytes:
    """Return a value that stands in its entry or, if it is longer than 4 bytes, where the entry points to."""
    if size > 4:
        (at,) = struct.unpack_from(f"{order}I", data, at)
    return data[at : at + size] if at + size <= len(data) else b""
