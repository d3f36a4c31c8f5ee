"""What posts cost: entered before each attempt, and taken back when the network surely did not charge for it."""

from __future__ import annotations

from decimal import Decimal

from pressroom.arguments import Context
from pressroom.config import Config
from pressroom.costs import Cost
from pressroom.generation import budgets_of, over
from pressroom.ports import Clock, Costs
from pressroom.publications import Publication


class PostCosts:
    def __init__(self, costs: Costs, config: Config, clock: Clock) -> None:
        self._costs, self._config, self._clock = costs, config, clock

    def reserve(self, context: Context, publication: Publication, price: Decimal) -> None:
        """Enter the price of the attempt that comes next; raises `BudgetExceeded` if no budget leaves room for it."""
        if not price:
            return
        for attempt in publication.attempts:
            if attempt.outcome == "absent":
                self.take_back(publication, attempt.number)
        known = publication.open_attempt
        cost = Cost(
            id=_cost_id(publication, known.number if known else len(publication.attempts) + 1),
            job_id=publication.job_id,
            pipeline=publication.pipeline,
            what=publication.channel,
            unit="posts",
            quantity=1,
            money=price,
            currency="USD",
            at=self._clock.now(),
        )
        if any(entered.id == cost.id for entered in self._costs.of_job(cost.job_id)):
            return  # by an earlier run of this attempt; a budget must not count it twice
        passed = self._costs.reserve(cost, budgets_of(context, self._config))
        if passed is not None:
            raise over(passed, context, publication.channel, price)

    def take_back(self, publication: Publication, attempt: int) -> None:
        """Strike an attempt's price out: the network did not take the post."""
        self._costs.settle(_cost_id(publication, attempt), [])


def _cost_id(publication: Publication, attempt: int) -> str:
    return f"cost_{publication.id}_{attempt}"
