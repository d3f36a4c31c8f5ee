"""When the counts of a post are read: densely while it is fresh, since then they grow, and later ever more rarely."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

_MINUTES = (5, 15, 30, 60, 120, 240, 480, 720)
_DAYS = (1, 1.5, 2, 3, 4, 5, 6, 7, 10, 14, 21, 30)
AGES = tuple(chain((timedelta(minutes=count) for count in _MINUTES), (timedelta(days=count) for count in _DAYS)))
"""Of a post, at which it is read."""
LAST_TURN = AGES[-1] + timedelta(days=1)
"""The age until which a post that was read before is read again; after it, what it was is what it is."""
LATEST_FIRST = 2 * AGES[-1]
"""The age until which a post that was never read, because nothing ran or it was found out late, is read once."""
REMEMBERED = 3 * AGES[-1]
"""How long a reading is remembered: longer than its post may be due, or the post would look as if never read."""


def next_reading(published_at: datetime, last: datetime | None) -> datetime | None:
    """Return when a post is read next, after its `last` reading; None if it is old enough to be left alone."""
    times = (published_at + age for age in AGES)
    return next((time for time in times if last is None or time > last), None)


def is_due(published_at: datetime, last: datetime | None, now: datetime) -> bool:
    """Say whether a post is to be read now, after its `last` reading."""
    if now - published_at > (LATEST_FIRST if last is None else LAST_TURN):
        return False
    following = next_reading(published_at, last)
    return following is not None and following <= now
