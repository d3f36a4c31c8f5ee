"""Long values beside their items, in parts named after their content; written before the change that refers to them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.values import Record, us
from pressroom.errors import Unavailable
from pressroom.ports import Clock

INLINE_BYTES = 32_000
"""A longer value is put aside: an item costs by its size with every change of anything in it."""
PART_BYTES = 300_000
"""An item may have 400 KB; Amazon DynamoDB service quotas, 2026-11-20."""
UNSURE = timedelta(days=1)
"""So long after it was written, it is looked whether anything refers to it: no commit takes that long."""
_MARK = "\x00"
"""Stands before the reference to a value that was put aside; no JSON begins so."""


def _hash_key(record: Record) -> str:
    return str(record["of"])


class Asides:
    """Values put aside during one commit, by the hash key that they share with what refers to them."""

    def __init__(self, calls: Calls, clock: Clock) -> None:
        self._calls, self._clock = calls, clock

    def fit(self, of: str, record: Mapping[str, Any], parts: dict[Key, Record]) -> Record:
        """Return the record with a reference in the place of each long text; what is to be put aside joins `parts`."""
        return {
            name: self._aside(of, value, parts) if isinstance(value, str) and len(value) > INLINE_BYTES // 4 else value
            for name, value in record.items()
        }

    def write(self, parts: Mapping[Key, Record]) -> None:
        if parts:
            ends = {"ends_as": "unsure", "ends_at": us(self._clock.now() + UNSURE)}
            self._calls.write_many(STATE, put=[record | ends for record in parts.values()])

    def whole(self, records: Iterable[Record], of: Callable[[Record], str] = _hash_key) -> list[Record]:
        """Return the records with what was put aside in its place; `of` tells under which hash key that is."""
        given = list(records)
        keys = [key for record in given for value in record.values() for key in referred(of(record), value)]
        if not keys:
            return given
        found = self._calls.get_many(STATE, keys)
        return [{name: self._value(of(record), value, found) for name, value in record.items()} for record in given]

    def whole_one(self, record: Record | None) -> Record | None:
        return None if record is None else self.whole([record])[0]

    def _aside(self, of: str, value: str, parts: dict[Key, Record]) -> str:
        data = value.encode()
        if len(data) <= INLINE_BYTES:
            return value
        cut = [data[start : start + PART_BYTES] for start in range(0, len(data), PART_BYTES)]
        reference = f"{_MARK}{hashlib.sha256(data).hexdigest()}:{len(cut)}"
        for key, part in zip(referred(of, reference), cut, strict=True):
            parts[key] = {"of": key[0], "part": key[1], "bytes": part}
        return reference

    def _value(self, of: str, value: Any, found: Mapping[Key, Record]) -> Any:
        keys = referred(of, value)
        if not keys:
            return value
        if not all(key in found for key in keys):
            raise Unavailable(
                "A long value was removed while it was read.", where=of, todo="Read it again: it has just been changed."
            )
        return b"".join(found[key]["bytes"] for key in keys).decode()


def referred(of: str, value: Any) -> list[Key]:
    """Return the keys of the parts that a value refers to; none for a value that stands for itself."""
    if not isinstance(value, str) or not value.startswith(_MARK):
        return []
    digest, _, count = value[len(_MARK) :].partition(":")
    return [(of, f"aside#{digest}#{number:04}") for number in range(int(count))]
