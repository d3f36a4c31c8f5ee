"""What jobs cost, and the budgets that stop a call before it overspends. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One line of the ledger of costs."""

    id: str
    job_id: str
    pipeline: str
    what: str
    """Who charged it: a generator's or a channel's name."""
    unit: str
    """`output_tokens`, `images`, `posts`; `reserved` while the call is under way or its answer was lost."""
    quantity: int
    money: Decimal
    currency: str
    at: datetime

    def as_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "unit": self.unit,
            "quantity": self.quantity,
            "money": str(self.money),
            "currency": self.currency,
            "at": self.at.isoformat(),
        }


class Span(StrEnum):
    JOB = "job"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `money` within a span: of one job, or of a calendar day or month in UTC."""

    span: Span
    money: Decimal
    pipeline: str | None = None
    """None: all pipelines together."""

    def begins(self, now: datetime) -> datetime:
        day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if self.span is Span.DAY:
            return day
        if self.span is Span.MONTH:
            return day.replace(day=1)
        # A job's own costs count however long ago they were.
        return now - timedelta(days=36500)


def total(costs: Iterable[Cost]) -> Decimal:
    return sum((cost.money for cost in costs), Decimal(0))


def summary(costs: Iterable[Cost]) -> dict[str, Any]:
    """Return the sum in money and the lines, as `jobs JOB --json` shows them under `cost`."""
    lines = list(costs)
    return {
        "money": str(total(lines)),
        "currency": lines[0].currency if lines else "USD",
        "lines": [c.as_dict() for c in lines],
    }
