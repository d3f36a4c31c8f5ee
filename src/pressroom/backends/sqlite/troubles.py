"""What stands behind an error of SQLite, in words: a full disk, a missing right, damage, a file that is gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from pathlib import Path

from pressroom.errors import ConfigurationError, PressroomError, Unavailable

NO_ROOM_BYTES = 1_000_000
"""With less than this free, an error while reading or writing files comes from the full disk."""
READS_TRUST_SECONDS = 1.0
_FULL = {sqlite3.SQLITE_FULL}
_FILES = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_RIGHTS = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_DAMAGE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


class SameFile:
    """Remembers which file a path led to, since SQLite goes on in one that has been removed, and all of it is lost."""

    def __init__(self, file: Path) -> None:
        self._path = os.path.abspath(file)  # noqa: PTH100 - a Path would cost more than the look at the file
        self._identity = self._look()
        self._good_until = 0.0

    def check(self) -> None:
        """Raise `Unavailable` if the path leads to no file or to another one by now."""
        self._good_until = 0.0
        if self._look() != self._identity:
            raise Unavailable(
                "The database file was removed or replaced while it was in use, so nothing more is stored.",
                where=self._path,
                todo=f"Stop Pressroom, put {os.path.basename(self._path)} back (or a backup of it), and start again.",  # noqa: PTH119
            )

    def check_now_and_then(self) -> None:
        """Check unless that went well within the last second: what only reads loses nothing meanwhile."""
        now = time.monotonic()
        if now >= self._good_until:
            self.check()
            self._good_until = now + READS_TRUST_SECONDS

    def _look(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)  # noqa: PTH116
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(
                f"The database file cannot be looked at: {error.strerror}.",
                where=self._path,
                todo="Give this user the right to read its folder, or bring back the disk that it is on.",
            ) from error
        return found.st_dev, found.st_ino


def is_trouble(error: BaseException | None) -> bool:
    """Whether the database itself is in trouble, and not what was to be stored in it."""
    return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


def unusable(file: Path, error: BaseException) -> Unavailable:
    """Return what to raise for an error of a database that was opened well before."""
    what, todo = explained(file, error)
    return Unavailable(what, where=str(file), todo=todo)


def cannot_be_opened(file: Path, error: BaseException) -> PressroomError:
    """Return what to raise for an error while a database is opened."""
    what, todo = explained(file, error)
    return ConfigurationError(f"{file} cannot be opened. {what}", where=str(file), todo=todo)


def explained(file: Path, error: BaseException) -> tuple[str, str]:
    """Say what is wrong and what to do. A backup is asked for by a damaged file alone: it would undo a whole one."""
    # An extended code has its family in the lowest byte.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL or (code in _FILES and _has_no_room(file.parent)):
        return "The disk is full.", "Make room; nothing that was stored is lost."
    if code in _RIGHTS or (code in _FILES and not _may_write(file)):
        todo = f"Give this user the right to write to {file.name}, the files beside it and their folder."
        return f"The database cannot be written: {error}.", f"{todo} Nothing that was stored is lost."
    if code in _DAMAGE:
        todo = "Stop Pressroom, keep this file aside, and put a backup in its place."
        return f"The database is damaged, or this is none: {error}.", todo
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"The database cannot be used at the moment: {error}.", "Does another program hold the file?"
    todo = "Is its disk well, and does no other program hold the file? What was stored before is safe."
    return f"The database cannot be used at the moment: {error}.", todo


def _has_no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < NO_ROOM_BYTES
    except OSError:
        return False  # then it is not room that is missing


def _may_write(file: Path) -> bool:
    return os.access(file.parent, os.W_OK | os.X_OK) and (not file.exists() or os.access(file, os.R_OK | os.W_OK))
