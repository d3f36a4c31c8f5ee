"""What a file system answers when it cannot do something, in words of ours."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pressroom.errors import BadInput, Unavailable

_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
_RIGHTS = (errno.EROFS, errno.EACCES)


@contextmanager
def trouble_may_pass(key: str, folder: Path) -> Iterator[None]:
    """Say of a full or unwritable disk what it is: nothing is wrong with what was to be stored."""
    try:
        yield
    except OSError as error:
        if error.errno not in (*_ROOM, *_RIGHTS):
            raise
        todo = "Make room" if error.errno in _ROOM else "Give this user the right to write there"
        raise Unavailable(
            f"{key} could not be stored: {error.strerror}.",
            where=str(folder),
            todo=f"{todo}; it is tried again, and what was stored before is safe.",
        ) from error


@contextmanager
def plain_answers(key: str, name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR, errno.EISDIR):
            raise
        raise BadInput(
            f"The asset {key} cannot be reached: {name!r} is a symbolic link, "
            "or a file where a folder must be, or the other way round.",
            where=key,
            todo="Choose another key, or take that link out of the assets' folder.",
        ) from error
