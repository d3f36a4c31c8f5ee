"""What EXIF tells of a photo. CIPA DC-008 (EXIF 3.0); the XP tags are those that Windows writes."""

from __future__ import annotations

from fractions import Fraction

from pressroom.metadata_reading import words
from pressroom.metadata_reading.containers import UNREADABLE
from pressroom.metadata_reading.tiff import Directory
from pressroom.photos import PhotoInfo, Place

_DESCRIPTION, _ARTIST, _RATING, _COPYRIGHT = 0x010E, 0x013B, 0x4746, 0x8298
_XP_TITLE, _XP_COMMENT, _XP_AUTHOR, _XP_KEYWORDS, _XP_SUBJECT = 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _TAKEN_OFFSET = 0x9003, 0x9011
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4

# What cameras write as the description of every picture.
_NO_DESCRIPTIONS = {"olympus digital camera", "sony dsc", "samsung", "default", "minolta digital camera", "dcim", "dig"}


def read_exif(data: bytes, *, location: bool) -> PhotoInfo:
    """Return what a block of EXIF tells; as much of it as can be read."""
    try:
        top = Directory(data)
    except UNREADABLE:
        return PhotoInfo()
    caption = words.text(top.text(_DESCRIPTION))
    if caption.lower() in _NO_DESCRIPTIONS:
        caption = ""
    inner = _inner(top, _EXIF)
    return PhotoInfo(
        title=words.line(_windows(top, _XP_TITLE) or _windows(top, _XP_SUBJECT)),
        caption=caption or words.text(_windows(top, _XP_COMMENT)),
        keywords=words.lines(_windows(top, _XP_KEYWORDS).split(";")),
        rating=words.rating(top.number(_RATING)),
        captured_at=words.moment(inner.text(_TAKEN), inner.text(_TAKEN_OFFSET)) if inner else None,
        copyright=words.line(top.text(_COPYRIGHT)),
        credit=words.line(top.text(_ARTIST) or _windows(top, _XP_AUTHOR)),
        place=_place(_inner(top, _GPS)) if location else None,
    )


def _inner(top: Directory, tag: int) -> Directory | None:
    try:
        return top.inner(tag)
    except UNREADABLE:
        return None


def _windows(top: Directory, tag: int) -> str:
    return top.raw(tag).decode("utf-16-le", "replace").partition("\0")[0]


def _place(gps: Directory | None) -> Place | None:
    if gps is None:
        return None
    try:
        latitude, longitude = _degrees(gps.fractions(_LATITUDE)), _degrees(gps.fractions(_LONGITUDE))
    except UNREADABLE:
        return None
    if latitude is None or longitude is None:
        return None
    south = gps.text(_LATITUDE_REF).upper().startswith("S")
    west = gps.text(_LONGITUDE_REF).upper().startswith("W")
    return words.place(-latitude if south else latitude, -longitude if west else longitude)


def _degrees(parts: list[Fraction]) -> float | None:
    """Degrees, minutes and seconds, of which the last may be missing."""
    return float(sum(part / 60**power for power, part in enumerate(parts[:3]))) if parts else None
