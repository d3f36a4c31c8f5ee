"""The newest rows of a table, filtered: one query for everything that is listed page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from pressroom.backends.sqlite.database import Database

BEHIND_EVERYTHING = "\U0010ffff"
"""The last code point, which no key has: no key that begins with a prefix comes after the prefix with this."""


def newest(
    database: Database,
    table: str,
    *,
    limit: int,
    before: str | None,
    equal: Mapping[str, Any],
    among: tuple[str, Sequence[str]],
    further: tuple[Sequence[str], Sequence[Any]] = ((), ()),
) -> list[sqlite3.Row]:
    """Return rows by id, newest first, from below `before`.

    A column of `equal` that is None is not filtered by, nor is the column of `among` when it names no values.
    `further` are conditions in SQL with their parameters.
    """
    conditions = [f"{column} = ?" for column, value in equal.items() if value is not None]
    parameters: list[Any] = [value for value in equal.values() if value is not None]
    if before is not None:
        conditions.append("id < ?")
        parameters.append(before)
    column, values = among
    if values:
        conditions.append(f"{column} IN ({','.join('?' * len(values))})")
        parameters += values
    conditions += further[0]
    parameters += further[1]
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return database.read(f"SELECT * FROM {table} {where} ORDER BY id DESC LIMIT ?", (*parameters, limit))
