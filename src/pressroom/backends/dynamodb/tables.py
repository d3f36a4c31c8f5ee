"""Rows by table and key, in DynamoDB."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.documents import Documents
from pressroom.backends.dynamodb.table_shapes import ROWS
from pressroom.backends.dynamodb.values import text


class DynamoTables:
    def __init__(self, calls: Calls) -> None:
        self._documents = Documents(calls, ROWS)

    def put(self, table: str, rows: Mapping[str, dict[str, Any]]) -> None:
        self._documents.write(table, {key: text(row) for key, row in rows.items()})

    def add(self, table: str, key: str, row: dict[str, Any]) -> bool:
        return self._documents.add(table, key, text(row))

    def get(self, table: str, key: str) -> dict[str, Any] | None:
        found = self._documents.get(table, key)
        return None if found is None else dict(json.loads(found))

    def all(self, table: str) -> dict[str, dict[str, Any]]:
        return {key: json.loads(document) for key, document in self._documents.all(table)}

    def remove(self, table: str, keys: Collection[str]) -> int:
        return sum(self._documents.remove(table, key) for key in set(keys))
