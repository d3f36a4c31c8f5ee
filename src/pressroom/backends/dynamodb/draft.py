"""One change on its way into a transaction: what was read for it, its numbers, and the long values to put aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.calls import Key
from pressroom.backends.dynamodb.transaction import Transaction
from pressroom.backends.dynamodb.values import Record, us
from pressroom.changes import Change
from pressroom.errors import PressroomError


class Overtaken(PressroomError):
    """A number that the draft was given is taken, or too low, or a cost of it is stored: it is drafted anew."""

    def __init__(self, *, above: int = 0, cost_id: str = "") -> None:
        super().__init__("Somebody else was faster.")
        self.above, self.cost_id = above, cost_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    change: Change
    transaction: Transaction
    asides: Asides
    now: datetime
    first: int
    """The first of the numbers in a row that this draft may use."""
    known: Mapping[Key, Record]
    """Items as they were read for it."""
    parts: dict[Key, Record] = field(default_factory=dict)
    """Of long values, to be written before."""

    @property
    def now_us(self) -> int:
        return us(self.now)

    def positions(self) -> dict[str, int]:
        """Return where in the log each event of the change will stand, by its id."""
        return {event.id: self.first + number for number, event in enumerate(self.change.events)}

    def step_number(self, number: int) -> int:
        return self.first + len(self.change.events) + number

    def delivery_id(self, number: int) -> int:
        return self.step_number(len(self.change.steps)) + number

    def fit(self, of: str, record: Mapping[str, Any]) -> Record:
        """Return the record with what is too long for it put aside under this hash key."""
        return self.asides.fit(of, record, self.parts)


def numbers_needed(change: Change) -> int:
    return max(1, len(change.events) + len(change.steps) + len(change.deliveries))
