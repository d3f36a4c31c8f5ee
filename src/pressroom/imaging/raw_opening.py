"""Opens the RAW files of cameras, with the optional `rawpy`."""

from __future__ import annotations

import io
from typing import Any

from pressroom.errors import BadInput
from pressroom.imaging.picture_opening import OpenPicture, PictureLimits, check_decoded_bytes, check_size, damaged

_FULL_SIZE = 0.9
"""A preview with this share of the sensor's longest side counts as full size; cameras cut off a few rows."""
_TURNS = {3: "rot180", 5: "rot270", 6: "rot90"}
"""By LibRaw's `flip`."""


def open_raw(data: bytes, media_type: str, limits: PictureLimits, name: str) -> OpenPicture:
    """Read a RAW's header. Its own full-size JPEG is taken if it has one, else the sensor's data are developed.

    The JPEG inside is what the camera showed the photographer: its white balance, its film look, its lens
    corrections. Developing without knowing the camera gives flatter colours at fifty times the cost.
    """
    try:
        import rawpy
    except ImportError as error:
        raise BadInput(
            f"{name} is a RAW file of a camera, and what reads those is not installed.",
            where=name,
            todo='Install it: pip install "pressroom[raw]"',
        ) from error
    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            sizes = raw.sizes
            width, height, flip = sizes.width, sizes.height, sizes.flip
            check_size(max(sizes.raw_width, width), max(sizes.raw_height, height), limits, name)
            preview = _preview(raw, rawpy)
    except (rawpy.LibRawError, rawpy.NotSupportedError) as error:
        raise damaged("RAW", name, str(error)) from error
    if preview:
        opened = _opened_preview(preview, width, height, flip, media_type, limits, name)
        if opened is not None:
            return opened
    # Sixteen bits in four colours while it is developed, and the finished picture beside them.
    check_decoded_bytes(width * height * 11, limits, name)

    def load(scale: float, strict: bool) -> Any:
        return _developed(data, name, is_half_enough=scale <= 0.5)

    turned = flip in (5, 6)
    return OpenPicture(
        media_type=media_type,
        name=name,
        width=height if turned else width,
        height=width if turned else height,
        is_upright=False,
        is_plain=False,
        profile=None,
        copyright="",
        credit="",
        load=load,
    )


def _preview(raw: Any, rawpy: Any) -> bytes:
    try:
        found = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return b""
    return bytes(found.data) if found.format == rawpy.ThumbFormat.JPEG else b""


def _opened_preview(
    preview: bytes, width: int, height: int, flip: int, media_type: str, limits: PictureLimits, name: str
) -> OpenPicture | None:
    """Open the JPEG inside, turned as the RAW says where it does not say itself; None if it is small or broken."""
    from dataclasses import replace

    from pressroom.imaging.vips_opening import open_with_vips

    try:
        opened = open_with_vips(preview, "image/jpeg", limits, name)
    except BadInput:  # the sensor's data may be whole all the same
        return None
    if max(opened.width, opened.height) < _FULL_SIZE * max(width, height):
        return None
    lies_as_the_sensor = (opened.width >= opened.height) == (width >= height)
    turn = _TURNS.get(flip) if opened.is_upright and (lies_as_the_sensor or flip == 3) else None
    if turn is None:
        return replace(opened, media_type=media_type, is_upright=False, is_plain=False)

    def load(scale: float, strict: bool) -> Any:
        # In memory first: lines that come one after the other cannot be turned.
        image = opened.load(scale, strict).copy_memory()
        return getattr(image, turn)()

    sideways = flip in (5, 6)
    return replace(
        opened,
        media_type=media_type,
        width=opened.height if sideways else opened.width,
        height=opened.width if sideways else opened.height,
        is_upright=False,
        is_plain=False,
        load=load,
    )


def _developed(data: bytes, name: str, *, is_half_enough: bool) -> Any:
    import pyvips
    import rawpy

    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            # Half size takes each block of four sensor dots as one pixel: nothing is invented, and it is far quicker.
            pixels = raw.postprocess(use_camera_wb=True, half_size=is_half_enough, output_bps=8)
    except (rawpy.LibRawError, rawpy.NotSupportedError) as error:
        raise damaged("RAW", name, str(error)) from error
    return pyvips.Image.new_from_array(pixels, interpretation="srgb")
