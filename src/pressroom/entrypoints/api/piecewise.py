"""Answers with stored bytes piece by piece, so that no file is in memory whole, however large and asked for by many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.responses import Response, StreamingResponse

from pressroom.entrypoints.api.byte_ranges import Part

PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    size: int
    read: Callable[[int, int], bytes]
    """From which byte on, and how many."""


def piecewise(stored: Stored, part: Part, status: int, media_type: str, headers: dict[str, str]) -> Response:
    """Return an answer with a part of the bytes; the first piece is read now, so that what is gone is an error yet."""
    first = stored.read(part.first, min(part.size, PIECE_BYTES)) if part.size else b""
    if part.size <= PIECE_BYTES:
        return Response(first, status, headers, media_type)

    def pieces() -> Iterator[bytes]:
        yield first
        for start in range(part.first + PIECE_BYTES, part.last + 1, PIECE_BYTES):
            yield stored.read(start, min(PIECE_BYTES, part.last + 1 - start))

    return StreamingResponse(pieces(), status, headers | {"content-length": str(part.size)}, media_type)
