"""Opens files of a watched folder safely: no link leads out of it, and nothing is opened that is not a file."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from pressroom.media import EXTENSIONS, media_type_of

HEAD_BYTES = 65_536
"""Enough to tell what kind of file it is; RAW files are told apart by the maker's name, further in."""
MOST_SIDECAR_BYTES = 1_000_000
_NAMED_LIKE_PICTURES = (
    *(ending for kind, ending in EXTENSIONS.items() if kind.startswith("image/")),
    *(".jpeg", ".tiff"),
)


class Unusable(OSError):
    """Something about the file itself forbids that it is used; `strerror` says what."""


class StillWritten(Exception):
    """The file was changed while it was read."""


@contextmanager
def opened(root: Path, path: str, *, follow_links: bool) -> Iterator[BufferedReader]:
    """Open a regular file below the folder for as long as the `with` block lasts; raises OSError."""
    file = root / path
    # Another may have replaced a folder by a link since it was listed.
    if not follow_links and not file.resolve().is_relative_to(root.resolve()):
        raise Unusable(None, "a symbolic link leads out of the folder", path)
    # O_NONBLOCK: opening a named pipe would wait for somebody to write into it.
    flags = os.O_RDONLY | os.O_NONBLOCK | (0 if follow_links else os.O_NOFOLLOW)
    descriptor = os.open(file, flags)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unusable(None, "it is not a file", path)
        yield stream


def is_picture(file: BufferedReader) -> bool:
    """Say so by the first bytes; the position is the beginning again."""
    return media_type_of(_head(file)).startswith("image/")


def why_no_picture(file: BufferedReader, path: str) -> str:
    """Return what a file is that is named like a picture and is none; empty if it is not named so either."""
    if not path.lower().endswith(_NAMED_LIKE_PICTURES):
        return ""
    head = _head(file)
    known = media_type_of(head)
    kind = "of no kind that is known here" if known == "application/octet-stream" else known
    if head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        kind = "a web page"
    elif not any(head):
        kind = "zeros"
    return f"it is named like a picture, and by its first bytes it is none but {kind}; save or copy it again"


def _head(file: BufferedReader) -> bytes:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    return head


def content_of(file: BufferedReader) -> str:
    """Return what names these bytes; reads the file once, a piece at a time."""
    return content_named(hashlib.file_digest(file, "sha256").hexdigest())


def content_named(sha256: str) -> str:
    """Return what names the bytes that have this digest, in hexadecimal digits."""
    # 128 bits: short, and nobody finds two files of the same name by chance.
    return sha256[:32]


def shown(path: str) -> str:
    """Return the name of a file as people write it; a Mac keeps an accent apart from its letter."""
    return unicodedata.normalize("NFC", path.rpartition("/")[2])


def sidecar_of(root: Path, path: str, *, follow_links: bool) -> bytes:
    """Return the XMP file that lies beside a photo, `photo.jpg.xmp` or `photo.xmp`; empty if there is none."""
    stem = path.rpartition(".")[0] if "." in path.rpartition("/")[2] else path
    for name in (f"{path}.xmp", f"{path}.XMP", f"{stem}.xmp", f"{stem}.XMP"):
        with suppress(OSError), opened(root, name, follow_links=follow_links) as file:
            data = file.read(MOST_SIDECAR_BYTES + 1)
            return data if len(data) <= MOST_SIDECAR_BYTES else b""
    return b""
