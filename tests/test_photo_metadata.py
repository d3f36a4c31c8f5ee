"""What is read of a photo from any kind of file, which block counts, and that no file makes it fail."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.photo_metadata import read_info
from pressroom.photos import PhotoInfo, Place
from tests.metadata_reading.samples import alternatives, exif, iptc, picture, windows, with_iptc, xmp

EXIF = exif(
    {0x010E: "From EXIF", 0x013B: "Ann Example", 0x8298: "2026 Ann Example", 0x4746: 2},
    {0x9003: "2026:10:31 08:15:30", 0x9011: "+01:00"},
    {1: "N", 2: (52.0, 30.0, 36.0), 3: "W", 4: (13.0, 22.5, 0.0)},
)
XMP = xmp(
    alternatives("dc:title", "From XMP") + alternatives("Iptc4xmpCore:AltTextAccessibility", "A red door"),
    'xmp:Rating="4"',
)
KINDS = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"]


@pytest.mark.parametrize("kind", KINDS)
def test_exif_is_read_from_each_kind_of_file(kind: str) -> None:
    info = read_info(picture(kind, exif=EXIF), name="a.jpg", location=True)
    assert info == PhotoInfo(
        name="a.jpg",
        caption="From EXIF",
        rating=2,
        captured_at=datetime(2026, 10, 31, 8, 15, 30, tzinfo=timezone(timedelta(hours=1))),
        copyright="2026 Ann Example",
        credit="Ann Example",
        place=Place(latitude=52.51, longitude=-13.375),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_xmp_is_read_from_each_kind_of_file(kind: str) -> None:
    info = read_info(picture(kind, xmp=XMP))
    assert (info.title, info.alt_text, info.rating) == ("From XMP", "A red door", 4)


def test_compressed_xmp_in_a_png_is_read_and_cannot_fill_the_memory() -> None:
    assert read_info(picture("PNG", xmp=XMP, zip=True)).title == "From XMP"
    bomb = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(50_000_000))
    chunk = struct.pack(">I4s", len(bomb), b"iTXt") + bomb + bytes(4)
    png = picture("PNG")
    tracemalloc.start()
    try:
        assert read_info(png[:33] + chunk + png[33:]) == PhotoInfo()
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_where_a_photo_was_taken_is_told_only_if_that_is_allowed(kind: str) -> None:
    assert read_info(picture(kind, exif=EXIF)).place is None


def test_a_file_without_metadata_tells_its_name() -> None:
    for kind in KINDS:
        assert read_info(picture(kind), name="a.jpg") == PhotoInfo(name="a.jpg")


def test_of_several_blocks_xmp_counts_before_iptc_and_that_before_exif_for_each_property() -> None:
    records = iptc((1, 90, b"\x1b%G"), (2, 5, b"Title in IPTC"), (2, 120, "Überschrift".encode()))
    jpeg = with_iptc(picture("JPEG", exif=EXIF, xmp=XMP), records)
    info = read_info(jpeg)
    assert (info.title, info.caption, info.credit, info.rating) == ("From XMP", "Überschrift", "Ann Example", 4)


def test_a_file_of_xmp_beside_the_photo_counts_before_all() -> None:
    info = read_info(picture("JPEG", xmp=XMP), sidecar=xmp(alternatives("dc:title", "From beside"), 'xmp:Rating="0"'))
    assert (info.title, info.rating, info.alt_text) == ("From beside", 0, "A red door")


def test_a_time_without_a_zone_takes_the_one_that_another_block_tells_for_it() -> None:
    def taken(written: str) -> datetime | None:
        return read_info(picture("JPEG", exif=EXIF, xmp=xmp("", f'exif:DateTimeOriginal="{written}"'))).captured_at

    zone = timezone(timedelta(hours=1))
    assert taken("2026-10-31T08:15:30") == datetime(2026, 10, 31, 8, 15, 30, tzinfo=zone)
    edited = taken("2026-10-31T09:00:00")
    assert edited == datetime.fromisoformat("2026-10-31T09:00:00")
    assert edited.tzinfo is None
    assert taken("2026-10-31T09:00:00Z") == datetime(2026, 10, 31, 9, tzinfo=UTC)


def test_a_raw_file_that_is_built_like_a_tiff_tells_what_it_knows() -> None:
    raw = bytearray(EXIF.removeprefix(b"Exif\0\0"))
    assert read_info(bytes(raw)).credit == "Ann Example"
    raw[:4] = b"IIRO" if raw[:2] == b"II" else raw[:4]
    assert read_info(bytes(raw)).credit == "Ann Example"


def test_a_picture_of_any_size_tells_what_it_knows() -> None:
    jpeg = bytearray(picture("JPEG", xmp=XMP))
    size = jpeg.index(b"\xff\xc0") + 5
    jpeg[size : size + 4] = b"\xff\xff\xff\xff"  # 65,535 × 65,535 pixels
    assert read_info(bytes(jpeg)).title == "From XMP"


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_breaks_off_anywhere_tells_what_stands_before(kind: str) -> None:
    data = picture(kind, exif=EXIF, xmp=XMP)
    for length in range(0, len(data), max(1, len(data) // 200)):
        assert isinstance(read_info(data[:length], location=True), PhotoInfo)


SEEDS = [picture(kind, exif=EXIF, xmp=XMP) for kind in KINDS] + [
    with_iptc(picture("JPEG"), iptc((2, 5, b"Title"), (2, 25, b"one"), (2, 55, b"20261031")))
]


@settings(max_examples=400, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_no_damage_makes_it_fail(seed: bytes, changes: list[tuple[float, int]]) -> None:
    damaged = bytearray(seed)
    for where, value in changes:
        # Metadata stands near the beginning or the end; most damage is to go there.
        damaged[int(min(len(seed), 2500) * where) * (1 if value % 2 else -1)] = value
    info = read_info(bytes(damaged), location=True)
    info.model_dump_json()


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400), mark=st.sampled_from([b"", b"II*\0\x08\0\0\0", b"\xff\xd8\xff\xe1", b"MM\0*"]))
def test_no_bytes_make_it_fail(data: bytes, mark: bytes) -> None:
    read_info(mark + data, location=True, sidecar=data).model_dump_json()


def test_what_cameras_write_as_every_description_is_left_out() -> None:
    block = exif({0x010E: "OLYMPUS DIGITAL CAMERA         ", 0x9C9C: windows("A comment")})
    assert read_info(picture("JPEG", exif=block)).caption == "A comment"
