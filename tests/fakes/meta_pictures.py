"""Pictures as Meta's services take them: fetched from an address, and looked at."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass

MAGIC = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/gif": b"GIF8",
    "image/bmp": b"BM",
    "image/tiff": b"II*\x00",
    "image/webp": b"RIFF",
}


class Unreachable(Exception):
    """The picture's address does not lead to it."""


@dataclass(frozen=True)
class Looked:
    kind: str
    width: int
    height: int
    size_bytes: int

    @property
    def ratio(self) -> float:
        return self.width / self.height


def fetch(url: object, largest_bytes: int) -> bytes:
    """Get it as Meta's crawler does: plain ASCII, one GET, a success with bytes; else `Unreachable`."""
    if not isinstance(url, str) or not url.isascii() or not url.startswith(("http://", "https://")):
        raise Unreachable
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            data: bytes = answer.read(largest_bytes + 1)
    except (urllib.error.URLError, OSError) as error:
        raise Unreachable from error
    if not data:
        raise Unreachable
    return data


def look_at(data: bytes) -> Looked | None:
    """Type and size of a picture that can be decoded to its end; None if it is none."""
    import pyvips

    kind = next((kind for kind, magic in MAGIC.items() if data.startswith(magic)), "")
    if not kind:
        return None
    try:
        image = pyvips.Image.new_from_buffer(data, "")
        pyvips.Image.new_from_buffer(data, "", access="sequential", fail_on="truncated").avg()
    except pyvips.Error:
        return None
    return Looked(kind, image.width, image.height, len(data))
