"""When a channel may post: windows of the week such as "Mon-Fri 08:00-20:00", in a time zone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(?:([A-Za-z, -]+?)\s+)?(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})")
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    days: frozenset[int]
    """0 is Monday; on which it begins."""
    begins: timedelta
    """After midnight."""
    ends: timedelta
    """After the midnight at which its day begins; more than a day if it goes on past midnight."""


def parse_window(text: str) -> Window:
    """Read one window; raises `ValueError` that says what one looks like."""
    found = _WINDOW.fullmatch(text.strip())
    if not found:
        raise ValueError(f'{text!r} is no window; write it like "Mon-Fri 08:00-20:00" or "10:00-18:00"')
    begins, ends = _after_midnight(found[2], text), _after_midnight(found[3], text)
    if begins == ends or begins >= _DAY:
        raise ValueError(f"{text!r} is no window: it ends when it begins")
    return Window(_days(found[1] or "Mon-Sun", text), begins, ends if ends > begins else ends + _DAY)


def next_open(windows: Sequence[Window], zone: str, at: datetime) -> datetime:
    """Return the first moment from `at` on that lies in a window; `at` itself if there are none."""
    if not windows:
        return at
    starts = []
    for begins, ends in _around(windows, ZoneInfo(zone), at):
        if begins <= at < ends:
            return at
        if begins > at:
            starts.append(begins)
    return min(starts)


def _around(windows: Sequence[Window], zone: ZoneInfo, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield when windows begin and end, from the day before `at`, which may reach into it, to a week after."""
    today = at.astimezone(zone).date()
    for offset in range(-1, 9):
        day = today + offset * _DAY
        for window in windows:
            if day.weekday() in window.days:
                begins, ends = _moment(day, window.begins, zone), _moment(day, window.ends, zone)
                # One that a clock change leaves out wholly is as long, and begins when the clock has jumped.
                yield begins, ends if ends > begins else begins + window.ends - window.begins


def start_of_next_day(zone: str, at: datetime) -> datetime:
    return _moment(at.astimezone(ZoneInfo(zone)).date() + _DAY, timedelta(0), ZoneInfo(zone))


def _moment(day: date, after_midnight: timedelta, zone: ZoneInfo) -> datetime:
    """Return a time of the wall clock as a moment; for one that a clock change leaves out, when the clock jumps."""
    whole, rest = divmod(after_midnight, _DAY)
    wall = datetime.combine(day + whole * _DAY, time()) + rest
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    left_out = moment.astimezone(zone).replace(tzinfo=None) - wall
    return _clock_change(moment - left_out, moment, zone) if left_out else moment


def _clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second between the two, in UTC, that has the offset of `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _after_midnight(text: str, window: str) -> timedelta:
    hours, minutes = map(int, text.split(":"))
    found = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or found > _DAY:
        raise ValueError(f"{window!r} is no window: there is no {text} o'clock")
    return found


def _days(text: str, window: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = (name.strip().lower()[:3] for name in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"{window!r} is no window: its days are {', '.join(day.capitalize() for day in DAYS)}")
        start, end = DAYS.index(first), DAYS.index(last) if dash else DAYS.index(first)
        found |= {(start + step) % 7 for step in range((end - start) % 7 + 1)}
    return frozenset(found)
