"""When the counts of a post are read: densely while it is fresh, since then they grow, and later ever more rarely."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

_MINUTES = (5, 15, 30, 60, 120, 240, 480, 720)
_DAYS = (1, 1.5, 2, 3, 4, 5, 6, 7, 10, 14, 21, 30)
AGES = tuple(chain((timedelta(minutes=count) for count in _MINUTES), (timedelta(days=count) for count in _DAYS)))
"""Of a post, at which it is read."""


def next_reading(published_at: datetime, last: datetime | None) -> datetime | None:
    """Return when a post is read next, after its `last` reading; None if it is old enough to be left alone."""
    times = (published_at + age for age in AGES)
    return next((time for time in times if last is None or time > last), None)
