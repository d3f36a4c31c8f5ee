"""Assets, and what kind of file some bytes are."""

from __future__ import annotations

import struct
from datetime import timedelta

import pytest

from pressroom.contracts.samples import NOW, an_asset
from pressroom.media import media_type_of


def _tiff(*tags: tuple[str, str | int]) -> bytes:
    """Return the beginning of a TIFF with these tags in its first directory."""
    numbers = {"Make": 271, "SubfileType": 254, "SubIFDs": 330, "DNGVersion": 50706}
    at, entries, texts = 10 + 12 * len(tags), b"", b""
    for name, value in tags:
        if isinstance(value, str):
            entries += struct.pack("<HHII", numbers[name], 2, len(value), at + len(texts))
            texts += value.encode()
        else:
            entries += struct.pack("<HHII", numbers[name], 4, 1, value)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + texts


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif"),
        (b"\x00\x00\x00\x20ftypheic", "image/heic"),
        (b"\x00\x00\x00\x20ftypheix", "image/heic"),
        (b"\x00\x00\x00\x20ftyphevc", "image/heic"),
        (b"\x00\x00\x00\x20ftypavis", "image/avif"),
        (b"\x00\x00\x00\x1cftypmif1\0\0\0\0mif1heicmiaf", "image/heic"),
        (b"\x00\x00\x00\x1cftypmif1\0\0\0\0mif1avifmiaf", "image/avif"),
        (b"\x00\x00\x00\x14ftypmif1\0\0\0\0mif1avif", "image/heif"),
        (b"\xff\xff\xff\xffftypmsf1", "image/heif"),
        (b"\x00\x00\x00\x18ftypcrx \0\0\0\0crx isom", "image/x-canon-cr3"),
        (b"\x00\x00\x00\x20ftypisom", "application/octet-stream"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "application/octet-stream"),
        (b"\xff\x0a\x00", "application/octet-stream"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "application/octet-stream"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "image/x-canon-cr2"),
        (b"IIRO\x08\x00", "image/x-olympus-orf"),
        (b"IIRS\x08\x00", "image/x-olympus-orf"),
        (b"MMOR\x00\x08", "image/x-olympus-orf"),
        (b"IIU\x00\x18\x00", "image/x-panasonic-rw2"),
        (b"FUJIFILMCCD-RAW 0201", "image/x-fuji-raf"),
        (_tiff(("Make", "NIKON CORPORATION"), ("SubfileType", 1), ("SubIFDs", 8)), "image/x-nikon-nef"),
        (_tiff(("Make", "SONY   "), ("SubfileType", 1), ("SubIFDs", 8)), "image/x-sony-arw"),
        (_tiff(("Make", "NIKON CORPORATION"), ("SubfileType", 0)), "image/tiff"),
        (_tiff(("Make", "Pentax"), ("DNGVersion", 0x0401)), "image/x-adobe-dng"),
        (b"II*\x00....", "image/tiff"),
        (b"II*\x00\xff\xff\xff\xff\x00\x00", "image/tiff"),
        (b"II+\x00\x08\x00", "image/tiff"),
        (b"MM\x00*....", "image/tiff"),
        (b"%PDF-1.7", "application/pdf"),
        (b"<svg/>", "application/octet-stream"),
        (b"\xff\xd8", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_first_bytes_show_the_kind_of_a_file(data: bytes, media_type: str) -> None:
    assert media_type_of(data) == media_type


def test_an_asset_is_listed_with_times_as_text() -> None:
    shown = an_asset(expires_at=NOW + timedelta(hours=1), width=8, height=4).as_dict()
    assert shown["created_at"] == "2026-10-31T08:00:00+00:00"
    assert shown["expires_at"] == "2026-10-31T09:00:00+00:00"
    assert (shown["width"], shown["height"], shown["bytes"]) == (8, 4, 3)
    assert an_asset().as_dict()["expires_at"] is None
