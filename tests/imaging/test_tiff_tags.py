"""Single tags of a directory, however wrong it is."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from pressroom.imaging.tiff_tags import ARTIST, COPYRIGHT, MAKE, SUBFILE_TYPE, first_directory, text

ALL = (ARTIST, COPYRIGHT, MAKE, SUBFILE_TYPE)


def directory(order: str, *entries: tuple[int, int, int, bytes]) -> bytes:
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}IH", 8, len(entries))
    return head + b"".join(struct.pack(f"{order}HHI", *entry[:3]) + entry[3].ljust(4, b"\0") for entry in entries)


def test_texts_and_numbers_are_read_in_both_orders() -> None:
    for order in "<>":
        data = directory(order, (MAKE, 2, 4, b"Me\0\0"), (SUBFILE_TYPE, 4, 1, struct.pack(f"{order}I", 1)))
        assert first_directory(data, ALL) == {MAKE: b"Me\0\0", SUBFILE_TYPE: 1}
        longer = directory(order, (COPYRIGHT, 2, 6, struct.pack(f"{order}I", 22))) + b"(c) M\0"
        assert text(first_directory(longer, ALL)[COPYRIGHT]) == "(c) M"


def test_offsets_and_lengths_that_lead_nowhere_are_passed_over() -> None:
    nowhere = directory("<", (COPYRIGHT, 2, 60, b"\xff\xff\xff\xff"), (ARTIST, 2, 2**32 - 1, b""), (MAKE, 99, 1, b""))
    assert first_directory(nowhere, ALL) == {}
    assert first_directory(b"II*\0\xff\xff\xff\xff\0\0\0\0", ALL) == {}
    assert first_directory(b"II*\0", ALL) == {}
    assert first_directory(b"no directory", ALL) == {}


@given(st.binary(max_size=200), st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b""]))
def test_no_bytes_do_harm(data: bytes, start: bytes) -> None:
    first_directory(start + data, range(0x10000))


def test_text_is_utf_8_or_else_latin_1() -> None:
    assert text("© Zoë\0rest".encode()) == "© Zoë"
    assert text("© Zoë".encode("latin-1")) == "© Zoë"
    assert text(7) == text(None) == ""
