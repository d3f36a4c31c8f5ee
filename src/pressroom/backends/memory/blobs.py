"""Blobs in memory, with the same signed URLs as the file backend's."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlencode

from pressroom.backends._put_urls import signed_put, terms_of_url
from pressroom.errors import Conflict, NotFound
from pressroom.incoming import SignedPut, UploadTerms
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

    def get(self, key: str, revision: int) -> bytes:
        with self._lock:
            data = self._blobs.get((key, revision))
        if data is None:
            raise NotFound(f"There are no bytes of revision {revision} of {key}.", where=key)
        return data

    def remove(self, key: str, revision: int) -> None:
        with self._lock:
            self._blobs.pop((key, revision), None)

    def where(self, key: str, revision: int) -> str:
        return f"memory:{key}?revision={revision}"

    def sign(self, key: str, revision: int, expires_at: datetime) -> str:
        expires = str(int(expires_at.timestamp()))
        query = {"revision": revision, "expires": expires, "signature": self._signature(key, revision, expires)}
        return f"/assets/{quote(key)}?{urlencode(query)}"

    def verify(self, key: str, revision: int, expires: str, signature: str) -> bool:
        expected = self._signature(key, revision, expires)
        genuine = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass"))
        # Only what was signed is read as a number.
        return genuine and self._clock.now().timestamp() < int(expires)

    def sign_put(self, terms: UploadTerms) -> SignedPut:
        return signed_put(self._secret, terms)

    def verify_put(self, key: str, query: Mapping[str, str]) -> UploadTerms | None:
        return terms_of_url(self._secret, key, query)

    def begin(self, key: str) -> MemoryIncoming:
        return MemoryIncoming(self, key)

    def drop_abandoned(self) -> int:
        return 0  # what was under way in memory is gone with its process

    def _signature(self, key: str, revision: int, expires: str) -> str:
        message = f"{key}\n{revision}\n{expires}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()


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
