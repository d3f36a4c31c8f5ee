"""Compressed bodies: what comes out is bounded, and nothing is undone that was not asked for."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.content_coding import CutOff, TooLarge, Unreadable, unpacked

TEXT = b"a page about a lamp " * 50


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT, mtime=0)),
        (" GZIP ", gzip.compress(TEXT, mtime=0)),
        ("identity, gzip", gzip.compress(TEXT, mtime=0)),
        ("gzip", gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0)),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"\0" * 20),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"\x1f rubbish"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
    ],
)
def test_a_body_comes_out_as_it_was_packed(coding: str, data: bytes, size: int) -> None:
    assert unpacked(pieces(data, size), coding, 10_000) == TEXT


def test_a_packed_body_of_no_bytes_is_empty() -> None:
    assert unpacked([], "gzip", 10) == b""


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "aws-chunked", "dcb"])
def test_a_coding_that_was_not_asked_for_is_not_undone(coding: str) -> None:
    with pytest.raises(Unreadable, match=f"compressed as '{coding}', which was not asked for"):
        unpacked([b"whatever"], coding, 10_000)


def test_a_body_that_is_packed_twice_is_not_unpacked() -> None:
    with pytest.raises(Unreadable, match="more than once"):
        unpacked([gzip.compress(gzip.compress(TEXT, mtime=0))], "gzip, gzip", 10_000)


@pytest.mark.parametrize(("coding", "data"), [("gzip", b"<html>no gzip"), ("deflate", b"\xff" * 40)])
def test_what_is_not_packed_as_it_says_is_told(coding: str, data: bytes) -> None:
    with pytest.raises(Unreadable, match=f"not the {coding}"):
        unpacked([data], coding, 10_000)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_packed_body_that_ends_too_early_is_cut_off(coding: str) -> None:
    data = gzip.compress(TEXT, mtime=0) if coding == "gzip" else zlib.compress(TEXT)
    with pytest.raises(CutOff):
        unpacked([data[:-9]], coding, 10_000)


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("", bytes)])
def test_the_limit_is_on_what_comes_out(coding: str, pack: object) -> None:
    data = pack(TEXT)  # type: ignore[operator]
    assert len(unpacked([data], coding, len(TEXT))) == len(TEXT)
    with pytest.raises(TooLarge):
        unpacked([data], coding, len(TEXT) - 1)


def test_a_bomb_does_not_fill_the_memory() -> None:
    bomb = gzip.compress(b"\0" * 100_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            unpacked([bomb], "gzip", 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]), st.integers(1, 50))
def test_rubbish_is_refused_and_nothing_else_happens(data: bytes, coding: str, size: int) -> None:
    with suppress(TooLarge, CutOff, Unreadable):
        assert len(unpacked(pieces(data, size), coding, 1000)) <= 1000
