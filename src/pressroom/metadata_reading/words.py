"""Makes what a file says into text, numbers and times that can be shown: decoded, cleaned and bounded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from pressroom.photos import Place

MOST_LINE = 500
"""Characters of a title, a name, a keyword."""
MOST_TEXT = 10_000
MOST_KEYWORDS = 200

# Marks that turn the direction of the text around them, which could make it read as something else.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_TIME = re.compile(
    r"(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T]+(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


def decoded(data: bytes) -> str:
    """Decode text whose encoding nobody told: UTF-8 if it can be that, else what Windows wrote."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def text(value: str) -> str:
    """Return a text of several lines, cleaned."""
    value = _cleaned(value[: 4 * MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n"))
    lines = (re.sub(r"[^\S\n]+", " ", found).strip() for found in value.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:MOST_TEXT].rstrip()


def line(value: str) -> str:
    """Return a text of one line, cleaned."""
    return " ".join(_cleaned(value[: 4 * MOST_LINE]).split())[:MOST_LINE].rstrip()


def lines(values: Iterable[str]) -> tuple[str, ...]:
    """Return cleaned keywords, each once."""
    found = dict.fromkeys(line(value) for value in values)
    return tuple(word for word in found if word)[:MOST_KEYWORDS]


def _cleaned(value: str) -> str:
    value = unicodedata.normalize("NFC", _TURNING.sub("", value))
    # Cc: control characters; Cs: halves of characters, which no database takes.
    return "".join(
        " " if one == "\t" else one for one in value if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")
    )


def rating(value: str | int | None) -> int | None:
    """Return 0 to 5; a photo that was rejected (-1) has 0."""
    try:
        return None if value is None or value == "" else max(0, min(5, round(float(value))))
    except (ValueError, OverflowError):
        return None


def moment(value: str, offset: str = "") -> datetime | None:
    """Read a time as EXIF (2026:10:31 08:00:00) or XMP (2026-10-31T08:00:00+01:00) writes it; None if it is none."""
    found = _TIME.fullmatch(value.strip(" \0"))
    if not found:
        return None
    *numbers, own_offset = found.groups()
    try:
        return datetime(*(int(number or 0) for number in numbers), tzinfo=_zone(own_offset or offset))  # type: ignore[misc, arg-type]
    except ValueError:
        return None


def _zone(offset: str) -> timezone | None:
    if offset == "Z":
        return UTC
    found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", offset.strip(" \0"), re.ASCII)
    if not found:
        return None
    distance = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if distance >= timedelta(days=1):
        return None
    return timezone(-distance if found[1] == "-" else distance)


def place(latitude: float | None, longitude: float | None) -> Place | None:
    """Return the place if it is one; the point 0, 0 is what a device writes that does not know."""
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    if latitude == longitude == 0:
        return None
    return Place(latitude=round(latitude, 6), longitude=round(longitude, 6))
