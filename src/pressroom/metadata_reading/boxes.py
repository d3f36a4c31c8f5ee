"""Finds EXIF and XMP among the items of an ISO base media file: HEIC, AVIF. ISO/IEC 14496-12, 23008-12 Annex A."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_BLOCK_BYTES = 2_000_000
_MOST_BOXES = 10_000
_XMP_TYPE = b"application/rdf+xml"


@dataclass(slots=True)
class _Bytes:
    """Reads numbers one after the other; raises `struct.error` at the end."""

    data: bytes
    position: int = 0

    def number(self, length: int) -> int:
        piece = self.data[self.position : self.position + length]
        if len(piece) < length:
            raise struct.error("the box is too short")
        self.position += length
        return int.from_bytes(piece, "big")


@dataclass(slots=True)
class _Place:
    is_in_idat: bool
    extents: list[tuple[int, int]] = field(default_factory=list)


def read_items(data: bytes) -> tuple[bytes, bytes]:
    """Return the EXIF block and the XMP packet; empty where there is none."""
    meta = dict(_boxes(dict(_boxes(data)).get(b"meta", b"")[4:]))
    kinds = dict(_kinds(meta.get(b"iinf", b"")))
    places = dict(_places(_Bytes(meta.get(b"iloc", b""))))
    exif = xmp = b""
    for number, kind in kinds.items():
        if number not in places:
            continue
        if kind == b"Exif" and not exif:
            item = _content(places[number], data, meta)
            # The item begins with the distance to the TIFF structure.
            exif = item[4 + int.from_bytes(item[:4], "big") :]
        elif kind == _XMP_TYPE and not xmp:
            xmp = _content(places[number], data, meta)
    return exif, xmp


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    for _ in range(_MOST_BOXES):
        if position + 8 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, position)
        header = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, position + 8)
            header = 16
        elif length == 0:
            length = len(data) - position
        if length < header:
            return
        yield kind, data[position + header : position + length]
        position += length


def _kinds(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number of each item, and its type; for one of a MIME type that type."""
    entries = data[6:] if data[:1] == b"\0" else data[8:]
    for kind, box in _boxes(entries):
        version = box[0]
        if kind != b"infe" or version < 2:
            continue
        rest = _Bytes(box, 4)
        number = rest.number(2 if version == 2 else 4)
        rest.number(2)
        item_type = box[rest.position : rest.position + 4]
        if item_type == b"mime":
            _name, item_type, *_ = box[rest.position + 4 :].split(b"\0")
        yield number, item_type


def _places(box: _Bytes) -> Iterator[tuple[int, _Place]]:
    if not box.data:
        return
    version = box.number(4) >> 24
    sizes = box.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(box.number(4 if version == 2 else 2)):
        number = box.number(4 if version == 2 else 2)
        method = box.number(2) & 15 if version else 0
        box.number(2)
        base = box.number(base_size)
        place = _Place(is_in_idat=method == 1)
        for _ in range(box.number(2)):
            if version:
                box.number(index_size)
            offset = base + box.number(offset_size)
            place.extents.append((offset, box.number(length_size)))
        if method in (0, 1):
            yield number, place


def _content(place: _Place, data: bytes, meta: dict[bytes, bytes]) -> bytes:
    source = meta.get(b"idat", b"") if place.is_in_idat else data
    found = b""
    for offset, length in place.extents:
        # Many extents may name the same bytes, and make much out of little.
        found += source[offset : offset + min(length, MOST_BLOCK_BYTES - len(found))]
    return found
