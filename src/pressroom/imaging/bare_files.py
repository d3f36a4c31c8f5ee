"""Takes everything but the picture out of a file, without touching a pixel; nothing else may be in what goes out."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

_JPEG_MARKERS = {0xC0, 0xC1, 0xC2, 0xC4, 0xD9, 0xDA, 0xDB, 0xDD, 0xFE, *range(0xE0, 0xF0)}
"""Of the kinds of JPEG that every program reads; arithmetic, lossless and 12-bit ones are better written anew."""
_IN_SCANS = {0x00, 0xFF, *range(0xD0, 0xD8)}
_PNG_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_WEBP_PIXELS = {b"VP8 ", b"VP8L", b"ALPH"}


def bare(data: bytes, media_type: str) -> bytes | None:
    """Return the same picture without metadata, comments, thumbnails and whatever follows it; None if that cannot be.

    The very same bytes come back if there is nothing to take out. Only for pictures in sRGB that lie upright: the
    profile and the orientation go too.
    """
    found = _BARE.get(media_type)
    if found is None:
        return None
    try:
        return found(data)
    except (struct.error, IndexError):
        return None


def _bare_jpeg(data: bytes) -> bytes | None:
    kept, at = [data[:2]], 2
    while True:
        while data[at + 1] == 0xFF:  # markers may be filled up
            at += 1
        marker = data[at + 1]
        if data[at] != 0xFF or marker not in _JPEG_MARKERS:
            return None
        if marker == 0xD9:
            return b"".join([*kept, b"\xff\xd9"])
        (size,) = struct.unpack_from(">H", data, at + 2)
        segment = data[at : at + 2 + size]
        if size < 2 or len(segment) != 2 + size:
            return None
        at += 2 + size
        if marker == 0xDA:
            end = _end_of_scan(data, at)
            segment, at = segment + data[at:end], end
        kept.append(_without_extras(marker, segment))


def _without_extras(marker: int, segment: bytes) -> bytes:
    """Return the part of a segment that the picture cannot be without."""
    if marker == 0xE0 and segment[4:9] == b"JFIF\0" and len(segment) >= 18:  # without its thumbnail
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"
    if marker == 0xEE and segment[4:9] == b"Adobe":  # says how the colours are coded
        return segment
    return b"" if 0xE0 <= marker <= 0xEF or marker == 0xFE else segment


def _end_of_scan(data: bytes, at: int) -> int:
    """Return where the next marker stands that is neither a stuffed byte nor a restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        if data[at + 1] not in _IN_SCANS:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
    raise IndexError("the scan has no end")


def _bare_png(data: bytes) -> bytes | None:
    kept, at = [data[:8]], 8
    while True:
        (size,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 12 + size
        if end > len(data) or kind == b"cICP":  # colours that are not what they would be without it
            return None
        if kind in _PNG_PIXELS:
            kept.append(data[at:end])
        at = end
        if kind == b"IEND":
            return b"".join(kept)


def _bare_webp(data: bytes) -> bytes | None:
    (whole,) = struct.unpack_from("<I", data, 4)
    if 8 + whole > len(data):
        return None
    kept: list[bytes] = []
    for kind, chunk in _webp_chunks(data[: 8 + whole]):
        if kind in (b"ANIM", b"ANMF"):
            return None
        if kind == b"VP8X":
            # Of its flags only the one for an alpha stays.
            chunk = chunk[:8] + bytes([chunk[8] & 0x10]) + chunk[9:]
            kept.append(chunk)
        elif kind in _WEBP_PIXELS:
            kept.append(chunk)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        (size,) = struct.unpack_from("<I", data, at + 4)
        end = at + 8 + size + size % 2
        yield data[at : at + 4], data[at:end]
        at = end


_BARE: dict[str, Callable[[bytes], bytes | None]] = {
    "image/jpeg": _bare_jpeg,
    "image/png": _bare_png,
    "image/webp": _bare_webp,
}
