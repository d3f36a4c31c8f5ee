"""The newest items of a group: found by an index that knows keys alone, read from the table as they stand."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import islice

from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.conditions import all_of, is_, less
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.values import Record

_AT_ONCE = 100
_HASH_KEYS = {index.name: index.hash_key.name for index in STATE.indexes}


def newest(calls: Calls, groups: Iterable[tuple[str, str]], *, below: str | None) -> Iterator[Record]:
    """Yield the items of groups (each an index and a value of its hash key), the last in their order first.

    What was written a moment ago may be missing, and what has just left a group still be there: who asks looks at
    what the item says itself.
    """
    each = [_places(calls, index, group, below) for index, group in groups]
    listed = heapq.merge(*each, key=lambda record: str(record["listed_as"]), reverse=True)
    while some := list(islice(listed, _AT_ONCE)):
        keys = [(one["of"], one["part"]) for one in some]
        found = calls.get_many(STATE, keys)
        yield from (found[key] for key in dict.fromkeys(keys) if key in found)


def _places(calls: Calls, index: str, group: str, below: str | None) -> Iterator[Record]:
    where = is_(_HASH_KEYS[index], group)
    where = all_of(where, less("listed_as", below)) if below is not None else where
    return calls.query(STATE, where, index=index, newest_first=True, page=_AT_ONCE)
