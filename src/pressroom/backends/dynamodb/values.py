"""Turns plain values into DynamoDB's typed ones and back: texts, whole numbers, bytes and sets of texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Record = dict[str, Any]
"""An item with plain values: `str`, `int`, `bytes`, `frozenset[str]`."""

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def text(value: Any) -> str:
    """Return the value as JSON; raises `TypeError` if it is none."""
    return _encode(value)


def us(time: datetime) -> int:
    """Return microseconds since 1970, exactly."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def maybe_us(time: datetime | None) -> int | None:
    return None if time is None else us(time)


def when(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def maybe_when(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else when(microseconds)


def typed(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int):
        return {"N": str(int(value))}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, frozenset):
        return {"SS": sorted(value)}
    raise TypeError(f"{type(value).__name__} is not kept in DynamoDB by Pressroom")


def item_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the item that holds the record; what is None is left out."""
    return {name: typed(value) for name, value in record.items() if value is not None}


def record_of(item: Mapping[str, Any]) -> Record:
    return {name: _plain(value) for name, value in item.items()}


def _plain(value: Mapping[str, Any]) -> Any:
    [(kind, held)] = value.items()
    if kind == "N":
        return int(held)
    return frozenset(held) if kind == "SS" else held
