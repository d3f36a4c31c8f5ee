"""Makes of one photo many that are told apart: by their captions, without a pixel being encoded again."""

from __future__ import annotations

import struct

_DESCRIPTION, _ASCII = 0x010E, 2


def captioned(jpeg: bytes, caption: str) -> bytes:
    """Return the photo with an EXIF block that holds the caption, in ASCII, and nothing else."""
    text = caption.encode("ascii") + b"\0"
    # Byte order, one directory with one entry, no further directory, and the text that the entry refers to.
    entry = struct.pack("<HHHII", 1, _DESCRIPTION, _ASCII, max(len(text), 5), 26) + struct.pack("<I", 0)
    exif = b"Exif\0\0" + struct.pack("<2sHI", b"II", 42, 8) + entry + text.ljust(5, b"\0")
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
