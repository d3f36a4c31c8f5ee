"""Which part of some bytes a request asks for."""

from __future__ import annotations

import pytest

from pressroom.entrypoints.api.byte_ranges import NoSuchPart, Part, wanted_part


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", Part(0, 0)),
        ("bytes=2-5", Part(2, 5)),
        ("bytes=2-", Part(2, 9)),
        ("bytes=2-99", Part(2, 9)),
        ("bytes=-3", Part(7, 9)),
        ("bytes=-99", Part(0, 9)),
        ("Bytes= 9-9 ", Part(9, 9)),
    ],
)
def test_a_range_is_read(asked: str, part: Part) -> None:
    assert wanted_part(asked, 10) == part
    assert part.size == len(b"0123456789"[part.first : part.last + 1])
    assert part.content_range(10) == f"bytes {part.first}-{part.last}/10"


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-2",
        "bytes=a-b",
        "lines=1-2",
        "bytes=0-1,3-4",
        "bytes=1-2-3",
        "bytes=²-3",
        "0-1",
    ],
)
def test_what_is_no_single_range_is_answered_by_the_whole(asked: str) -> None:
    assert wanted_part(asked, 10) is None


@pytest.mark.parametrize(("asked", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-0", 0), ("bytes=-1", 0)])
def test_what_lies_behind_the_end_is_told(asked: str, size: int) -> None:
    with pytest.raises(NoSuchPart):
        wanted_part(asked, size)


def test_a_part_of_something_else_is_not_given() -> None:
    assert wanted_part("bytes=2-5", 10, if_range='"a"', etag='"a"') == Part(2, 5)
    assert wanted_part("bytes=2-5", 10, if_range='"b"', etag='"a"') is None
    assert wanted_part("bytes=2-5", 10, if_range='W/"a"', etag='"a"') is None
    assert wanted_part("bytes=2-5", 10, if_range="Sat, 21 Nov 2026 01:00:00 GMT", etag='"a"') is None
    assert wanted_part("bytes=99-", 10, if_range='"b"', etag='"a"') is None
