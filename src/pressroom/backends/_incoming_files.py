"""Files on their way in: written beside the store, and given their place in it when they are whole. POSIX only."""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from pressroom.backends import _durable

FOLDER = ".incoming"
"""Within the store's folder, so on its disk; no key begins with a dot."""
_PIECE = 2**20


class IncomingFile:
    """One file, locked while its process lives: so it can be told from what a killed process left."""

    def __init__(
        self,
        folder: Path,
        place: Callable[[int, Path, int], None],
        trouble: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """`place` lets the whole file, open and under that path, appear as a revision; `trouble` words errors."""
        self._place, self._trouble = place, trouble
        with trouble():
            _durable.make_folders(folder, 0o777)
            self._descriptor, self._path = _locked_file(folder)

    def write(self, piece: bytes) -> None:
        rest = memoryview(piece)
        with self._trouble():
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]

    def keep(self, revision: int) -> None:
        with self._trouble():
            os.fsync(self._descriptor)
            self._place(self._descriptor, self._path, revision)
        self.drop()

    def drop(self) -> None:
        if self._descriptor < 0:
            return
        with suppress(FileNotFoundError):
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = -1


def drop_abandoned(folder: Path) -> int:
    """Remove the files that no living process writes; return how many there were."""
    removed = 0
    with suppress(FileNotFoundError):
        for path in list(folder.iterdir()):
            with suppress(FileNotFoundError), _opened(path) as descriptor:
                if _is_locked_now(descriptor):
                    path.unlink()
                    removed += 1
    return removed


def same_bytes(one: int, other: int) -> bool:
    """Say whether two open files hold the same bytes, without holding either in memory."""
    if os.fstat(one).st_size != os.fstat(other).st_size:
        return False
    at = 0
    while piece := os.pread(one, _PIECE, at):
        if os.pread(other, _PIECE, at) != piece:
            return False
        at += len(piece)
    return True


def _locked_file(folder: Path) -> tuple[int, Path]:
    while True:
        path = folder / uuid.uuid4().hex
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        # Somebody who clears away may have taken it for abandoned between the two calls.
        if _is_locked_now(descriptor) and os.fstat(descriptor).st_nlink:
            return descriptor, path
        os.close(descriptor)


def _is_locked_now(descriptor: int) -> bool:
    """Lock an open file for this process; False if another one has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
