"""What a read model is: documents folded from the event log, in its order, each event once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from pressroom.events import Event

ORIGINALS = "photos/"
"""How the keys of assets begin that are photos as they came in."""
Document = dict[str, Any]
Lookup = Callable[[str], Document | None]
"""Returns the document of a key as it stands, those just written included."""


class ReadModel(ABC):
    """Pure: the same events give the same documents, to the byte."""

    types: ClassVar[tuple[str, ...]]
    """The event types it reads."""

    @abstractmethod
    def apply(self, event: Event, lookup: Lookup) -> dict[str, Document | None]:
        """Return the documents that this event changes, by key; None removes one.

        Listings show the highest key first, so a key begins with what it is sorted by.
        """
