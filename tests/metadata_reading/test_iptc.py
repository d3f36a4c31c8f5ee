"""What IPTC tells, with and without the mark of its encoding."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from pressroom.metadata_reading.iptc import read_iptc
from pressroom.photos import PhotoInfo
from tests.metadata_reading.samples import iptc

UTF_8 = (1, 90, b"\x1b%G")


def test_each_property_is_read() -> None:
    records = iptc(
        UTF_8,
        (2, 5, "Märkte".encode()),
        (2, 25, b"market"),
        (2, 25, "früh".encode()),
        (2, 25, b"market"),
        (2, 55, b"20261031"),
        (2, 60, b"081530+0100"),
        (2, 80, b"Ann Example"),
        (2, 80, b"Ben Example"),
        (2, 116, "© Ann".encode()),
        (2, 120, b"One line.\rAnother."),
    )
    assert read_iptc(records) == PhotoInfo(
        title="Märkte",
        caption="One line.\nAnother.",
        keywords=("market", "früh"),
        captured_at=datetime(2026, 10, 31, 8, 15, 30, tzinfo=timezone(timedelta(hours=1))),
        copyright="© Ann",
        credit="Ann Example, Ben Example",
    )


def test_without_the_mark_of_utf_8_the_encoding_is_found_out() -> None:
    assert read_iptc(iptc((2, 5, "Märkte".encode("latin-1")))).title == "Märkte"
    assert read_iptc(iptc((2, 5, "Märkte".encode()))).title == "Märkte"


def test_with_the_mark_of_utf_8_what_is_none_is_replaced() -> None:
    assert read_iptc(iptc(UTF_8, (2, 5, b"M\xe4rkte"))).title == "M\ufffdrkte"


def test_control_characters_are_removed() -> None:
    info = read_iptc(iptc((2, 5, b"a\x07\x1b[31mb\x00c"), (2, 120, b"one\x08\ttwo\nthree")))
    assert (info.title, info.caption) == ("a[31mbc", "one two\nthree")


def test_a_headline_and_a_credit_line_serve_where_there_is_no_title_and_no_name() -> None:
    info = read_iptc(iptc((2, 105, b"Headline"), (2, 110, b"Agency"), (2, 5, b"  ")))
    assert (info.title, info.credit) == ("Headline", "Agency")


def test_a_long_text_with_a_length_of_four_bytes_is_read() -> None:
    text = b"x" * 9000
    block = b"\x1c\x02\x78\x80\x04" + len(text).to_bytes(4, "big") + text + iptc((2, 5, b"Title"))
    info = read_iptc(block)
    assert (len(info.caption), info.title) == (9000, "Title")


def test_what_stands_before_the_damage_is_read() -> None:
    block = iptc((2, 5, b"Title"), (2, 120, b"Caption"))
    assert read_iptc(block[:-3]).title == "Title"
    assert read_iptc(b"\x1c\x02") == read_iptc(b"") == PhotoInfo()


def test_a_date_that_is_none_is_left_out() -> None:
    for date in (b"00000000", b"2026", b"", b"\xff\xff"):
        assert read_iptc(iptc((2, 55, date))).captured_at is None
