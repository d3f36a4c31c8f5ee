"""The names of months and days as people write them in a calendar file."""

from __future__ import annotations

import calendar
import difflib
import re
from datetime import date

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
LEAP_YEAR = 2024
DAY = re.compile(r"[0-9]{1,2}")
YEARLY = re.compile(r"([0-9]{2})-([0-9]{2})")
ONCE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def month_number(word: str) -> int | None:
    """Read "January", "JAN" or "sept"; None if it is no English month."""
    folded = word.strip().casefold()
    for number, name in enumerate(MONTHS, start=1):
        if folded in (name, name[:3]) or (folded, name) == ("sept", "september"):
            return number
    return None


def closest_month(word: str) -> str:
    """The month that was probably meant, or an empty text."""
    return next(iter(difflib.get_close_matches(word.strip().casefold(), MONTHS, n=1)), "")


def days_in(month: int) -> int:
    """The number of days that a month can have: 29 for February."""
    return calendar.monthrange(LEAP_YEAR, month)[1]


def key_of_day(month: int, day: str) -> str | None:
    """Turn month 1 and day "1" or "01" into "01-01"; None if there is no such day."""
    if not DAY.fullmatch(day) or not 1 <= int(day) <= days_in(month):
        return None
    return f"{month:02}-{int(day):02}"


def key_of_date(text: str) -> str | None:
    """Accept "10-31" and "2026-11-26" as they are; None for any other form or a day that does not exist."""
    if match := YEARLY.fullmatch(text):
        month = int(match[1])
        return key_of_day(month, match[2]) if 1 <= month <= 12 else None
    if ONCE.fullmatch(text):
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            return None
    return None
