"""What it costs to read counts, where a network charges for that: entered before each call, within the budgets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pressroom.config import Config
from pressroom.costs import Budget, Cost, Span
from pressroom.ids import new_id
from pressroom.log import log
from pressroom.ports import Clock, Costs
from pressroom.publications import Publication
from pressroom.publishers.base import Publisher


class ReadingCosts:
    def __init__(self, costs: Costs, config: Config, clock: Clock) -> None:
        self._costs, self._config, self._clock = costs, config, clock

    def reserve(self, publications: Sequence[Publication], publisher: Publisher) -> bool:
        """Enter what reading these posts costs, each on its job's account.

        Returns False, with nothing entered, if a budget leaves no room for all of them.
        """
        if not publisher.price_of_reading:
            return True
        entered: list[Cost] = []
        for publication in publications:
            cost = self._cost(publication, publisher.price_of_reading)
            passed = self._costs.reserve(cost, self._budgets())
            if passed is None:
                entered.append(cost)
            else:
                for other in entered:
                    self._costs.settle(other.id, [])
                log.warning("counts are not read: the budget is used up", channel=publication.channel, span=passed.span)
                return False
        return True

    def _cost(self, publication: Publication, price: Decimal) -> Cost:
        return Cost(
            id=new_id("cost"),
            job_id=publication.job_id,
            pipeline=publication.pipeline,
            what=publication.channel,
            unit="readings",
            quantity=1,
            money=price,
            currency="USD",
            at=self._clock.now(),
        )

    def _budgets(self) -> list[Budget]:
        every = self._config.budgets
        limits = [(Span.DAY, every.per_day), (Span.MONTH, every.per_month)]
        return [Budget(span, money) for span, money in limits if money is not None]
