"""The port for what clients put into the store by themselves, at signed URLs; `blob_store.BlobStore` includes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTerms:
    """What one signed URL takes: one file, at this key, of this type and size, until then."""

    key: str
    media_type: str
    max_bytes: int
    bytes: int | None = None
    """Exactly so many, where the client announced the size."""
    expires_at: datetime
    """In whole seconds."""

    def fits(self, size: int) -> bool:
        return 0 < size <= self.max_bytes if self.bytes is None else size == self.bytes

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "media_type": self.media_type,
            "max_bytes": self.max_bytes,
            "bytes": self.bytes,
            "expires_at": self.expires_at.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> UploadTerms:
        return cls(**{**data, "expires_at": datetime.fromisoformat(data["expires_at"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPut:
    """How a client sends its file: a plain `PUT` of the bytes to `url` with these headers."""

    url: str
    """Absolute where the store has an address of its own; else a path and query of this server's."""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What can be told of stored bytes without holding all of them in memory."""

    size: int
    head: bytes = b""
    sha256: str = ""
    """Empty, as is `head`, of what is larger than was asked for: that is not read."""


def measured(size: int, pieces: Iterable[bytes], head_bytes: int) -> Measured:
    """Measure bytes that come in pieces."""
    digest, head = hashlib.sha256(), b""
    for piece in pieces:
        digest.update(piece)
        if len(head) < head_bytes:
            head += piece[: head_bytes - len(head)]
    return Measured(size=size, head=head, sha256=digest.hexdigest())


class IncomingBlob(Protocol):
    """Bytes on their way into the store, a piece at a time; nobody sees any of them before all are kept."""

    def write(self, piece: bytes) -> None: ...

    def keep(self, revision: int) -> None:
        """Store what was written as this revision, durably and whole, as `BlobStore.put` does; once."""

    def drop(self) -> None:
        """Forget what was written; what was kept stays, and a second time is no error."""


class UploadStore(Protocol):
    """A file that is not as its URL was signed for never becomes an asset.

    A store that clients reach without us may hold only what its signatures can say: an exact size, the type, that
    nothing is written over. What it cannot hold (a mere bound, on S3) is measured before the file is made known.
    """

    def sign_put(self, terms: UploadTerms) -> SignedPut:
        """Return what lets whoever has it store that one file; the same terms give the same URL.

        A client sends every header that is returned, and `Content-Type` among them.
        """

    def verify_put(self, key: str, query: Mapping[str, str]) -> UploadTerms | None:
        """Return what a URL was signed for, whether or not it is over; None if it is not genuine to the last sign."""

    def begin(self, key: str) -> IncomingBlob:
        """Begin to take in the bytes of a key."""

    def measure(self, key: str, revision: int, *, most_bytes: int, head_bytes: int) -> Measured:
        """Return the size of stored bytes, and of no more than so many their first ones and their digest.

        Raises `NotFound`. For what clients have put into the store without us: it may be larger than memory.
        """

    def drop_abandoned(self) -> int:
        """Remove what was begun by processes that were killed; return how many there were. Never what is under way."""
