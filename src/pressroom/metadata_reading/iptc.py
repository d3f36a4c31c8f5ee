"""What IPTC tells of a photo: the records of news agencies, as Photoshop keeps them. IPTC-NAA IIM 4.2."""

from __future__ import annotations

import struct

from pressroom.metadata_reading import words
from pressroom.photos import PhotoInfo

_CHARSET = (1, 90)
_UTF_8 = b"\x1b%G"
_TITLE, _KEYWORD, _DATE, _TIME, _BYLINE, _HEADLINE, _CREDIT, _COPYRIGHT, _CAPTION = (
    (2, number) for number in (5, 25, 55, 60, 80, 105, 110, 116, 120)
)
_MOST_RECORDS = 2000


def read_iptc(data: bytes) -> PhotoInfo:
    """Return what a block of IPTC records tells; what stands before the damage of a broken one counts."""
    records = _records(data)
    is_utf_8 = records.get(_CHARSET, [b""])[0].startswith(_UTF_8)

    def all_of(key: tuple[int, int]) -> list[str]:
        values = records.get(key, [])
        return [value.decode("utf-8", "replace") if is_utf_8 else words.decoded(value) for value in values]

    def first(*keys: tuple[int, int]) -> str:
        return next((value for key in keys for value in all_of(key) if value.strip()), "")

    date, time = first(_DATE), first(_TIME)
    written = f"{date[:4]}-{date[4:6]}-{date[6:8]}"
    if len(time) >= 6:
        written += f"T{time[:2]}:{time[2:4]}:{time[4:6]}{time[6:]}"
    return PhotoInfo(
        title=words.line(first(_TITLE, _HEADLINE)),
        caption=words.text(first(_CAPTION)),
        keywords=words.lines(all_of(_KEYWORD)),
        captured_at=words.moment(written),
        copyright=words.line(first(_COPYRIGHT)),
        credit=words.line(", ".join(all_of(_BYLINE)) or first(_CREDIT)),
    )


def _records(data: bytes) -> dict[tuple[int, int], list[bytes]]:
    found: dict[tuple[int, int], list[bytes]] = {}
    position = 0
    for _ in range(_MOST_RECORDS):
        if data[position : position + 1] != b"\x1c" or position + 5 > len(data):
            break
        record, number, length = struct.unpack_from(">BBH", data, position + 1)
        position += 5
        if length & 0x8000:  # a longer one tells the length of its length
            size = length & 0x7FFF
            length = int.from_bytes(data[position : position + min(size, 8)], "big")
            position += size
        found.setdefault((record, number), []).append(data[position : position + length])
        position += length
    return found
