"""A web page that somebody saved as a file, and the pictures that were saved beside it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from pressroom.errors import BadInput

NOWHERE = "https://saved-page.invalid/"
"""The address of a page that does not say where it came from; nothing can ever be fetched there (RFC 6761)."""
MOST_BYTES = 25_000_000


def read_saved(file: Path, what: str) -> bytes:
    """Return the bytes of a file; raises `BadInput` if it cannot be read or is too large. `what` is for messages."""
    try:
        if (size := file.stat().st_size) > MOST_BYTES:
            raise BadInput(
                f"{what} {file} has {size:,} bytes; at most {MOST_BYTES:,} are read.",
                where=str(file),
                todo="Save less.",
            )
        return file.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{what} {file} cannot be read: {error.strerror}.",
            where=str(file),
            todo="Name a file that is there and that this user may read.",
        ) from error


def beside(page: Path, url: str, base: str) -> Path | None:
    """Return the file beside a saved page that its address `url` means; None if there is none.

    `base` is the page's own address. Only what lies in the page's folder is taken, wherever a link would lead.
    """
    path = urlsplit(url).path
    folder = urlsplit(base).path.rpartition("/")[0] + "/"
    if urlsplit(url).netloc != urlsplit(base).netloc or not path.startswith(folder):
        return None
    home = page.parent.resolve()
    try:
        found = (home / unquote(path[len(folder) :])).resolve()
        return found if found.is_relative_to(home) and found.is_file() else None
    except (OSError, ValueError):
        return None
