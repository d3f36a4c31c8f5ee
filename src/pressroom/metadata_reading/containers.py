"""Finds the blocks of metadata in a picture file by walking its structure; no pixel is decoded."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from pressroom.metadata_reading.boxes import MOST_BLOCK_BYTES, read_items
from pressroom.metadata_reading.tiff import TIFF_MARKS, Directory

_MOST_PARTS = 100_000
UNREADABLE = (ValueError, struct.error, LookupError, ArithmeticError, zlib.error)
"""What reading damaged or hostile bytes raises here."""

_XMP_OF_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_IPTC_RESOURCE = 0x0404
_XMP_OF_PNG = b"XML:com.adobe.xmp\0"
_XMP_TAG, _IPTC_TAG = 700, 33723


@dataclass(slots=True)
class Blocks:
    """Empty where the file has none."""

    exif: bytes = b""
    """A TIFF structure."""
    iptc: bytes = b""
    xmp: bytes = b""


def find_blocks(data: bytes) -> Blocks:
    """Return the blocks of a JPEG, PNG, WebP, HEIC, AVIF or TIFF file, or of a RAW file that is built like a TIFF."""
    blocks = Blocks()
    try:
        if data[:2] == b"\xff\xd8":
            _jpeg(data, blocks)
        elif data[:8] == b"\x89PNG\r\n\x1a\n":
            _png(data, blocks)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            _webp(data, blocks)
        elif data[4:8] == b"ftyp":
            blocks.exif, blocks.xmp = read_items(data)
        elif data[:4] in TIFF_MARKS:
            blocks.exif = data
            directory = Directory(data)
            blocks.xmp, blocks.iptc = directory.raw(_XMP_TAG), directory.raw(_IPTC_TAG)
    except UNREADABLE:
        pass  # what was found before the damage counts
    if blocks.exif is not data:
        blocks.exif = blocks.exif[:MOST_BLOCK_BYTES].removeprefix(b"Exif\0\0")
    blocks.iptc, blocks.xmp = blocks.iptc[:MOST_BLOCK_BYTES], blocks.xmp[:MOST_BLOCK_BYTES]
    return blocks


def _jpeg(data: bytes, blocks: Blocks) -> None:
    resources = []
    for mark, segment in _segments(data):
        if mark == 0xE1 and segment.startswith(b"Exif\0\0"):
            blocks.exif = blocks.exif or segment
        elif mark == 0xE1 and segment.startswith(_XMP_OF_JPEG):
            blocks.xmp = blocks.xmp or segment.removeprefix(_XMP_OF_JPEG)
        elif mark == 0xED and segment.startswith(_PHOTOSHOP):
            resources.append(segment.removeprefix(_PHOTOSHOP))
    blocks.iptc = _photoshop_resource(b"".join(resources), _IPTC_RESOURCE)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 2
    for _ in range(_MOST_PARTS):
        if position + 4 > len(data) or data[position] != 0xFF:
            return
        mark = data[position + 1]
        if mark == 0xFF:  # fill
            position += 1
            continue
        if mark == 0xDA:  # the pixels begin
            return
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        yield mark, data[position + 4 : position + 2 + length]
        position += 2 + length


def _photoshop_resource(data: bytes, wanted: int) -> bytes:
    position = 0
    for _ in range(_MOST_PARTS):
        if data[position : position + 4] != b"8BIM":
            break
        number, name_length = struct.unpack_from(">HB", data, position + 4)
        position += 6 + (name_length + 2) // 2 * 2
        (length,) = struct.unpack_from(">I", data, position)
        if number == wanted:
            return data[position + 4 : position + 4 + length]
        position += 4 + length + length % 2
    return b""


def _png(data: bytes, blocks: Blocks) -> None:
    position = 8
    for _ in range(_MOST_PARTS):
        if position + 8 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, position)
        chunk = data[position + 8 : position + 8 + length]
        if kind == b"eXIf":
            blocks.exif = chunk
        elif kind == b"iTXt" and chunk.startswith(_XMP_OF_PNG):
            blocks.xmp = _international_text(chunk.removeprefix(_XMP_OF_PNG))
        position += 12 + length


def _international_text(chunk: bytes) -> bytes:
    is_compressed = chunk[0] == 1
    _language, _keyword, text = chunk[2:].split(b"\0", 2)
    return zlib.decompressobj().decompress(text, MOST_BLOCK_BYTES) if is_compressed else text


def _webp(data: bytes, blocks: Blocks) -> None:
    position = 12
    for _ in range(_MOST_PARTS):
        if position + 8 > len(data):
            return
        kind, length = struct.unpack_from("<4sI", data, position)
        chunk = data[position + 8 : position + 8 + length]
        if kind == b"EXIF":
            blocks.exif = chunk
        elif kind == b"XMP ":
            blocks.xmp = chunk
        position += 8 + length + length % 2
