"""Costs in DynamoDB: budgets are conditions on the sums that are kept beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal

from pressroom.backends.dynamodb import keys, records
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import all_of, at_least, between, is_, present
from pressroom.backends.dynamodb.draft import Overtaken
from pressroom.backends.dynamodb.drafting_costs import (
    SPENT,
    at_most_spent,
    put_costs,
    spent_by,
    sum_of_day,
    sum_of_job,
    sum_of_month,
)
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.transaction import Refused, Transaction, refuse
from pressroom.backends.dynamodb.values import Record, us, when
from pressroom.costs import Budget, Cost, Span
from pressroom.errors import PressroomError


class _Passed(PressroomError):
    """One of the budgets leaves less than the cost."""


class DynamoCosts:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def reserve(self, cost: Cost, budgets: Sequence[Budget]) -> Budget | None:
        amount = records.nano(cost.money)
        sums = [_sum_of(budget, cost) for budget in budgets]
        most: dict[Key, int] = {}
        for key, budget in zip(sums, budgets, strict=True):
            most[key] = min(most.get(key, records.nano(budget.money)), records.nano(budget.money))
        limits = {key: at_most_spent(nano, adding=amount) for key, nano in most.items()}
        for pause in self._calls.pauses():
            transaction = Transaction(self._calls, "cost")
            put_costs(transaction, [cost], most=limits, passed=_Passed("A budget is used up."))
            try:
                transaction.commit()
            except Refused as refused:
                if not any(isinstance(error, _Passed) for error in refused.errors):
                    return None  # it is entered already
                spent = self._calls.get_many(STATE, sums)
                for key, budget in zip(sums, budgets, strict=True):
                    if spent.get(key, {}).get(SPENT, 0) + amount > records.nano(budget.money):
                        return budget
                pause()  # a reserved cost was taken back meanwhile
            else:
                return None
        return None

    def settle(self, reserved_id: str, actual: Sequence[Cost]) -> None:
        known: set[str] = set()
        for pause in self._calls.pauses():
            found = self._calls.get(STATE, keys.cost(reserved_id))
            if found is None:
                return
            gone = Overtaken()
            transaction = Transaction(self._calls, "cost")
            transaction.remove(STATE, keys.cost(reserved_id), present("id"), refuse(gone))
            entered = [cost for cost in actual if cost.id not in known]
            put_costs(transaction, entered, taken_back=[records.cost(found)])
            try:
                transaction.commit()
            except Refused as refused:
                # Gone: the next turn finds nothing. Entered before: it is not entered twice.
                known |= {error.cost_id for error in refused.errors if isinstance(error, Overtaken)}
                pause()
            else:
                return

    def of_job(self, job_id: str) -> list[Cost]:
        """Return the costs of a job; one that was stored a moment ago may be missing."""
        listed = self._calls.query(STATE, is_("grouped_in", f"costs of {job_id}"), index="grouped")
        return sorted(self._standing(listed), key=lambda cost: cost.id)

    def spent(self, since: datetime, *, pipeline: str | None = None) -> Decimal:
        """Return the sum of whole days, which are kept added up, and of what the first day has from then on."""
        day = when(us(since)).date().isoformat()
        is_whole = when(us(since)).time() == time.min
        days = between("part", f"day#{day}{'' if is_whole else '~'}", "day#~")
        found = self._calls.query(STATE, all_of(is_("of", spent_by(pipeline)), days))
        total = records.money(sum(record[SPENT] for record in found))
        return total if is_whole else total + self._on_first_day(day, since, pipeline)

    def _on_first_day(self, day: str, since: datetime, pipeline: str | None) -> Decimal:
        where = all_of(is_("listed_in", f"costs of {day}"), at_least("listed_as", f"{us(since):017}"))
        found = self._standing(self._calls.query(STATE, where, index="listed"))
        return sum((cost.money for cost in found if pipeline in (None, cost.pipeline)), Decimal(0))

    def _standing(self, listed: Iterable[Record]) -> list[Cost]:
        found = self._calls.get_many(STATE, [(one["of"], one["part"]) for one in listed])
        return [records.cost(record) for record in found.values()]


def _sum_of(budget: Budget, cost: Cost) -> Key:
    """Return the key of the sum that a budget limits, as it counts for this cost."""
    day = when(us(cost.at)).date().isoformat()
    if budget.span is Span.JOB:
        return sum_of_job(cost.job_id)
    return sum_of_day(budget.pipeline, day) if budget.span is Span.DAY else sum_of_month(budget.pipeline, day)
