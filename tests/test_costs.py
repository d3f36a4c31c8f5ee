"""Costs and the spans of budgets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from pressroom.costs import Budget, Cost, Span, summary, total

NOW = datetime(2026, 10, 31, 8, 15, 30, 500, tzinfo=UTC)


def a_cost(money: str, currency: str = "USD") -> Cost:
    return Cost(
        id="cost_1",
        job_id="job_1",
        pipeline="daily_post",
        what="art",
        unit="images",
        quantity=1,
        money=Decimal(money),
        currency=currency,
        at=NOW,
    )


def test_a_sum_of_money_is_exact() -> None:
    assert total([a_cost("0.1")] * 3) == Decimal("0.3")
    assert total([]) == Decimal(0)


def test_a_summary_shows_the_sum_and_its_lines() -> None:
    assert summary([a_cost("0.04", "EUR"), a_cost("0.006", "EUR")]) == {
        "money": "0.046",
        "currency": "EUR",
        "lines": [
            {
                "what": "art",
                "unit": "images",
                "quantity": 1,
                "money": money,
                "currency": "EUR",
                "at": "2026-10-31T08:15:30.000500+00:00",
            }
            for money in ("0.04", "0.006")
        ],
    }


def test_a_job_that_cost_nothing_says_so() -> None:
    assert summary([]) == {"money": "0", "currency": "USD", "lines": []}


@pytest.mark.parametrize(
    ("span", "begins"),
    [(Span.DAY, datetime(2026, 10, 31, tzinfo=UTC)), (Span.MONTH, datetime(2026, 10, 1, tzinfo=UTC))],
)
def test_days_and_months_begin_at_midnight_in_utc(span: Span, begins: datetime) -> None:
    assert Budget(span, Decimal(1)).begins(NOW) == begins
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-10)))
    assert Budget(span, Decimal(1)).begins(elsewhere) == begins


def test_the_budget_of_a_job_looks_back_as_far_as_any_job_goes() -> None:
    assert Budget(Span.JOB, Decimal(1)).begins(NOW) < NOW - timedelta(days=10_000)
