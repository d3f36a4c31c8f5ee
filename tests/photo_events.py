"""The events that tell what became of photos, as sources and the fitting of variants write them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pressroom.events import Event
from tests.post_events import NOON


class PhotoEvents:
    """Tells of one photo."""

    def __init__(self, photo_id: str = "p1", *, source: str = "inbox", job_id: str = "job_1") -> None:
        self.photo_id, self.source, self.job_id = photo_id, source, job_id
        self.key = f"photos/{source}/{photo_id}.jpg"

    def variant_key(self, channel: str) -> str:
        return f"variants/{self.source}/{self.photo_id}/{channel}.jpg"

    def original(self, revision: int = 1, at: datetime = NOON, *, job_id: str = "", **about: Any) -> Event:
        known: dict[str, Any] = {
            "title": f"Photo {self.photo_id}",
            "alt_text": "A dune",
            "keywords": [],
            "captured_at": None,
        }
        known |= {"source": self.source, "photo_id": self.photo_id}
        return self._stored(self.key, revision, at, 6000, 4000, known | about, job_id or self.job_id)

    def variant(
        self,
        *channels: str,
        original_revision: int = 1,
        at: datetime = NOON,
        width: int = 1600,
        height: int = 900,
    ) -> Event:
        about = {"original": self.key, "original_revision": original_revision, "channels": list(channels)}
        return self._stored(self.variant_key(channels[0]), original_revision, at, width, height, about, self.job_id)

    def removed(self, revision: int, key: str = "", at: datetime = NOON) -> Event:
        data = {"key": key or self.key, "revision": revision, "job_id": self.job_id}
        return Event(type="AssetRemoved", subject=key or self.key, time=at, job_id=self.job_id, data=data)

    def _stored(
        self, key: str, revision: int, at: datetime, width: int, height: int, about: dict[str, Any], job_id: str
    ) -> Event:
        data = {
            "key": key,
            "revision": revision,
            "media_type": "image/jpeg",
            "bytes": 1000,
            "width": width,
            "height": height,
            "sha256": f"{key}:{revision}",
            "created_at": at.isoformat(),
            "expires_at": None,
            "about": about,
        }
        return Event(type="AssetStored", subject=key, time=at, job_id=job_id, data=data)
