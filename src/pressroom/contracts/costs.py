"""The contract of `Costs`: what was spent, exactly, and budgets that two at once cannot pass together."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from pressroom.changes import Change
from pressroom.contracts.base import Contract, Reopen, at_once
from pressroom.contracts.samples import NOW, a_cost
from pressroom.costs import Budget, Span
from pressroom.ports import Ports

DAY = timedelta(days=1)
LONG_AGO = NOW - 100 * DAY


class CostsContract(Contract):
    def test_a_cost_comes_back_as_it_was_stored(self, ports: Ports) -> None:
        reserved = a_cost("cost_1", "0.0361", quantity=1204, unit="output_tokens")
        committed = a_cost("cost_2", "0.000004", at=NOW + DAY, currency="EUR", what="main")
        ports.costs.reserve(reserved, [])
        ports.store.commit(Change(costs=(committed,)))
        assert ports.costs.of_job("job_1") == [reserved, committed]
        assert ports.costs.of_job("job_2") == []

    def test_sums_are_exact(self, ports: Ports) -> None:
        for number in range(10):
            ports.costs.reserve(a_cost(f"cost_{number}", "0.1"), [])
        assert ports.costs.spent(LONG_AGO) == Decimal(1)
        assert ports.costs.spent(NOW + DAY) == Decimal(0)

    def test_spending_is_counted_by_time_and_pipeline(self, ports: Ports) -> None:
        ports.costs.reserve(a_cost("cost_1", "1", at=NOW - DAY), [])
        ports.costs.reserve(a_cost("cost_2", "2"), [])
        ports.costs.reserve(a_cost("cost_3", "4", pipeline="photo_feed"), [])
        assert ports.costs.spent(NOW) == Decimal(6)
        assert ports.costs.spent(NOW - DAY) == Decimal(7)
        assert ports.costs.spent(NOW - DAY, pipeline="daily_post") == Decimal(3)

    def test_a_budget_may_be_used_up_and_not_passed(self, ports: Ports) -> None:
        budget = Budget(Span.DAY, Decimal("0.10"))
        assert ports.costs.reserve(a_cost("cost_1", "0.06"), [budget]) is None
        assert ports.costs.reserve(a_cost("cost_2", "0.05"), [budget]) == budget
        assert ports.costs.reserve(a_cost("cost_3", "0.04"), [budget]) is None
        assert [cost.id for cost in ports.costs.of_job("job_1")] == ["cost_1", "cost_3"]

    def test_a_day_and_a_month_begin_anew(self, ports: Ports) -> None:
        day, month = Budget(Span.DAY, Decimal(1)), Budget(Span.MONTH, Decimal("1.5"))
        assert ports.costs.reserve(a_cost("cost_1", "1"), [day, month]) is None
        assert ports.costs.reserve(a_cost("cost_2", "1"), [day, month]) == day
        # NOW is the last day of October.
        assert ports.costs.reserve(a_cost("cost_3", "1", at=NOW - DAY), [month]) == month
        assert ports.costs.reserve(a_cost("cost_4", "1", at=NOW + DAY), [day, month]) is None

    def test_a_budget_of_a_job_counts_that_job_alone(self, ports: Ports) -> None:
        budget = Budget(Span.JOB, Decimal(1), "daily_post")
        assert ports.costs.reserve(a_cost("cost_1", "1", at=LONG_AGO), [budget]) is None
        assert ports.costs.reserve(a_cost("cost_2", "1", job_id="job_2"), [budget]) is None
        assert ports.costs.reserve(a_cost("cost_3", "0.01"), [budget]) == budget

    def test_a_budget_of_a_pipeline_counts_that_pipeline_alone(self, ports: Ports) -> None:
        budget = Budget(Span.DAY, Decimal(1), "daily_post")
        assert ports.costs.reserve(a_cost("cost_1", "9", pipeline="photo_feed"), []) is None
        assert ports.costs.reserve(a_cost("cost_2", "1"), [budget]) is None
        assert ports.costs.reserve(a_cost("cost_3", "0.01"), [budget]) == budget

    def test_two_at_once_cannot_pass_a_budget_together(self, ports: Ports) -> None:
        budget = Budget(Span.DAY, Decimal(3))
        costs = [a_cost(f"cost_{number}", "1") for number in range(8)]
        outcomes = at_once(lambda cost: ports.costs.reserve(cost, [budget]), costs)
        assert outcomes.count(None) == 3
        assert outcomes.count(budget) == 5
        assert ports.costs.spent(LONG_AGO) == Decimal(3)

    def test_a_reserved_cost_is_replaced_by_what_it_really_was(self, ports: Ports) -> None:
        ports.costs.reserve(a_cost("cost_1", "0.50", unit="reserved"), [])
        actual = [a_cost("cost_2", "0.01", unit="input_tokens"), a_cost("cost_3", "0.03", unit="output_tokens")]
        ports.costs.settle("cost_1", actual)
        assert ports.costs.of_job("job_1") == actual

    def test_a_call_that_was_not_charged_leaves_no_cost(self, ports: Ports) -> None:
        ports.costs.reserve(a_cost("cost_1", "0.50"), [])
        ports.costs.settle("cost_1", [])
        assert ports.costs.of_job("job_1") == []

    def test_a_cost_that_is_settled_twice_is_charged_once(self, ports: Ports) -> None:
        ports.costs.reserve(a_cost("cost_1", "0.50"), [])
        ports.costs.settle("cost_1", [a_cost("cost_2", "0.04")])
        ports.costs.settle("cost_1", [a_cost("cost_3", "0.04")])
        assert ports.costs.spent(LONG_AGO) == Decimal("0.04")

    def test_costs_survive_closing_and_opening_again(self, ports: Ports, reopen: Reopen) -> None:
        ports.costs.reserve(a_cost("cost_1", "0.50"), [])
        assert reopen().costs.spent(LONG_AGO) == Decimal("0.50" if self.survives_reopening else 0)
