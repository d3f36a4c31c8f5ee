"""Reads what a picture file tells about itself: its metadata, never its pixels."""

from __future__ import annotations

from pressroom.photos import PhotoInfo


def read_info(data: bytes, *, name: str = "", location: bool = False, sidecar: bytes = b"") -> PhotoInfo:
    return PhotoInfo(name=name)
