"""Opens what libvips reads by itself. Each kind has its own loader, so that no other one ever sees the bytes."""

from __future__ import annotations

from typing import Any

from pressroom.imaging.colours import is_srgb
from pressroom.imaging.picture_opening import (
    KINDS,
    OpenPicture,
    PictureLimits,
    check_decoded_bytes,
    check_size,
    damaged,
    too_much,
)
from pressroom.imaging.tiff_tags import ARTIST, COPYRIGHT, first_directory, text

_LOADERS = {
    "image/jpeg": "jpegload_source",
    "image/png": "pngload_source",
    "image/webp": "webpload_source",
    "image/gif": "gifload_source",
    "image/tiff": "tiffload_source",
    "image/avif": "heifload_source",
}
_STREAMED = ("image/jpeg", "image/png", "image/webp")
"""Decoded line by line, or as small as is needed, unless they are interlaced."""
_SAMPLE_BYTES = {"uchar": 1, "char": 1, "ushort": 2, "short": 2, "uint": 4, "int": 4, "float": 4, "double": 8}
_LARGEST_PROFILE = 4_000_000
"""Bytes; profiles of printers have up to 2 MB."""


def open_with_vips(data: bytes, media_type: str, limits: PictureLimits, name: str) -> OpenPicture:
    import pyvips

    loader = getattr(pyvips.Image, _LOADERS[media_type])

    def loaded(**options: Any) -> Any:
        # Not from the bytes themselves: pyvips would copy them for each call. The image must not outlive `data`.
        return loader(pyvips.Source.new_from_memory(data), **options)

    try:
        header = loaded(fail_on="truncated")
        orientation = int(header.get("orientation")) if header.get_typeof("orientation") else 1
        frames = int(header.get("n-pages")) if header.get_typeof("n-pages") else 1
        profile = header.get("icc-profile-data") if header.get_typeof("icc-profile-data") else None
        exif = header.get("exif-data") if header.get_typeof("exif-data") else b""
    except pyvips.Error as error:
        raise damaged(KINDS[media_type], name, str(error)) from error
    width, height = header.width, header.height
    check_size(width, height, limits, name)
    if frames > limits.max_frames:
        raise too_much(name, f"has {frames:,} frames; at most {limits.max_frames:,} are read.")
    if not _is_streamed(header, media_type):
        sample = _SAMPLE_BYTES.get(header.format, 16)
        check_decoded_bytes(width * height * header.bands * sample, limits, name)

    def load(scale: float, strict: bool) -> Any:
        options = _small_as(media_type, scale, width, height)
        # A JPEG with a warning may be half grey; of a TIFF a warning only means a tag that nobody knows.
        told = "warning" if media_type == "image/jpeg" else "error"
        return loaded(access="sequential", fail_on=told if strict else "truncated", **options)

    tags = first_directory(exif.removeprefix(b"Exif\0\0"), (ARTIST, COPYRIGHT))
    foreign = profile is not None and not is_srgb(profile)
    turned = 5 <= orientation <= 8
    return OpenPicture(
        media_type=media_type,
        name=name,
        width=height if turned else width,
        height=width if turned else height,
        is_upright=orientation in (0, 1),
        is_plain=header.interpretation in ("srgb", "b-w") and header.format == "uchar" and not foreign,
        profile=profile if profile and len(profile) <= _LARGEST_PROFILE else None,
        copyright=text(tags.get(COPYRIGHT)),
        credit=text(tags.get(ARTIST)),
        load=load,
    )


def _small_as(media_type: str, scale: float, width: int, height: int) -> dict[str, Any]:
    """Return the options with which the decoder itself makes the picture smaller, but not below `scale`."""
    if media_type == "image/jpeg":
        # By these factors only.
        sizes = (by for by in (8, 4, 2, 1) if by * scale <= 1 + 1e-9 and by <= min(width, height))
        return {"shrink": next(sizes, 1)}
    if media_type == "image/webp" and scale < 1:
        return {"scale": max(scale, 1 / width, 1 / height)}
    return {}


def _is_streamed(header: Any, media_type: str) -> bool:
    is_interlaced = header.get_typeof("interlaced") or (
        header.get_typeof("jpeg-multiscan") and header.get("jpeg-multiscan")
    )
    return media_type in _STREAMED and not is_interlaced
