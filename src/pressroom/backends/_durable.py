"""Writing files so that they survive a power cut, and are never seen half written. POSIX only."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DRAFT_PREFIX = ".draft-"
"""Of a file that somebody is writing, or left behind when killed."""


def write_draft(folder: int, data: bytes, mode: int) -> str:
    """Write a new file into an opened folder, down to the disk; return its name."""
    name = DRAFT_PREFIX + uuid.uuid4().hex
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(name, dir_fd=folder)
        raise
    return name


def create(folder: int, name: str, data: bytes, mode: int) -> None:
    """Let a whole file appear under a name that is free; raises `FileExistsError` if it is not."""
    draft = write_draft(folder, data, mode)
    try:
        # A link, not a rename: a rename would replace what another writer has put there meanwhile.
        os.link(draft, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=folder)
    os.fsync(folder)


def replace(folder: int, name: str, data: bytes, mode: int) -> None:
    """Put a whole file in the place of the one of that name; a reader sees the old one or the new one."""
    draft = write_draft(folder, data, mode)
    try:
        os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(draft, dir_fd=folder)
        raise
    os.fsync(folder)


@contextmanager
def opened_folder(path: Path, *, create_mode: int | None = None) -> Iterator[int]:
    """Open a folder for as long as the `with` block lasts; with `create_mode`, make it if it is missing."""
    if create_mode is not None:
        make_folders(path, create_mode)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def make_folders(path: Path, mode: int) -> None:
    """Make a folder and those above it that are missing, each of them down to the disk."""
    missing = []
    while not path.is_dir():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        folder.mkdir(mode=mode, exist_ok=True)
        with opened_folder(folder.parent) as parent:
            os.fsync(parent)
