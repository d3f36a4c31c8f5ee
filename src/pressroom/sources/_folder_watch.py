"""Sleeps until something changes in a folder, as the operating system tells it; or for so long, where it does not."""

from __future__ import annotations

import math
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pressroom.log import log

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify

_NEVER = (-1, -1)
_STEP_MS = 50
_GROUPED_MS = 200
_LOOKED_AFTER_SECONDS = 5.0
"""How often it is made sure that the folder is still the one that is watched; another may be mounted over it."""
_MISSING_SECONDS = 1.0
"""How often it is looked whether a folder that is not there has come."""
_REST_SECONDS = 5.0
"""How long it is not listened to what cannot be listened to twice in a row; as often it is looked meanwhile."""


class Watch:
    """Keeps listening between two waits, so that what happens during a look is not missed. Of one thread at a time."""

    def __init__(self, root: Path, interrupted: threading.Event) -> None:
        self._root = root
        self._interrupted = interrupted
        self._watched: tuple[int, int] | None = _NEVER
        """Which folder it was: none at all is different from none yet."""
        self._listener: RustNotify | None = None
        self._failures = 0
        """In a row, of listening."""

    def wait(self, seconds: float) -> None:
        """Return when something may have changed, or was interrupted, and at the latest after so long."""
        deadline = time.monotonic() + seconds
        try:
            if self._failures > 1:
                self._interrupted.wait(min(seconds, _REST_SECONDS))
            if self._listener is None and self._identity() == self._watched is not None and self._listen():
                return
            while not self._interrupted.is_set() and (left := deadline - time.monotonic()) > 0:
                if self._identity() != self._watched:
                    self._watched = self._identity()
                    self._listen()
                    return  # what happened before we listened has to be looked for
                if self._told(left):
                    return
        finally:
            self._interrupted.clear()

    def _told(self, left: float) -> bool:
        if self._listener is None:
            self._interrupted.wait(min(left, _MISSING_SECONDS))
            return False
        milliseconds = math.ceil(min(left, _LOOKED_AFTER_SECONDS) * 1000)
        try:
            told = self._listener.watch(_GROUPED_MS, _STEP_MS, milliseconds, self._interrupted)
        except Exception as error:  # noqa: BLE001 - such as a changed file whose name is not UTF-8: it is told of no more
            self._failures += 1
            log.warning("listening to a folder has failed, and begins afresh", folder=str(self._root), why=str(error))
            self._close()
            return True
        self._failures = 0
        if told == "signal":
            raise KeyboardInterrupt
        if isinstance(told, str):
            return False
        if any(Path(path) == self._root for _, path in told):
            # Removed, and perhaps made anew: the system then likes to give it the same number again.
            self._watched = _NEVER
        return True

    def _listen(self) -> bool:
        """Begin to listen to the folder as it is now; say whether that is possible."""
        from watchfiles._rust_notify import RustNotify

        self._close()
        if self._watched is None:
            return False
        try:
            self._listener = RustNotify([str(self._root)], False, False, 300, True, True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the folder can still be looked at
            # Such as too many watched folders; asked again with the next wait, and looked at regularly meanwhile.
            log.warning("a folder is looked at regularly, because the system does not tell of changes", why=str(error))
            return False
        return True

    def _close(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self._root.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino
