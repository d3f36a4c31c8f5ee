"""Reads from a font file which characters it has glyphs for, and how high and how far apart its lines stand."""

from __future__ import annotations

import struct

# https://learn.microsoft.com/typography/opentype/spec/cmap, 2026-11-20


def natural_leading(font: bytes) -> float:
    """Give the distance of two lines that the font asks for, as a multiple of its size (tables `hhea` and `head`)."""
    ascent, descent, gap = struct.unpack_from(">hhh", _table(font, b"hhea"), 4)
    (units,) = struct.unpack_from(">H", _table(font, b"head"), 18)
    return float(ascent - descent + gap) / float(units)


def natural_ascent(font: bytes) -> float:
    """Give how far the font reaches above the line that letters stand on, as a multiple of its size."""
    (ascent,) = struct.unpack_from(">h", _table(font, b"hhea"), 4)
    (units,) = struct.unpack_from(">H", _table(font, b"head"), 18)
    return float(ascent) / float(units)


def drawable_characters(font: bytes) -> frozenset[int]:
    """Give the code points that the font maps to a glyph (table `cmap`, formats 4 and 12)."""
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", cmap, 2)
    points: set[int] = set()
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * index)
        if (platform, encoding) not in {(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)}:
            continue
        (layout,) = struct.unpack_from(">H", cmap, offset)
        if layout == 4:
            points |= _segments(cmap, offset)
        elif layout == 12:
            points |= _groups(cmap, offset)
    return frozenset(points)


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return font[offset : offset + length]
    raise ValueError(f"The font file has no {tag.decode()!r} table.")


def _segments(cmap: bytes, at: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", cmap, at + 6)
    count = doubled // 2
    ends, starts, deltas, ranges = (at + 14, at + 16 + doubled, at + 16 + 2 * doubled, at + 16 + 3 * doubled)
    points = set()
    for index in range(count):
        (end,) = struct.unpack_from(">H", cmap, ends + 2 * index)
        (start,) = struct.unpack_from(">H", cmap, starts + 2 * index)
        (delta,) = struct.unpack_from(">H", cmap, deltas + 2 * index)
        (reach,) = struct.unpack_from(">H", cmap, ranges + 2 * index)
        for point in range(start, min(end, 0xFFFE) + 1):
            if reach == 0:
                glyph = (point + delta) & 0xFFFF
            else:
                (glyph,) = struct.unpack_from(">H", cmap, ranges + 2 * index + reach + 2 * (point - start))
            if glyph:
                points.add(point)
    return points


def _groups(cmap: bytes, at: int) -> set[int]:
    (count,) = struct.unpack_from(">I", cmap, at + 12)
    points: set[int] = set()
    for index in range(count):
        start, end, glyph = struct.unpack_from(">III", cmap, at + 16 + 12 * index)
        points.update(range(start + (glyph == 0), end + 1))
    return points
