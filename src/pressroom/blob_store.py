"""The port for stored bytes; `ports` names it among the others."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pressroom.incoming import UploadStore


class BlobStore(UploadStore, Protocol):
    """Bytes by key and revision, written once. What it holds is listed in the `AssetIndex`."""

    def put(self, key: str, revision: int, data: bytes, *, like: int | None = None) -> None:
        """Store the bytes durably; the same bytes again are no error, others raise `Conflict`.

        `like` is a revision of the key that should have the same bytes, so that they need not be stored twice;
        each of the two can be removed without the other.
        """

    def get(self, key: str, revision: int, *, start: int = 0, length: int | None = None) -> bytes:
        """Return the bytes, or at most `length` of them from `start` on and no more is read; raises `NotFound`.

        From behind the end on there are none.
        """

    def remove(self, key: str, revision: int) -> None:
        """Remove the bytes; what is not there is no error."""

    def where(self, key: str, revision: int) -> str:
        """Return where a person finds the bytes: a path, or what else the backend calls their place."""

    def sign(self, key: str, revision: int, expires_at: datetime) -> str:
        """Return a URL path and query that open this revision until then, and nothing else."""

    def verify(self, key: str, revision: int, expires: str, signature: str) -> bool:
        """Say whether a signed URL is genuine and not over."""

    def direct_url(self, key: str, revision: int, expires_at: datetime, media_type: str) -> str:
        """Return an absolute URL at which the store itself gives out this revision, until then at the latest.

        Empty where the store has no address of its own: then `sign` is the only way in.
        """
