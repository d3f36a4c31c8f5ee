"""What XMP tells, in each form in which a property may be written."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from pressroom.metadata_reading.xmp import read_xmp
from pressroom.photos import PhotoInfo, Place
from tests.metadata_reading.samples import alternatives, listed, xmp


def read(elements: str = "", attributes: str = "") -> PhotoInfo:
    return read_xmp(xmp(elements, attributes), location=True)


def test_each_property_is_read() -> None:
    elements = (
        alternatives("dc:title", "A door")
        + alternatives("dc:description", "It is red.")
        + alternatives("Iptc4xmpCore:AltTextAccessibility", "A red door in a white wall")
        + listed("dc:subject", "door", "red", "door")
        + listed("dc:creator", "Ann", "Ben", kind="Seq")
        + alternatives("dc:rights", "© Ann")
    )
    attributes = 'xmp:Rating="5" exif:DateTimeOriginal="2026-10-31T08:15:30.25Z"'
    assert read(elements, f'{attributes} exif:GPSLatitude="52,30.6N" exif:GPSLongitude="13,22,30W"') == PhotoInfo(
        title="A door",
        caption="It is red.",
        alt_text="A red door in a white wall",
        keywords=("door", "red"),
        rating=5,
        captured_at=datetime(2026, 10, 31, 8, 15, 30, tzinfo=UTC),
        copyright="© Ann",
        credit="Ann, Ben",
        place=Place(latitude=52.51, longitude=-13.375),
    )


def test_a_property_may_be_an_attribute_or_an_element() -> None:
    assert read("<xmp:Rating>3</xmp:Rating>").rating == read("", 'xmp:Rating="3"').rating == 3


def test_the_default_language_comes_first() -> None:
    entries = '<rdf:li xml:lang="de">Tür</rdf:li><rdf:li xml:lang="x-default">Door</rdf:li>'
    assert read(f"<dc:title><rdf:Alt>{entries}</rdf:Alt></dc:title>").title == "Door"
    assert read('<dc:title><rdf:Alt><rdf:li xml:lang="de">Tür</rdf:li></rdf:Alt></dc:title>').title == "Tür"


@pytest.mark.parametrize(
    ("written", "rating"), [("-1", 0), ("0", 0), ("4.0", 4), ("99", 5), ("five", None), ("nan", None), ("inf", None)]
)
def test_a_rating_is_a_number_of_stars(written: str, rating: int | None) -> None:
    assert read("", f'xmp:Rating="{written}"').rating == rating


def test_where_it_was_taken_is_not_read_unless_allowed() -> None:
    packet = xmp("", 'exif:GPSLatitude="52,30.6N" exif:GPSLongitude="13,22.5E"')
    assert read_xmp(packet, location=False).place is None


def test_control_characters_and_marks_that_turn_the_text_are_removed_and_length_is_bounded() -> None:
    info = read(alternatives("dc:title", "a\u202eb &#x85;\tc\n d") + alternatives("dc:description", "x" * 50_000))
    assert info.title == "ab c d"
    assert len(info.caption) == 10_000


def test_the_parts_of_an_emoji_stay_together() -> None:
    assert read(alternatives("dc:title", "👩\u200d🌾 ﷺ")).title == "👩\u200d🌾 ﷺ"


def test_no_more_keywords_than_anybody_needs_are_read() -> None:
    assert len(read(listed("dc:subject", *map(str, range(1000)))).keywords) == 200


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"not XML",
        xmp()[:-40],
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"\xff\xfe\0",
        b"<!DOCTYPE x>" + xmp("", 'xmp:Rating="1"').partition(b"?>")[2],
    ],
)
def test_what_is_not_well_formed_or_names_entities_tells_nothing(packet: bytes) -> None:
    assert read_xmp(packet, location=True) == PhotoInfo()


def test_a_packet_in_utf_16_is_read() -> None:
    packet = xmp(alternatives("dc:title", "Tür")).decode().replace("\ufeff", "", 1)
    assert read_xmp(packet.encode("utf-16"), location=False).title == "Tür"


def test_a_packet_with_padding_is_read() -> None:
    assert read_xmp(xmp("", 'xmp:Rating="1"') + b"\0" * 50, location=False).rating == 1


def test_deep_and_large_packets_take_no_time() -> None:
    began = time.monotonic()
    assert read_xmp(b"<a>" * 100_000 + b"</a>" * 100_000, location=False) == PhotoInfo()
    assert read_xmp(b"<a>" + b" " * 5_000_000 + b"</a>", location=False) == PhotoInfo()
    assert time.monotonic() - began < 5
