"""Choices as from a deck of cards: what one story used, the next ones leave alone until the deck is used up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pressroom.generators.offline_writing.chance import Chance

T = TypeVar("T")
_WITHOUT_A_NUMBER = 1_000_000


class Deck:
    """A deck for each kind of choice; which card is on top depends on the story's number alone, or on its seed."""

    def __init__(self, number: int, chance: Chance) -> None:
        self._number = number or 1 + chance.below(_WITHOUT_A_NUMBER)

    def pick(self, kind: str, options: Sequence[T], turn: int | None = None) -> T:
        """Choose one; `turn` counts how often this very choice has come up, where that is known."""
        position = self._number if turn is None else turn
        round_, place = divmod(position, len(options))
        order = Chance("deck", kind, str(round_), str(len(options))).shuffled(range(len(options)))
        return options[order[place]]
