"""Lays a job's steps along its time, for the bars of the job's page. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.jobs import StepRecord

_THINNEST = 0.8


@dataclass(frozen=True, slots=True)
class Bar:
    """One step with its place in the job's time, in per cent."""

    step: StepRecord
    left: float
    width: float
    took: timedelta | None


def timeline(steps: Iterable[StepRecord], now: datetime) -> list[Bar]:
    """Return a bar for each step; one that has not begun has no width, one that runs reaches to `now`."""
    steps = list(steps)
    begun = [step.started_at for step in steps if step.started_at]
    if not begun:
        return [Bar(step, 0, 0, None) for step in steps]
    first = min(begun)
    last = max((step.completed_at or now) for step in steps if step.started_at)
    whole = max((last - first).total_seconds(), 0.001)
    return [_bar(step, first, whole, now) for step in steps]


def _bar(step: StepRecord, first: datetime, whole: float, now: datetime) -> Bar:
    if step.started_at is None:
        return Bar(step, 0, 0, None)
    took = max((step.completed_at or now) - step.started_at, timedelta(0))
    left = min(100 * (step.started_at - first).total_seconds() / whole, 100 - _THINNEST)
    width = min(max(100 * took.total_seconds() / whole, _THINNEST), 100 - left)
    return Bar(step, round(left, 2), round(width, 2), took)
