"""What XMP tells of a photo, embedded or in a file beside it. ISO 16684-1; IPTC Photo Metadata Standard 2025.1."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pressroom.metadata_reading import words
from pressroom.photos import PhotoInfo, Place

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_IPTC = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_DEGREES = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])", re.ASCII)
_MOST_BYTES = 2_000_000


def read_xmp(packet: bytes, *, location: bool) -> PhotoInfo:
    """Return what a packet tells; nothing if it is not well-formed."""
    root = _parsed(packet)
    if root is None:
        return PhotoInfo()
    told = _Properties(root)
    taken = told.first(_EXIF + "DateTimeOriginal", _PHOTOSHOP + "DateCreated", _XMP + "CreateDate")
    return PhotoInfo(
        title=words.line(told.first(_DC + "title", _PHOTOSHOP + "Headline")),
        caption=words.text(told.first(_DC + "description")),
        alt_text=words.text(told.first(_IPTC + "AltTextAccessibility")),
        keywords=words.lines(told.all(_DC + "subject")),
        rating=words.rating(told.first(_XMP + "Rating")),
        captured_at=words.moment(taken),
        copyright=words.line(told.first(_DC + "rights")),
        credit=words.line(", ".join(told.all(_DC + "creator")) or told.first(_PHOTOSHOP + "Credit")),
        place=_place(told) if location else None,
    )


def _parsed(packet: bytes) -> Element | None:
    from xml.etree.ElementTree import ParseError

    from defusedxml import ElementTree

    if packet[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        packet = packet.strip(b"\0 \t\r\n")
    if not packet or len(packet) > _MOST_BYTES:
        return None
    try:
        root: Element = ElementTree.fromstring(packet, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):
        # ValueError: also what defusedxml refuses (a DTD, entities). LookupError: an encoding that nobody knows.
        return None
    return root


class _Properties:
    """The properties of all descriptions; each may be written as an attribute, an element or a list."""

    def __init__(self, root: Element) -> None:
        self._descriptions = list(root.iter(_RDF + "Description"))

    def all(self, name: str) -> list[str]:
        for description in self._descriptions:
            values = [value for value in self._values(description, name) if value.strip()]
            if values:
                return values
        return []

    def first(self, *names: str) -> str:
        return next((value for name in names for value in self.all(name)), "")

    def _values(self, description: Element, name: str) -> Iterator[str]:
        if name in description.attrib:
            yield description.attrib[name]
        for element in description.findall(name):
            entries = element.findall(f"*/{_RDF}li")
            # Of the languages of a text, its default one comes first.
            for entry in sorted(entries, key=lambda entry: entry.get(_LANGUAGE) != "x-default"):
                yield entry.text or ""
            if not entries:
                yield element.text or ""


def _place(told: _Properties) -> Place | None:
    return words.place(_degrees(told.first(_EXIF + "GPSLatitude")), _degrees(told.first(_EXIF + "GPSLongitude")))


def _degrees(value: str) -> float | None:
    """Read "52,30.9N" or "52,30,54N"."""
    found = _DEGREES.fullmatch(value.strip())
    if not found:
        return None
    degrees = float(found[1]) + float(found[2]) / 60 + float(found[3] or 0) / 3600
    return -degrees if found[4] in "SW" else degrees
