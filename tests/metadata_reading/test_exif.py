"""What EXIF tells, in the encodings and with the emptiness that cameras and Windows write."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from PIL.TiffImagePlugin import IFDRational

from pressroom.metadata_reading.exif import read_exif
from pressroom.photos import PhotoInfo, Place
from tests.metadata_reading.samples import exif, windows


def read(*blocks: dict[int, Any]) -> PhotoInfo:
    return read_exif(exif(*blocks).removeprefix(b"Exif\0\0"), location=True)


def test_what_windows_writes_is_read_in_any_script() -> None:
    info = read(
        {
            0x9C9B: windows("Der grüne Platz 🌳"),
            0x9C9E: windows("Baum; Platz;Baum"),
            0x9C9D: windows("Añn"),
            0x9C9C: windows("Was man sieht"),
        }
    )
    assert (info.title, info.keywords) == ("Der grüne Platz 🌳", ("Baum", "Platz"))
    assert (info.credit, info.caption) == ("Añn", "Was man sieht")


def test_text_in_utf_8_and_in_the_encoding_of_windows_is_read() -> None:
    assert read({0x8298: "© Añn".encode() + b"\0"}).copyright == "© Añn"
    assert read({0x8298: "© Añn".encode("cp1252") + b"\0"}).copyright == "© Añn"


def test_a_time_has_a_zone_only_if_the_camera_gave_one() -> None:
    taken = read({}, {0x9003: "2026:10:31 08:15:30"}).captured_at
    assert taken == datetime.fromisoformat("2026-10-31T08:15:30")
    assert taken.tzinfo is None


@pytest.mark.parametrize("written", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2026:13:45 08:00:00", "yesterday"])
def test_a_time_that_is_none_is_left_out(written: str) -> None:
    assert read({}, {0x9003: written}).captured_at is None


def test_a_zone_that_is_none_is_left_out() -> None:
    for offset in ("   :  ", "+99:99", "CEST"):
        taken = read({}, {0x9003: "2026:10:31 08:15:30", 0x9011: offset}).captured_at
        assert taken == datetime.fromisoformat("2026-10-31T08:15:30")


def test_south_and_west_are_negative() -> None:
    info = read({}, {}, {1: "S", 2: (33.0, 51.0, 31.5), 3: "E", 4: (151.0, 12.0, 51.0)})
    assert info.place == Place(latitude=-33.85875, longitude=151.214167)


@pytest.mark.parametrize(
    "gps",
    [
        {},
        {1: "N", 2: (52.0, 30.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (13.0, 0.0, 0.0)},
        {1: "N", 2: (IFDRational(1, 0), 0.0, 0.0), 3: "E", 4: (13.0, 0.0, 0.0)},
    ],
)
def test_a_place_that_is_none_is_left_out(gps: dict[int, Any]) -> None:
    assert read({}, {}, gps).place is None


def test_a_place_may_lack_its_seconds() -> None:
    info = read({}, {}, {1: "N", 2: (52.0, Fraction(61, 2)), 3: "E", 4: (13.0, 22.5)})
    assert info.place == Place(latitude=52.508333, longitude=13.375)


def test_the_editor_named_after_the_photographer_is_left_out() -> None:
    assert read({0x8298: b"Ann Example\0Edited by Ben\0"}).copyright == "Ann Example"
