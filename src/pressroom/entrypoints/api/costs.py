"""`/api/v1/costs`: what was spent, by pipeline and by day. What one job cost stands in the job's own document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.costs_shapes import Costs
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.moments import Day
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.errors import BadInput
from pressroom.runtime import Runtime

router = APIRouter(prefix="/api/v1/costs", tags=["costs"])

LONGEST = timedelta(days=92)
"""Each day is a question of its own to the ledger of costs."""


@router.get(
    "", operation_id="show_costs", response_model=Costs, responses=problems(400), dependencies=[needs(Scope.READ)]
)
def show_costs(
    request: Request,
    runtime: RuntimeHere,
    since: Annotated[
        Day | None,
        Query(description="The first day, in UTC, at most 92 days ago; the first of this month by default."),
    ] = None,
) -> Response:
    """Tell what was spent since a day: altogether, by pipeline, and on each day on which anything was."""
    today = runtime.ports.clock.now().astimezone(UTC).date()
    first = since or today.replace(day=1)
    if not today - LONGEST <= first <= today:
        raise BadInput(
            f"{first} is not one of the last {LONGEST.days} days.", todo="Ask for a later day, or leave `since` out."
        )
    by_pipeline = {name: _spent(runtime, first, name) for name in sorted(runtime.runner.pipelines())}
    document = {
        "since": first,
        "money": _text(_spent(runtime, first)),
        "currency": "USD",
        "by_pipeline": [{"pipeline": name, "money": _text(money)} for name, money in by_pipeline.items() if money],
        "by_day": [{"day": day, "money": _text(money)} for day, money in _days(runtime, first, today) if money],
    }
    return answered(request, document)


def _days(runtime: Runtime, first: date, last: date) -> Iterator[tuple[date, Decimal]]:
    """Yield what each day cost, the last one first: what was spent since it, less what was since the next."""
    later, day = Decimal(0), last
    while day >= first:
        since = _spent(runtime, day)
        yield day, since - later
        later, day = since, day - timedelta(days=1)


def _spent(runtime: Runtime, since: date, pipeline: str | None = None) -> Decimal:
    return runtime.ports.costs.spent(datetime.combine(since, time(), UTC), pipeline=pipeline)


def _text(money: Decimal) -> str:
    """Return an amount without the noughts that a subtraction leaves at its end."""
    return f"{money.normalize():f}"
