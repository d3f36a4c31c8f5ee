"""What is stored: assets with revisions. Also what kind of file some bytes are, read from the bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One revision of a stored media object. Its bytes lie in the blob store under the same key."""

    key: str
    """A path such as `images/january_14_0_DressUpYourPet.jpg`."""
    revision: int
    """1 for the first; the same bytes under the same key are the same revision."""
    media_type: str
    bytes: int
    sha256: str
    created_at: datetime
    width: int | None = None
    height: int | None = None
    job_id: str | None = None
    expires_at: datetime | None = None
    about: dict[str, Any] = field(default_factory=dict)
    """What is known of it: title, alt text, keywords, where it came from."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "revision": self.revision,
            "media_type": self.media_type,
            "bytes": self.bytes,
            "width": self.width,
            "height": self.height,
            "sha256": self.sha256,
            "created_at": self.created_at.isoformat(),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "about": self.about,
        }


_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
)

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/heic": ".heic",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    "application/json": ".json",
}


def media_type_of(data: bytes) -> str:
    """Return the media type that the first bytes show; `application/octet-stream` when they show none."""
    for offset, signature, media_type in _SIGNATURES:
        if data[offset : offset + len(signature)] == signature:
            return media_type
    return "application/octet-stream"
