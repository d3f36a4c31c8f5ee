"""Waits until a file is complete: a copier gives no sign when it is done, so the file itself is watched for a while."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pressroom.ports import Clock
from pressroom.sources._folder_endings import Ending
from pressroom.sources._folder_tree import File

# As shares of settle_seconds. A file that has its end is taken early, one that surely lacks it is given more time;
# after that it is taken as it is, so that a copy that broke off is reported as a broken picture and not ignored.
WITH_ITS_END = 0.2
WITHOUT_ITS_END = 20.0


@dataclass(slots=True)
class _Watched:
    since: datetime
    ending: Ending | None = None
    """Not known yet: it is looked at once the file has stood still for a moment."""


@dataclass(slots=True)
class Settling:
    """Times are counted from when we first saw a file as it is now; the times of a network share may be wrong."""

    seconds: float
    clock: Clock
    _watched: dict[str, _Watched] = field(default_factory=dict)
    """By signature, so that a file keeps its time when it gets its final name."""
    _waiting: set[str] = field(default_factory=set)

    def observe(self, files: Collection[File]) -> None:
        """Note which files there are that are not known yet; forget those that changed or are gone."""
        now = self.clock.now()
        self._watched = {file.signature: self._watched.get(file.signature) or _Watched(now) for file in files}
        self._waiting = {file.signature for file in files if not file.is_on_the_way and file.size}
        for watched in self._watched.values():
            watched.since = min(watched.since, now)  # the clock was set back

    def is_complete(self, file: File, ending_of: Callable[[], Ending]) -> bool:
        """Say whether an observed file may be read; asks for its ending at most once."""
        if not file.size or file.is_on_the_way:
            return False
        watched = self._watched[file.signature]
        age = self.clock.now() - watched.since
        if watched.ending is None and age >= timedelta(seconds=self.seconds * WITH_ITS_END):
            watched.ending = ending_of()
        return age >= self._needed(watched)

    def done_with(self, file: File) -> None:
        self._waiting.discard(file.signature)

    def seconds_left(self) -> float | None:
        """Return when to look again; None if nothing is settling."""
        now = self.clock.now()
        left = [
            (self._watched[signature].since + self._needed(self._watched[signature]) - now).total_seconds()
            for signature in self._waiting
        ]
        return max(0.0, min(left)) if left else None

    def _needed(self, watched: _Watched) -> timedelta:
        share = {None: WITH_ITS_END, Ending.WHOLE: WITH_ITS_END, Ending.CUT: WITHOUT_ITS_END}.get(watched.ending, 1.0)
        return timedelta(seconds=self.seconds * share)
