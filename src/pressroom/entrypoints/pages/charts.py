"""Lays tallies along time as bars. Pure: per cent across and pixels up, so that text keeps its size on a phone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pressroom.tally import OUTCOMES, Tally, added, nothing

MOST_DAYS, MOST_WEEKS = 45, 280
"""Days up to which a bar is a day, or a week; beyond that it is a month."""
ROOM = 22
"""Pixels above the highest bar, for its number."""
_X_LABELS = 5
_BAR = 0.72
"""How much of its place a bar fills."""
ALL, SOME, NONE, NO_POST = "all", "some", "none", "no post"
"""Of how many of a bar's posts the number is known."""


@dataclass(frozen=True, slots=True)
class Span:
    """One bar's piece of time, the last day included, with what was published in it."""

    first: date
    last: date
    tally: Tally

    @property
    def label(self) -> str:
        return f"{self.first.day} {self.first:%b}" if self.days < 28 else f"{self.first:%b %Y}"

    @property
    def words(self) -> str:
        if self.days == 1:
            return f"{self.first.day} {self.first:%B %Y}"
        if self.days >= 28:
            return f"{self.first:%B %Y}"
        return f"{self.first.day} {self.first:%b} to {self.last.day} {self.last:%b %Y}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    """Per cent from the left."""
    width: float
    y: float
    """Pixels from the top."""
    height: float
    value: int | None
    known: str
    words: str
    middle: float


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    """Pixels from the top, or per cent from the left."""
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    height: int
    bars: list[Bar]
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    highest: Bar | None
    """The first of the highest bars, whose number is written on it."""

    @property
    def kinds(self) -> set[str]:
        return {bar.known for bar in self.bars}


def spans(cells: Iterable[dict[str, Any]], first: date, last: date) -> list[Span]:
    """Return the time from `first` to `last` in days, weeks from Monday or months, with the tally of each."""
    starts = _starts(first, last)
    tallies = [nothing() for _ in starts]
    for cell in cells:
        place = bisect_right(starts, date.fromisoformat(cell["day"])) - 1
        if place >= 0:
            tallies[place] = added(tallies[place], cell)
    ends = [*(start - timedelta(days=1) for start in starts[1:]), _end(starts[-1], first, last)]
    return [Span(start, end, tally) for start, end, tally in zip(starts, ends, tallies, strict=True)]


def count_chart(pieces: Sequence[Span], name: str, height: int, top: int | None = None) -> Chart:
    """Return the bars of one count; `top` is the value of the full height, so that several charts share a scale."""

    def known(tally: Tally) -> str:
        of_posts = tally["counts"][name]["posts"]
        if not tally["published"] and not of_posts:
            return NO_POST
        return ALL if of_posts >= tally["published"] else SOME if of_posts else NONE

    return _chart(pieces, lambda tally: tally["counts"][name]["sum"], known, height, top)


def post_chart(pieces: Sequence[Span], height: int) -> Chart:
    """Return the bars of all posts, whatever became of them; `shares` divides a bar by outcome."""
    return _chart(
        pieces, lambda tally: tally["posts"] or None, lambda tally: ALL if tally["posts"] else NO_POST, height
    )


def shares(bar: Bar, tally: Tally) -> list[tuple[str, float, float]]:
    """Return the outcomes of a bar's posts from the bottom, each with its top and height in pixels."""
    numbers = [(outcome, tally[outcome]) for outcome in OUTCOMES]
    numbers.append(("under_way", tally["posts"] - sum(number for _, number in numbers)))
    found, bottom = [], bar.y + bar.height
    for outcome, number in numbers:
        if number:
            height = bar.height * number / tally["posts"]
            bottom -= height
            found.append((outcome, round(bottom, 2), round(height, 2)))
    return found


def highest_of(pieces: Iterable[Span], name: str) -> int:
    return max((piece.tally["counts"][name]["sum"] or 0 for piece in pieces), default=0)


def round_top(value: int) -> int:
    """Return the next of 1, 2, 4, 5, 10, 20 … that is not below the value: where the axis ends."""
    power = 1
    while True:
        for factor in (1, 2, 4, 5):
            if factor * power >= value:
                return factor * power
        power *= 10


def _starts(first: date, last: date) -> list[date]:
    days = (last - first).days + 1
    if days <= MOST_DAYS:
        return [first + timedelta(days=number) for number in range(days)]
    if days <= MOST_WEEKS:
        monday = first - timedelta(days=first.weekday())
        return [monday + timedelta(weeks=number) for number in range((last - monday).days // 7 + 1)]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return [_month_after(first, number) for number in range(months)]


def _end(start: date, first: date, last: date) -> date:
    days = (last - first).days + 1
    if days <= MOST_DAYS:
        return start
    if days <= MOST_WEEKS:
        return start + timedelta(days=6)
    return _month_after(start, 1) - timedelta(days=1)


def _month_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _chart(
    pieces: Sequence[Span],
    value_of: Callable[[Tally], int | None],
    known: Callable[[Tally], str],
    height: int,
    top: int | None = None,
) -> Chart:
    values = [value_of(piece.tally) for piece in pieces]
    top = top if top is not None else round_top(max((value or 0 for value in values), default=0))
    step, full = 100 / max(len(pieces), 1), height - ROOM
    bars = []
    for number, (piece, value) in enumerate(zip(pieces, values, strict=True)):
        tall = round(full * (value or 0) / max(top, 1), 2)
        left = step * (number + (1 - _BAR) / 2)
        middle = round(step * (number + 0.5), 3)
        width = round(step * _BAR, 3)
        bars.append(Bar(round(left, 3), width, height - tall, tall, value, known(piece.tally), piece.words, middle))
    highest = max((bar for bar in bars if bar.value), key=lambda bar: bar.value or 0, default=None)
    return Chart(height, bars, _y_ticks(top, height, full), _x_ticks(pieces, step), highest)


def _y_ticks(top: int, height: int, full: int) -> list[Tick]:
    values = [top, top // 2] if top % 2 == 0 else [top]
    return [Tick(height - full * value / max(top, 1), f"{value:,}") for value in values]


def _x_ticks(pieces: Sequence[Span], step: float) -> list[Tick]:
    """Return a few labels, evenly spread; the outer ones stay inside the chart."""
    if len(pieces) <= 1:
        return [Tick(50, piece.label) for piece in pieces]
    shown = min(_X_LABELS, len(pieces))
    numbers = sorted({round(one * (len(pieces) - 1) / (shown - 1)) for one in range(shown)})
    anchors = {numbers[0]: "start", numbers[-1]: "end"}
    places = {"start": 0.0, "end": 100.0}
    found = []
    for number in numbers:
        anchor = anchors.get(number, "middle")
        found.append(Tick(places.get(anchor, round(step * (number + 0.5), 3)), pieces[number].label, anchor))
    return found
