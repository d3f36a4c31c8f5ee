"""The runtime of this container: opened with the first call, kept for those that follow, renewed now and then."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pressroom.runtimes.aws import Deployed

T = TypeVar("T")

RENEW_AFTER = 600.0
"""Seconds. Settings that were changed are in force everywhere by then."""
HOME = Path("/tmp")
"""The only folder that a function may write to."""


class Container:
    """What one container holds between two calls; of these there is one at a time."""

    def __init__(self, opener: Callable[[], Deployed], now: Callable[[], float] = time.monotonic) -> None:
        self._opener, self._now = opener, now
        self._deployed: Deployed | None = None
        self._opened_at = 0.0
        self._kept: dict[str, Any] = {}

    def open_with(self, opener: Callable[[], Deployed]) -> None:
        """Open by this from now on; what is open already is not closed, since it belongs to another."""
        self._opener, self._deployed = opener, None
        self._kept.clear()

    def deployed(self) -> Deployed:
        """Return what is open, opening it if nothing is, or if it is old."""
        now = self._now()
        if self._deployed is not None and now - self._opened_at > RENEW_AFTER:
            self.close()
        if self._deployed is None:
            self._deployed, self._opened_at = self._opener(), now
        return self._deployed

    def kept(self, name: str, make: Callable[[Deployed], T]) -> T:
        """Return what was made of the open runtime under this name, made once."""
        deployed = self.deployed()
        if name not in self._kept:
            self._kept[name] = make(deployed)
        found: T = self._kept[name]
        return found

    def close(self) -> None:
        self._kept.clear()
        if self._deployed is not None:
            self._deployed.runtime.ports.close()
            self._deployed = None


@functools.cache
def container() -> Container:
    """Return the container of this process."""
    return Container(_opened)


def _opened() -> Deployed:
    from pressroom.entrypoints.aws_lambda._lines import write_log
    from pressroom.runtimes.aws import open_deployed

    deployed = open_deployed(HOME, {**os.environ, **SERVED_TO_ALL}, is_function=True)
    write_log(deployed.runtime.config.log.level, deployed.redact, os.environ)
    return deployed


SERVED_TO_ALL = {"PRESSROOM_SERVER__HOST": '"0.0.0.0"'}
"""A function is reached from outside, whatever the settings of the embedded server are: whoever comes needs a key."""
