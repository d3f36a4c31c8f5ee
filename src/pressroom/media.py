"""What is stored: assets with revisions. Also what kind of file some bytes are, read from the bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pressroom.imaging.tiff_tags import DNG_VERSION, MAKE, SUB_DIRECTORIES, SUBFILE_TYPE, first_directory, text


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
    (8, b"CR\x02", "image/x-canon-cr2"),  # before TIFF, which it is too
    (0, b"IIRO", "image/x-olympus-orf"),
    (0, b"IIRS", "image/x-olympus-orf"),
    (0, b"MMOR", "image/x-olympus-orf"),
    (0, b"IIU\x00", "image/x-panasonic-rw2"),
    (0, b"FUJIFILMCCD-RAW", "image/x-fuji-raf"),
    (0, b"II+\x00", "image/tiff"),
    (0, b"MM\x00+", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
)

_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"hevm": "image/heic",
    b"hevs": "image/heic",
    b"mif1": "image/heif",
    b"mif2": "image/heif",
    b"msf1": "image/heif",
    b"crx ": "image/x-canon-cr3",
}
"""Of files made of ISO boxes, by the four letters of their kind; the MP4 registration authority's list, 2026-11-20."""
_GENERIC_BRANDS = (b"mif1", b"mif2", b"msf1")
"""They say only that it is a picture; what it is coded in, the compatible brands after it say."""
_LONGEST_BRANDS = 256

RAW_TYPES = frozenset(
    {
        "image/x-canon-cr2",
        "image/x-canon-cr3",
        "image/x-nikon-nef",
        "image/x-sony-arw",
        "image/x-adobe-dng",
        "image/x-fuji-raf",
        "image/x-olympus-orf",
        "image/x-panasonic-rw2",
    }
)

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/tiff": ".tif",
    "image/x-canon-cr2": ".cr2",
    "image/x-canon-cr3": ".cr3",
    "image/x-nikon-nef": ".nef",
    "image/x-sony-arw": ".arw",
    "image/x-adobe-dng": ".dng",
    "image/x-fuji-raf": ".raf",
    "image/x-olympus-orf": ".orf",
    "image/x-panasonic-rw2": ".rw2",
    "text/plain": ".txt",
    "application/json": ".json",
}


def media_type_of(data: bytes) -> str:
    """Return the media type that the bytes show, whatever a name says; `application/octet-stream` if they show none."""
    if data[4:8] == b"ftyp":
        return _type_of_boxes(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    for offset, signature, media_type in _SIGNATURES:
        if data[offset : offset + len(signature)] == signature:
            return media_type
    if data[:4] in (b"II*\x00", b"MM\x00*"):
        return _type_of_tiff(data)
    return "application/octet-stream"


def _type_of_boxes(data: bytes) -> str:
    major = data[8:12]
    if major in _GENERIC_BRANDS:
        end = min(int.from_bytes(data[:4], "big"), _LONGEST_BRANDS)
        for at in range(16, end - 3, 4):
            brand = data[at : at + 4]
            if brand in _BRANDS and brand not in _GENERIC_BRANDS:
                return _BRANDS[brand]
    return _BRANDS.get(major, "application/octet-stream")


def _type_of_tiff(data: bytes) -> str:
    """Tell a camera's RAW from a finished picture: its first directory holds only a preview, or it calls itself DNG."""
    tags = first_directory(data, (MAKE, SUBFILE_TYPE, SUB_DIRECTORIES, DNG_VERSION))
    if DNG_VERSION in tags:
        return "image/x-adobe-dng"
    if tags.get(SUBFILE_TYPE) == 1 and SUB_DIRECTORIES in tags:
        maker = text(tags.get(MAKE)).upper()
        if maker.startswith("NIKON"):
            return "image/x-nikon-nef"
        if maker.startswith("SONY"):
            return "image/x-sony-arw"
    return "image/tiff"
