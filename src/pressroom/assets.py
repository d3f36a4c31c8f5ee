"""Stores media under a key and reads it back: gives revisions, so that the same bytes are stored once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from pressroom.errors import Conflict, NotFound
from pressroom.incoming import Measured
from pressroom.jobs import Job
from pressroom.media import Asset, media_type_of
from pressroom.ports import AssetIndex, BlobStore, Clock

_REVISIONS = 1000


class Assets:
    """What steps use; a stored asset becomes known with the step that returns it."""

    def __init__(self, index: AssetIndex, blobs: BlobStore, clock: Clock) -> None:
        self._index, self._blobs, self._clock = index, blobs, clock

    def store(
        self,
        key: str,
        data: bytes,
        *,
        job: Job | None = None,
        media_type: str = "",
        width: int | None = None,
        height: int | None = None,
        about: dict[str, Any] | None = None,
        sha256: str = "",
        expires_at: datetime | None = None,
    ) -> Asset:
        """Store the bytes durably and return the asset, which expires with its job, or at a time of its own.

        May be done again after a crash: the bytes of the job's own newest revision again are that revision.
        `sha256` is that of the bytes in hexadecimal digits, if the caller has it already.
        """
        newest = self._index.get(key)
        digest = sha256 or hashlib.sha256(data).hexdigest()
        # Another job's revision goes when that job expires, so that this one is its own, of bytes stored once.
        is_same = newest and newest.sha256 == digest and newest.job_id == (job.id if job else None)
        revision = newest.revision + (not is_same) if newest else 1
        like = newest.revision if newest and newest.sha256 == digest and not is_same else None
        return Asset(
            key=key,
            revision=self._put(key, revision, data, like),
            media_type=media_type or media_type_of(data),
            bytes=len(data),
            sha256=digest,
            created_at=self._clock.now(),
            width=width,
            height=height,
            job_id=job.id if job else None,
            expires_at=expires_at or (job.expires_at if job else None),
            about=about or {},
        )

    def read(self, key: str, revision: int | None = None) -> bytes:
        """Return the bytes of one revision, the newest if none is named; raises `NotFound`.

        What a person has put into the store by hand, such as a calendar, is nowhere listed and is revision 1.
        """
        newest = None if revision else self._index.get(key)
        try:
            return self._blobs.get(key, revision or (newest.revision if newest else 1))
        except NotFound as error:
            if revision or newest:
                raise
            raise NotFound(f"There is no asset {key}.", where=key) from error

    def measure(self, key: str, revision: int, *, most_bytes: int, head_bytes: int) -> Measured:
        """Tell of stored bytes, listed or not, without holding them; raises `NotFound`. See `UploadStore.measure`."""
        return self._blobs.measure(key, revision, most_bytes=most_bytes, head_bytes=head_bytes)

    def _put(self, key: str, first: int, data: bytes, like: int | None) -> int:
        """Store under the first free revision: one that was written but never made known is skipped."""
        for revision in range(first, first + _REVISIONS):
            try:
                self._blobs.put(key, revision, data, like=like)
            except Conflict:
                continue
            return revision
        raise Conflict(f"{_REVISIONS} revisions of {key} were written and never made known.", where=key)
