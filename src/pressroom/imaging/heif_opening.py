"""Opens HEIC and HEIF, the pictures of phones, which libvips' wheel does not read."""

from __future__ import annotations

from typing import Any

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

_REFUSALS = (EOFError, LookupError, OSError, RuntimeError, SyntaxError, ValueError)
"""What `pillow_heif` raises about files that are not what they say."""


def open_heif(data: bytes, media_type: str, limits: PictureLimits, name: str) -> OpenPicture:
    import pillow_heif

    try:
        file = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        if len(file) > limits.max_frames:
            raise too_much(name, f"has {len(file):,} pictures; at most {limits.max_frames:,} are read.")
        image = file[file.primary_index]
    except _REFUSALS as error:
        raise damaged(KINDS[media_type], name, str(error)) from error
    width, height = image.size
    check_size(width, height, limits, name)
    bands = {"L": 1, "LA": 2, "La": 2, "RGB": 3}.get(image.mode, 4)
    # libheif decodes to its own planes before it gives us ours.
    check_decoded_bytes(2 * width * height * bands, limits, name)
    info: dict[str, Any] = dict(image.info)
    profile: bytes | None = info.get("icc_profile")

    def load(scale: float, strict: bool) -> Any:
        import pyvips

        try:
            pixels, stride = image.data, image.stride
        except _REFUSALS as error:
            raise damaged(KINDS[media_type], name, str(error)) from error
        decoded = pyvips.Image.new_from_memory(pixels, stride // bands, height, bands, "uchar")
        if stride // bands != width:
            decoded = decoded.crop(0, 0, width, height)
        decoded = decoded.copy(interpretation="b-w" if bands < 3 else "srgb")
        if profile:
            decoded.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
        return decoded

    tags = first_directory((info.get("exif") or b"").removeprefix(b"Exif\0\0"), (ARTIST, COPYRIGHT))
    return OpenPicture(
        media_type=media_type,
        name=name,
        width=width,
        height=height,
        is_upright=True,  # libheif turns it as its container says; its EXIF orientation is to be ignored
        is_plain=False,
        profile=profile,
        copyright=text(tags.get(COPYRIGHT)),
        credit=text(tags.get(ARTIST)),
        load=load,
    )
