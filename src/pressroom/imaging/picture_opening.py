"""Opens pictures of strangers: what they announce is checked before any of it is decoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.errors import BadInput
from pressroom.imaging.libvips import prepare_libvips
from pressroom.media import RAW_TYPES, media_type_of

if TYPE_CHECKING:
    import pyvips


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLimits:
    """What a picture may be at most, so that no file can take a worker's memory or time."""

    max_bytes: int = 200_000_000
    max_pixels: int = 250_000_000
    max_frames: int = 2_000
    """Of an animation, of which only the first is used; also pages of a TIFF."""
    max_decoded_bytes: int = 1_000_000_000
    """Where a format can only be decoded as a whole (HEIC, AVIF, RAW, interlaced PNG, progressive JPEG)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPicture:
    """A picture of which the header was read and found fit to be decoded."""

    media_type: str
    name: str
    """For messages: of the file, or "the picture"."""
    width: int
    """Pixels, as the picture is to be seen."""
    height: int
    is_upright: bool
    """Whether its pixels lie in the file as they are to be seen."""
    is_plain: bool
    """Whether its pixels are 8 bits of sRGB already."""
    profile: bytes | None
    """The ICC profile."""
    copyright: str
    credit: str
    load: Callable[[float, bool], pyvips.Image]
    """Returns at least `scale` times the full size, to be turned and converted still; not strict: with small flaws."""


KINDS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/gif": "GIF",
    "image/tiff": "TIFF",
    "image/avif": "AVIF",
    "image/heic": "HEIC",
    "image/heif": "HEIF",
}


def open_picture(data: bytes, limits: PictureLimits, name: str = "") -> OpenPicture:
    """Read a picture's header. Raises `BadInput` if it is none, is damaged, or announces more than the limits."""
    prepare_libvips()
    name = name or "the picture"
    if len(data) > limits.max_bytes:
        raise too_much(name, f"has {len(data):,} bytes; at most {limits.max_bytes:,} are read.")
    media_type = media_type_of(data)
    if media_type in RAW_TYPES:
        from pressroom.imaging.raw_opening import open_raw

        return open_raw(data, media_type, limits, name)
    if media_type in ("image/heic", "image/heif"):
        from pressroom.imaging.heif_opening import open_heif

        return open_heif(data, media_type, limits, name)
    if media_type in KINDS:
        from pressroom.imaging.vips_opening import open_with_vips

        return open_with_vips(data, media_type, limits, name)
    raise _no_picture(data, media_type, name)


def check_size(width: int, height: int, limits: PictureLimits, name: str) -> None:
    if width < 1 or height < 1:
        raise damaged("a picture", name, f"{width}x{height} pixels")
    if width * height > limits.max_pixels:
        raise too_much(name, f"has {width:,} x {height:,} pixels; at most {limits.max_pixels:,} in all are read.")


def check_decoded_bytes(decoded: int, limits: PictureLimits, name: str) -> None:
    if decoded > limits.max_decoded_bytes:
        raise too_much(
            name, f"would take {decoded:,} bytes of memory to decode; at most {limits.max_decoded_bytes:,} are allowed."
        )


def too_much(name: str, what: str) -> BadInput:
    return BadInput(f"{_sentence(name)} {what}", where=name, todo="Export it smaller.")


def damaged(kind: str, name: str, detail: str) -> BadInput:
    return BadInput(
        f"{_sentence(name)} is damaged, or only a part of it is there: it cannot be decoded to its end as {kind}.",
        where=name,
        todo="Copy or export it again.",
        detail=detail.strip()[:1000],
    )


def _sentence(name: str) -> str:
    return "The picture" if name == "the picture" else name


def _no_picture(data: bytes, media_type: str, name: str) -> BadInput:
    what, todo = "is no picture of a kind that can be read.", "Send a JPEG, PNG, WebP, AVIF, TIFF, GIF, HEIC or RAW."
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not data:
        what, todo = "is empty.", "Copy it again; perhaps it was not complete yet."
    elif media_type == "application/pdf":
        what, todo = "is a PDF document, not a picture.", "Export its page as a JPEG or PNG."
    elif b"<svg" in start or start.startswith(b"<?xml"):
        what = "is an SVG drawing or another XML document; those are not read, because they may fetch other files."
        todo = "Export it as a PNG."
    elif data.startswith((b"\xff\x0a", b"\x00\x00\x00\x0cJXL ")):
        what, todo = "is a JPEG XL picture, which cannot be read yet.", "Export it as a JPEG."
    elif data[4:8] == b"ftyp":
        what, todo = "is a video, not a picture.", "Send a frame of it as a JPEG."
    elif _is_text(data):
        what = "is a text file, not a picture."
    return BadInput(f"{_sentence(name)} {what}", where=name, todo=todo)


def _is_text(data: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\n\r\f" for byte in data[:256])
