"""Items of HEIC and AVIF as no library at hand writes them: in `idat`, behind other bytes, in pieces, or hostile."""

from __future__ import annotations

import struct
import time

from pressroom.metadata_reading.boxes import MOST_BLOCK_BYTES, read_items


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def entry(number: int, kind: bytes) -> bytes:
    return box(b"infe", b"\2\0\0\0" + struct.pack(">HH", number, 0) + kind)


def places(*items: tuple[int, int, list[tuple[int, int]]]) -> bytes:
    """Return version 1 of the box, with offsets and lengths of four bytes."""
    found = b"\1\0\0\0\x44\0" + struct.pack(">H", len(items))
    for number, method, extents in items:
        found += struct.pack(">HHHH", number, method, 0, len(extents))
        found += b"".join(struct.pack(">II", *extent) for extent in extents)
    return box(b"iloc", found)


def file(entries: list[bytes], location: bytes, idat: bytes = b"", rest: bytes = b"") -> bytes:
    infos = box(b"iinf", b"\0\0\0\0" + struct.pack(">H", len(entries)) + b"".join(entries))
    start = box(b"ftyp", b"heic\0\0\0\0mif1")
    return start + box(b"meta", b"\0\0\0\0" + infos + location + box(b"idat", idat)) + rest


EXIF = b"\0\0\0\x06Exif\0\0MM\0*"


def test_an_item_in_idat_and_in_pieces_is_put_together_without_what_stands_before_it() -> None:
    exif, xmp = read_items(file([entry(1, b"Exif\0")], places((1, 1, [(2, 6), (8, 8)])), b"??" + EXIF))
    assert (exif, xmp) == (b"MM\0*", b"")


def test_the_type_of_an_xmp_item_is_its_mime_type() -> None:
    entries = [entry(1, b"mime\0text/plain\0"), entry(2, b"mimename\0application/rdf+xml\0")]
    exif, xmp = read_items(file(entries, places((1, 1, [(0, 2)]), (2, 1, [(2, 3)])), b"no<x>"))
    assert (exif, xmp) == (b"", b"<x>")


def test_many_items_that_name_the_same_bytes_take_no_memory_and_no_time() -> None:
    entries = [entry(number, b"Exif\0") for number in range(2000)]
    many = [(0, 1_000_000)] * 500
    began = time.monotonic()
    exif, _ = read_items(file(entries, places(*((number, 0, many) for number in range(2000))), rest=bytes(1_000_000)))
    assert len(exif) <= MOST_BLOCK_BYTES
    assert time.monotonic() - began < 5
