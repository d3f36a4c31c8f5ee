"""What a picture file tells about the photo: its metadata, never its pixels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pressroom.metadata_reading.containers import find_blocks
from pressroom.metadata_reading.exif import read_exif
from pressroom.metadata_reading.iptc import read_iptc
from pressroom.metadata_reading.xmp import read_xmp
from pressroom.photos import PhotoInfo


def read_info(data: bytes, *, name: str = "", location: bool = False, sidecar: bytes = b"") -> PhotoInfo:
    """Read the metadata of a JPEG, PNG, WebP, HEIC, AVIF or TIFF file, and of most RAW files; never raises.

    An XMP file beside the photo counts first, then the file's own XMP, IPTC and EXIF, each property by itself.
    Where the photo was taken is not even read unless `location` allows it.
    """
    blocks = find_blocks(data)
    told = [
        read_xmp(sidecar, location=location),
        read_xmp(blocks.xmp, location=location),
        read_iptc(blocks.iptc),
        read_exif(blocks.exif, location=location),
    ]
    values: dict[str, Any] = {"name": name}
    for field in PhotoInfo.model_fields:
        for info in told:
            value = getattr(info, field)
            if value or value == 0:
                values.setdefault(field, value)
    if (taken := values.get("captured_at")) and taken.tzinfo is None:
        values["captured_at"] = _with_zone(taken, [info.captured_at for info in told if info.captured_at])
    return PhotoInfo(**values)


def _with_zone(taken: datetime, others: list[datetime]) -> datetime:
    """Return the time with its zone if another block, which tells the same time, knows that."""
    return next((other for other in others if other.replace(tzinfo=None) == taken and other.tzinfo), taken)
