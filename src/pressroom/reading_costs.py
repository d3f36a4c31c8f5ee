"""What it costs to read counts, where a network charges for that: entered before each call, within the budgets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pressroom.config import Config
from pressroom.costs import Budget, Cost, Span
from pressroom.errors import OutcomeUnknown, PressroomError, Unavailable
from pressroom.ids import new_id
from pressroom.log import log
from pressroom.ports import Clock, Costs
from pressroom.publications import Publication
from pressroom.publishers.base import Publisher


class ReadingCosts:
    def __init__(self, costs: Costs, config: Config, clock: Clock) -> None:
        self._costs, self._config, self._clock = costs, config, clock

    def reserve(self, publications: Sequence[Publication], publisher: Publisher) -> list[Cost] | None:
        """Enter what reading these posts costs, each on its job's account, and return what was entered.

        Returns None, with nothing entered, if a budget leaves no room for all of them.
        """
        if not publisher.price_of_reading:
            return []
        entered: list[Cost] = []
        for publication in publications:
            cost = self._cost(publication, publisher.price_of_reading)
            passed = self._costs.reserve(cost, self._budgets())
            if passed is None:
                entered.append(cost)
            else:
                self.strike(entered)
                log.warning("counts are not read: the budget is used up", channel=publication.channel, span=passed.span)
                return None
        return entered

    def strike(self, entered: Sequence[Cost]) -> None:
        """Take out what was entered for a call that surely charged nothing."""
        for cost in entered:
            self._costs.settle(cost.id, [])

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


def may_be_charged(error: Exception) -> bool:
    """Say whether a reading that failed in this way may stand on the network's bill.

    A refusal shows no counts, and what is charged is the counts that were shown; only where the answer was lost, or
    came and could not be read, does nobody know.
    """
    if isinstance(error, Unavailable):
        return error.is_unclear
    return isinstance(error, OutcomeUnknown) or not isinstance(error, PressroomError)
