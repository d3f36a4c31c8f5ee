"""A camera's RAW file, made here: a DNG with a Bayer pattern and, if wanted, the JPEG that a camera puts inside."""

from __future__ import annotations

import struct

import pyvips

Entry = tuple[int, int, int, bytes]
"""Tag, type, count, value."""


def dng(scene: pyvips.Image, *, preview: bytes = b"", orientation: int = 1) -> bytes:
    """Return the scene (sRGB, even sides) as sixteen-bit dots of red, green and blue, and a preview beside them."""
    width, height = scene.width, scene.height
    mosaic = _mosaic(scene)
    raw = [
        _long(0x00FE, 0),
        _long(0x0100, width),
        _long(0x0101, height),
        _short(0x0102, 16),
        _short(0x0103, 1),
        _short(0x0106, 32803),
        _long(0x0111, 0),  # where the dots are; filled in below
        _short(0x0115, 1),
        _long(0x0116, height),
        _long(0x0117, len(mosaic)),
        (0x828D, 3, 2, struct.pack("<HH", 2, 2)),
        (0x828E, 1, 4, bytes([0, 1, 1, 2])),
        _short(0xC61A, 0),
        _long(0xC61D, 65535),
    ]
    shown = [
        _long(0x00FE, 1),
        *([_long(0x0100, width), _long(0x0101, height)] if preview else []),
        *([_short(0x0103, 7), _short(0x0106, 6), _long(0x0111, 0), _short(0x0115, 3)] if preview else []),
        *([_long(0x0116, height), _long(0x0117, len(preview))] if preview else []),
        _text(0x010F, "Pressroom"),
        _text(0x0110, "Test"),
        _short(0x0112, orientation),
        _long(0x014A, 0),
        (0xC612, 1, 4, bytes([1, 4, 0, 0])),
        (0xC613, 1, 4, bytes([1, 1, 0, 0])),
        _text(0xC614, "Pressroom Test"),
        (0xC621, 10, 9, struct.pack("<18i", *(n for x in _XYZ_TO_CAMERA for n in (round(x * 10000), 10000)))),
        (0xC628, 5, 3, struct.pack("<6I", 1, 1, 1, 1, 1, 1)),
        _short(0xC65A, 21),
    ]
    shown.sort()
    first = 8
    second = first + _size(shown)
    pixels = second + _size(raw)
    jpeg = pixels + len(mosaic)
    shown = [_long(0x014A, second) if e[0] == 0x014A else _long(0x0111, jpeg) if e[0] == 0x0111 else e for e in shown]
    raw = [_long(0x0111, pixels) if e[0] == 0x0111 else e for e in raw]
    return b"II*\0" + struct.pack("<I", first) + _directory(shown, first) + _directory(raw, second) + mosaic + preview


_XYZ_TO_CAMERA = (3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570)
"""The camera sees just the colours of sRGB."""


def _mosaic(scene: pyvips.Image) -> bytes:
    linear = (scene.colourspace("scrgb") * 65535).cast("ushort")
    place = pyvips.Image.xyz(scene.width, scene.height)
    odd_column, odd_row = place[0] % 2, place[1] % 2
    dots = ((odd_column + odd_row) == 1).ifthenelse(linear[1], (odd_row == 1).ifthenelse(linear[2], linear[0]))
    data: bytes = dots.cast("ushort").write_to_memory()
    return data


def _long(tag: int, value: int) -> Entry:
    return tag, 4, 1, struct.pack("<I", value)


def _short(tag: int, value: int) -> Entry:
    return tag, 3, 1, struct.pack("<H", value)


def _text(tag: int, value: str) -> Entry:
    return tag, 2, len(value) + 1, value.encode() + b"\0"


def _size(entries: list[Entry]) -> int:
    return 2 + 12 * len(entries) + 4 + sum(len(value) + len(value) % 2 for *_, value in entries if len(value) > 4)


def _directory(entries: list[Entry], start: int) -> bytes:
    at = start + 2 + 12 * len(entries) + 4
    head, values = struct.pack("<H", len(entries)), b""
    for tag, kind, count, value in entries:
        head += struct.pack("<HHI", tag, kind, count)
        if len(value) <= 4:
            head += value.ljust(4, b"\0")
        else:
            head += struct.pack("<I", at + len(values))
            values += value + b"\0" * (len(value) % 2)
    return head + bytes(4) + values
