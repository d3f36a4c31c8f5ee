"""Files on their way to S3: what a signed URL for one says, and bytes that are gathered before they are stored."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from pressroom.backends._s3_presigning import LONGEST_SECONDS
from pressroom.incoming import UploadTerms

_EXACT, _AT_MOST, _TYPE = "x-bytes", "x-max-bytes", "x-type"
"""S3 ignores parameters that begin with x-, and signs them like any other; what they say stands in its access log.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html#LogFormatCustom, 2026-11-21"""
_JOB = re.compile(r"/job_([0-9a-f]{12})7[0-9a-f]{19}(?![0-9a-f])")
"""Milliseconds stand at the beginning of a UUID of version 7: RFC 9562, 5.7."""
_HELD_IN_MEMORY = 8 * 2**20


def begins_at(terms: UploadTerms) -> datetime:
    """Return from when a URL is signed: known from its terms alone, so that they give the same URL again.

    That is when its job was asked for, which the job's id says (`ids`); else as early as S3 allows.
    """
    earliest = terms.expires_at - timedelta(seconds=LONGEST_SECONDS)
    found = _JOB.search(terms.key)
    asked = datetime.fromtimestamp(int(found[1], 16) // 1000, UTC) if found else earliest
    return asked if earliest <= asked < terms.expires_at else earliest


def said_in_query(terms: UploadTerms) -> dict[str, str]:
    name, size = (_AT_MOST, terms.max_bytes) if terms.bytes is None else (_EXACT, terms.bytes)
    return {name: str(size), _TYPE: terms.media_type}


def held_by_headers(terms: UploadTerms) -> dict[str, str]:
    """Return the headers with which alone S3 takes the file; a mere bound on the size is none that it knows."""
    size = {} if terms.bytes is None else {"Content-Length": str(terms.bytes)}
    return {"Content-Type": terms.media_type, "If-None-Match": "*", **size}


def terms_said(key: str, query: Mapping[str, str]) -> UploadTerms | None:
    """Return what a query says, genuine or not; None if it says nothing of the kind."""
    try:
        began = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        exact = query.get(_EXACT)
        return UploadTerms(
            key=key,
            media_type=query[_TYPE],
            max_bytes=int(exact or query[_AT_MOST]),
            bytes=int(exact) if exact else None,
            expires_at=began + timedelta(seconds=int(query["X-Amz-Expires"])),
        )
    except (KeyError, ValueError, OverflowError):
        return None


class IncomingObject:
    """One file, in memory as long as it is small, else on the disk under no name: nothing of it outlives its process.

    In the store it appears at once and whole, so that nothing there is ever left half.
    """

    def __init__(self, store: Callable[[int, BinaryIO, int, str], None]) -> None:
        """`store` is given the revision, the whole file, its size and its digest."""
        self._store = store
        self._file = tempfile.SpooledTemporaryFile(max_size=_HELD_IN_MEMORY)  # noqa: SIM115 - closed by `drop`
        self._digest = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)

    def keep(self, revision: int) -> None:
        size = self._file.tell()
        self._file.seek(0)
        self._store(revision, self._file, size, self._digest.hexdigest())  # type: ignore[arg-type]
        self.drop()

    def drop(self) -> None:
        self._file.close()
