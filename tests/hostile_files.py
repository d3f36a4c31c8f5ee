"""Files that want to do harm, or are only broken: made here, byte by byte."""

from __future__ import annotations

import struct
import zlib

import pyvips

from tests.photos import photo

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BANDS = {0: 1, 2: 3, 6: 4}


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, *, more: bytes = b"", colours: int = 2, depth: int = 8, interlaced: bool = False
) -> bytes:
    """Return a PNG that announces this size but holds pixels for at most a tenth of a megabyte."""
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced)
    row = width * _BANDS[colours] * depth // 8 + 1
    pixels = zlib.compress(bytes(min(row * height, 100_000)))
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    first, *rest = (png_chunk(kind, data) for kind, data in chunks)
    return _SIGNATURE + first + more + b"".join(rest)


def swollen(megabytes: int) -> bytes:
    """Return compressed bytes that become so many megabytes."""
    compressor = zlib.compressobj(9)
    block = bytes(1_000_000)
    return b"".join(compressor.compress(block) for _ in range(megabytes)) + compressor.flush()


def jpeg_claiming(width: int, height: int) -> bytes:
    """Return a JPEG whose header announces this size."""
    data = bytearray(photo(16, 16).jpegsave_buffer())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def tiff_claiming(width: int, height: int) -> bytes:
    """Return a TIFF whose directory announces this size."""
    data = bytearray(photo(16, 16).tiffsave_buffer())
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        (tag,) = struct.unpack_from("<H", data, entry)
        if tag in (256, 257):
            struct.pack_into("<HII", data, entry + 2, 4, 1, width if tag == 256 else height)
    return bytes(data)


def animation(frames: int) -> bytes:
    """Return an animated GIF; its first frame is red, the others are not."""
    black = pyvips.Image.black(40, 30, bands=3).copy(interpretation="srgb")
    colours = [[220, 20, 30], *([0, 97 * n % 256, 61 * n % 256] for n in range(1, frames))]
    frames_below_each_other = [black.linear(1, colour).cast("uchar") for colour in colours]
    strip = pyvips.Image.arrayjoin(frames_below_each_other, across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", 30)
    data: bytes = strip.gifsave_buffer()
    return data


def with_exif(jpeg: bytes, exif: bytes) -> bytes:
    """Return the JPEG with these bytes as its EXIF block."""
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif + jpeg[2:]
