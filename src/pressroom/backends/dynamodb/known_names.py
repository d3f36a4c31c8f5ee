"""Which days the log has and which queues there are: asked for by name nowhere else, so each is written down once."""

from __future__ import annotations

from collections.abc import Iterable

from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.conditions import all_of, at_least, between, is_
from pressroom.backends.dynamodb.table_shapes import STATE


class KnownNames:
    """Written before the first thing under a name is stored, so that nobody who reads the names misses it."""

    def __init__(self, calls: Calls, kind: str) -> None:
        self._calls, self._kind = calls, kind
        self._written: set[str] = set()

    def write(self, names: Iterable[str]) -> None:
        for name in set(names) - self._written:
            self._calls.put(STATE, {"of": self._kind, "part": name})
            self._written.add(name)

    def all(self, *, since: str = "", until: str = "", newest_first: bool = False) -> list[str]:
        if until and since > until:
            return []
        # One condition on the range key is all that a query may have.
        within = [between("part", since or " ", until)] if until else [at_least("part", since)] if since else []
        where = all_of(is_("of", self._kind), *within)
        return [str(record["part"]) for record in self._calls.query(STATE, where, newest_first=newest_first)]
