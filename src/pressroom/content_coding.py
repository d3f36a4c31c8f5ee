"""Undoes the compression of an answer's body, as much as may come out and no more. Pure.

Only what is asked for is undone: gzip and deflate. Each further one would be a parser more that a stranger can feed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"
_MEMBER = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS


class TooLarge(Exception):
    """The body has more bytes than it may have."""


class CutOff(Exception):
    """The body ends in the middle of its compressed content."""


class Unreadable(Exception):
    """The body is not what its headers say; `args[0]` is a clause for people."""


def unpacked(chunks: Iterable[bytes], content_encoding: str, max_bytes: int) -> bytes:
    """Return the body behind its coding, never holding much more than that.

    Raises `TooLarge`, `CutOff` or `Unreadable`.
    """
    codings = [name.strip().lower().removeprefix("x-") for name in content_encoding.split(",") if name.strip()]
    codings = [name for name in codings if name != "identity"]
    if unknown := [name for name in codings if name not in ("gzip", "deflate")]:
        raise Unreadable(f"it is compressed as {unknown[0][:20]!a}, which was not asked for")
    if len(codings) > 1:
        raise Unreadable("it is compressed more than once")
    body = bytearray()
    for chunk in _inflated(chunks, codings[0], max_bytes) if codings else chunks:
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge
    return bytes(body)


def _inflated(chunks: Iterable[bytes], coding: str, max_bytes: int) -> Iterator[bytes]:
    """Yield what comes out, in pieces of at most `max_bytes` + 1."""
    inflate, is_over, kept = None, False, b""
    for chunk in chunks:
        data, kept = kept + chunk, b""
        while data:
            if is_over:
                # A gzip file may have several members; what else follows the last one, padding mostly, is not content.
                if coding != "gzip" or not data.startswith(_MEMBER[: len(data)]):
                    return
                if len(data) < len(_MEMBER):
                    kept = data
                    break
                inflate, is_over = None, False
            inflate = inflate or zlib.decompressobj(_window(coding, data))
            try:
                piece = inflate.decompress(data, max_bytes + 1)
            except zlib.error:
                raise Unreadable(f"it is not the {coding} that it says it is") from None
            if piece:
                yield piece
            is_over = inflate.eof
            data = inflate.unused_data if is_over else inflate.unconsumed_tail
    if inflate is not None and not is_over:
        raise CutOff


def _window(coding: str, data: bytes) -> int:
    """Say which form it is: servers send `deflate` with the header of zlib, as they should, and without."""
    if coding == "gzip":
        return _GZIP
    is_zlib = data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0)
    return _ZLIB if is_zlib else _RAW
