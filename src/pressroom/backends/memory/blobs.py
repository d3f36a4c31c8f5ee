"""Blobs in memory, with the same signed URLs as the file backend's."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from datetime import datetime

from pressroom.backends._asset_urls import is_genuine, signed_path
from pressroom.backends._put_urls import signed_put, terms_of_url
from pressroom.errors import Conflict, NotFound
from pressroom.incoming import Measured, SignedPut, UploadTerms, measured
from pressroom.ports import Clock


class MemoryBlobStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._blobs: dict[tuple[str, int], bytes] = {}

    def put(self, key: str, revision: int, data: bytes, *, like: int | None = None) -> None:
        with self._lock:
            known = self._blobs.get((key, like or 0))
            stored = self._blobs.setdefault((key, revision), known if known == data else bytes(data))
        if stored != data:
            raise Conflict(f"Revision {revision} of {key} is already there with other bytes.", where=key)

    def get(self, key: str, revision: int, *, start: int = 0, length: int | None = None) -> bytes:
        with self._lock:
            data = self._blobs.get((key, revision))
        if data is None:
            raise NotFound(f"There are no bytes of revision {revision} of {key}.", where=key)
        return data if not start and length is None else data[start:][:length]

    def remove(self, key: str, revision: int) -> None:
        with self._lock:
            self._blobs.pop((key, revision), None)

    def where(self, key: str, revision: int) -> str:
        return f"memory:{key}?revision={revision}"

    def sign(self, key: str, revision: int, expires_at: datetime) -> str:
        return signed_path(self._secret, key, revision, expires_at)

    def verify(self, key: str, revision: int, expires: str, signature: str) -> bool:
        return is_genuine(self._secret, key, revision, expires, signature, self._clock.now())

    def direct_url(self, key: str, revision: int, expires_at: datetime, media_type: str) -> str:
        return ""

    def sign_put(self, terms: UploadTerms) -> SignedPut:
        return signed_put(self._secret, terms)

    def verify_put(self, key: str, query: Mapping[str, str]) -> UploadTerms | None:
        return terms_of_url(self._secret, key, query)

    def begin(self, key: str) -> MemoryIncoming:
        return MemoryIncoming(self, key)

    def measure(self, key: str, revision: int, *, most_bytes: int, head_bytes: int) -> Measured:
        data = self.get(key, revision)
        return measured(len(data), [data], head_bytes) if len(data) <= most_bytes else Measured(size=len(data))

    def drop_abandoned(self) -> int:
        return 0  # what was under way in memory is gone with its process


class MemoryIncoming:
    def __init__(self, blobs: MemoryBlobStore, key: str) -> None:
        self._blobs, self._key = blobs, key
        self._written = bytearray()

    def write(self, piece: bytes) -> None:
        self._written += piece

    def keep(self, revision: int) -> None:
        self._blobs.put(self._key, revision, bytes(self._written))
        self.drop()

    def drop(self) -> None:
        self._written.clear()
