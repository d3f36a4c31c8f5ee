"""Reads a photo that was found before, wherever in the folder it lies by now."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pressroom.errors import BadInput, NotFound, Unavailable
from pressroom.ports import Clock
from pressroom.sources._folder_endings import Ending, ending_of
from pressroom.sources._folder_reading import content_named, opened
from pressroom.sources._folder_settings import FolderSettings
from pressroom.sources._folder_tree import read_tree
from pressroom.sources.base import Item


@dataclass(frozen=True, slots=True)
class Fetched:
    path: str
    data: bytes = field(repr=False)
    sha256: str
    """Of the data, in hexadecimal digits."""


def fetch_bytes(root: Path, settings: FolderSettings, item: Item, clock: Clock) -> Fetched:
    """Return the photo's bytes and where they lie: the found version, or if that was changed since, the edit of it.

    Raises `NotFound` if neither is there, and `Unavailable` while somebody writes the edit.
    """
    path = str(item.data["path"])
    try:
        found = _read(root, path, settings)
        if content_named(found.sha256) == item.version:
            return found
        moved = _find(root, settings, item)
        if moved is None:
            _require_rest(root, path, settings, clock)
        return moved or found
    except FileNotFoundError as error:
        moved = _find(root, settings, item)
        if moved is None:
            raise NotFound(
                f"The photo {path} is not in the folder {root} any more.",
                where=path,
                todo="Put it back, if it is to be posted.",
            ) from error
        return moved
    except OSError as error:
        raise Unavailable(
            f"The photo {path} in the folder {root} cannot be read: {error.strerror}.",
            where=path,
            todo="Mend its rights, or the disk; it is tried again by itself.",
        ) from error


def _read(root: Path, path: str, settings: FolderSettings) -> Fetched:
    with opened(root, path, follow_links=settings.follow_links) as file:
        # Room for as much as there is, not for as much as there may be: that is twenty times more.
        size = os.fstat(file.fileno()).st_size
        data = file.read(min(size, settings.max_bytes) + 1)
        if len(data) > size:  # it grows while it is read
            data += file.read(max(0, settings.max_bytes + 1 - len(data)))
    if len(data) > settings.max_bytes:
        raise BadInput(f"The photo {path} has more than max_bytes, {settings.max_bytes:,} bytes.", where=path)
    return Fetched(path, data, hashlib.sha256(data).hexdigest())


def _find(root: Path, settings: FolderSettings, item: Item) -> Fetched | None:
    """Look for the bytes under another name: somebody may rename a photo right after putting it there."""
    try:
        tree = read_tree(root, recursive=settings.recursive, follow_links=settings.follow_links)
    except OSError:
        return None
    for file in tree.files.values():
        if file.size != item.data["size"]:
            continue
        try:
            found = _read(root, file.path, settings)
        except OSError:
            continue
        if content_named(found.sha256) == item.version:
            return found
    return None


def _require_rest(root: Path, path: str, settings: FolderSettings, clock: Clock) -> None:
    """Raise if the file that was read may have been half of one."""
    with opened(root, path, follow_links=settings.follow_links) as file:
        age = time.time() - (root / path).stat().st_mtime
        is_written = 0 <= age < settings.settle_seconds or ending_of(file) is Ending.CUT
    if is_written:
        raise Unavailable(
            f"The photo {path} is being changed.",
            where=path,
            todo="It is read again by itself when it is complete.",
            retry_at=clock.now() + timedelta(seconds=settings.settle_seconds),
        )
