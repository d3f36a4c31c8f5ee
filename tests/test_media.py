"""Assets, and what kind of file some bytes are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.contracts.samples import NOW, an_asset
from pressroom.media import media_type_of


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif"),
        (b"\x00\x00\x00\x20ftypheic", "image/heic"),
        (b"II*\x00....", "image/tiff"),
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
