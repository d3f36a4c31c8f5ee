"""Remembers secrets that were opened, for as long as the files that they came from are the same."""

from __future__ import annotations

import os
import time
from pathlib import Path

_SURELY_OVER_NS = 100_000_000
"""A file that was changed so short ago may be changed again within the same tick of the file system's clock."""
_Seen = tuple[int, ...] | None


class OpenedSecrets:
    """A publisher asks for its secrets with each call, and each time the files are looked at, though seldom read."""

    def __init__(self, *files: Path) -> None:
        self._files = tuple(os.fspath(file) for file in files)
        self._known: tuple[tuple[_Seen, ...], dict[str, str | None]] = ((), {})

    def __repr__(self) -> str:
        return f"OpenedSecrets({', '.join(self._files)})"

    def now(self) -> dict[str, str | None]:
        """Return the values by name that were found in the files as they are now, to be looked up and added to.

        To be asked for before the files are read: what is added then is at least as new as they were.
        """
        seen = tuple(_seen(file) for file in self._files)
        kept_for, values = self._known
        if seen == kept_for:
            return values
        values = {}
        if all(one is None or time.time_ns() - one[-1] > _SURELY_OVER_NS for one in seen):
            self._known = (seen, values)
        return values


def _seen(file: str) -> _Seen:
    """Return what becomes another with every change, also of who may read the file; None if there is none."""
    try:
        found = os.stat(file)  # noqa: PTH116 - this is done ten times for each post, and a Path costs more than the look
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
