"""Whether a picture file has its end: told from the file's own layout, without decoding it."""

from __future__ import annotations

import os
from enum import Enum
from typing import BinaryIO

_CHUNK_BYTES = 1 << 20
_MOST_SEGMENTS = 1000
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"


class Ending(Enum):
    WHOLE = "whole"
    """The last bytes are those with which such a file ends."""
    CUT = "cut"
    """There must come more."""
    UNSURE = "unsure"
    """Files of this kind do not tell."""


def ending_of(file: BinaryIO) -> Ending:
    """Look at an opened file's first and last bytes, and rarely at those between; moves its position."""
    status = os.fstat(file.fileno())
    head = file.read(16)
    if head[:3] == b"\xff\xd8\xff":
        ending = _jpeg(file, status.st_size)
    elif head[:8] == b"\x89PNG\r\n\x1a\n":
        ending = _png(file, status.st_size)
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        ending = _declared(file, status.st_size, 8 + int.from_bytes(head[4:8], "little"))
    elif head[4:8] == b"ftyp":
        ending = _boxes(file, status.st_size)
    else:
        ending = Ending.UNSURE
    # A copier that writes the end first leaves a hole before it.
    has_hole = status.st_blocks * 512 < status.st_size
    return Ending.UNSURE if ending is Ending.WHOLE and has_hole else ending


def _png(file: BinaryIO, size: int) -> Ending:
    if _tail(file, size, len(_PNG_END)) == _PNG_END:
        return Ending.WHOLE
    return Ending.UNSURE if _occurs(file, 8, _PNG_END) else Ending.CUT


def _jpeg(file: BinaryIO, size: int) -> Ending:
    """Say where a JPEG's end mark is: only one behind the picture's own data counts, not that of its thumbnail."""
    position, has_further_pictures = 2, False
    for _ in range(_MOST_SEGMENTS):
        file.seek(position)
        header = file.read(8)
        if len(header) < 4:
            return Ending.CUT
        if header[0] != 0xFF:
            return Ending.UNSURE
        if header[1] == 0xFF:  # fill
            position += 1
            continue
        # "MPF": previews and gain maps follow the picture as JPEGs of their own, each with an end mark.
        has_further_pictures |= header[1] == 0xE2 and header[4:7] == b"MPF"
        if header[1] == 0xDA:
            break
        position += 2 + int.from_bytes(header[2:4], "big")
    else:
        return Ending.UNSURE
    if has_further_pictures:
        return Ending.UNSURE
    if size >= position + 4 and _tail(file, size, 2) == b"\xff\xd9":
        return Ending.WHOLE
    # Phones append films and notes behind the end mark; within the picture's data these two bytes do not occur.
    return Ending.UNSURE if _occurs(file, position, b"\xff\xd9") else Ending.CUT


def _boxes(file: BinaryIO, size: int) -> Ending:
    """Add up the boxes of HEIC, AVIF and CR3."""
    position = 0
    for _ in range(_MOST_SEGMENTS):
        if position == size:
            return _declared(file, size, size)
        file.seek(position)
        header = file.read(16)
        if len(header) < 8:
            return Ending.CUT
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length < 8:  # 0: to the end of the file, wherever that is
            return Ending.UNSURE
        position += length
        if position > size:
            return Ending.CUT
    return Ending.UNSURE


def _declared(file: BinaryIO, size: int, declared: int) -> Ending:
    if size < declared:
        return Ending.CUT
    # Windows makes a file as large as it will be before it fills it: zeros at the end say nothing.
    return Ending.WHOLE if size in (declared, declared + declared % 2) and any(_tail(file, size, 8)) else Ending.UNSURE


def _tail(file: BinaryIO, size: int, length: int) -> bytes:
    file.seek(max(0, size - length))
    return file.read(length)


def _occurs(file: BinaryIO, position: int, wanted: bytes) -> bool:
    file.seek(position)
    before = b""
    while chunk := file.read(_CHUNK_BYTES):
        if wanted in before + chunk:
            return True
        before = chunk[1 - len(wanted) :]
    return False
