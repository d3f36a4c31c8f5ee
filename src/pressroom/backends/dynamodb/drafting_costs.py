"""What costs change: their own items, and the sums that budgets and reports read instead of adding up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from pressroom.backends.dynamodb import keys, records
from pressroom.backends.dynamodb.calls import Key
from pressroom.backends.dynamodb.conditions import Condition, absent, any_of, at_most
from pressroom.backends.dynamodb.draft import Draft, Overtaken
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.transaction import Transaction, refuse
from pressroom.backends.dynamodb.values import us, when
from pressroom.costs import Cost
from pressroom.errors import Conflict, PressroomError

SPENT = "nano_money"


def draft_costs(draft: Draft, stored: frozenset[str]) -> None:
    """Draft the costs of the change but for those that are stored already: a cost is entered once."""
    put_costs(draft.transaction, [cost for cost in draft.change.costs if cost.id not in stored])


def put_costs(
    transaction: Transaction,
    costs: Iterable[Cost],
    *,
    taken_back: Iterable[Cost] = (),
    most: Mapping[Key, Condition] | None = None,
    passed: PressroomError | None = None,
) -> None:
    """Draft costs and the sums that they change; what is taken back is removed by the same transaction.

    `most` are conditions on sums, and `passed` is the error of one that does not hold.
    """
    sums: Counter[Key] = Counter()
    for cost in {cost.id: cost for cost in costs}.values():
        there = refuse(Overtaken(cost_id=cost.id))
        transaction.put(STATE, keys.cost(cost.id), records.cost_record(cost), absent("id"), there)
        sums.update(dict.fromkeys(sums_of(cost), records.nano(cost.money)))
    for cost in taken_back:
        sums.subtract(dict.fromkeys(sums_of(cost), records.nano(cost.money)))
    limits = most or {}
    over = refuse(passed or Conflict("A sum is changed without a condition."))
    for key, amount in sums.items():
        if amount:
            transaction.change(STATE, key, limits.get(key), over, add={SPENT: amount})
    for key, limit in limits.items():
        if not sums.get(key):
            transaction.require(STATE, key, limit, over)


def at_most_spent(nano: int, *, adding: int) -> Condition:
    """Return the condition that a sum does not pass `nano` once `adding` is added to it."""
    room = at_most(SPENT, nano - adding)
    return any_of(absent(SPENT), room) if adding <= nano else room


def sums_of(cost: Cost) -> list[Key]:
    """Return the keys of the sums that a cost is part of: of its job; of its pipeline's day and month, and of all's."""
    day = when(us(cost.at)).date().isoformat()
    return [
        sum_of_job(cost.job_id),
        *(
            key
            for pipeline in (None, cost.pipeline)
            for key in (sum_of_day(pipeline, day), sum_of_month(pipeline, day))
        ),
    ]


def sum_of_job(job_id: str) -> Key:
    return (keys.of_job(job_id), "spent")


def spent_by(pipeline: str | None) -> str:
    """Return the hash key of the sums of a pipeline, or of all together."""
    return "spent by all" if pipeline is None else f"spent by#{pipeline}"


def sum_of_day(pipeline: str | None, day: str) -> Key:
    return (spent_by(pipeline), f"day#{day}")


def sum_of_month(pipeline: str | None, day: str) -> Key:
    return (spent_by(pipeline), f"month#{day[:7]}")
