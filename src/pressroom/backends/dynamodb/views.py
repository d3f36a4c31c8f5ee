"""The views of read models in DynamoDB."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.conditions import absent, any_of, is_
from pressroom.backends.dynamodb.documents import Documents
from pressroom.backends.dynamodb.table_shapes import VIEWS
from pressroom.backends.dynamodb.values import text


class DynamoViews:
    def __init__(self, calls: Calls) -> None:
        self._documents = Documents(calls, VIEWS)

    def position(self, model: str) -> int:
        return int(self._documents.head(model).get("position", 0))

    def write(self, model: str, documents: dict[str, dict[str, Any] | None], *, before: int, position: int) -> None:
        texts = {key: None if document is None else text(document) for key, document in documents.items()}
        stands = is_("position", before)
        self._documents.write(
            model,
            texts,
            only=stands if before else any_of(absent("position"), stands),
            put={"position": position},
            why=f"The read model {model} was written meanwhile.",
        )

    def get(self, model: str, key: str) -> dict[str, Any] | None:
        found = self._documents.get(model, key)
        return None if found is None else json.loads(found)

    def find(
        self, model: str, *, limit: int = 100, before: str | None = None, prefix: str = ""
    ) -> list[dict[str, Any]]:
        found = self._documents.all(model, prefix=prefix, below=before, newest_first=True, page=limit)
        return [json.loads(document) for _, document in islice(found, limit)]

    def clear(self, model: str) -> None:
        self._documents.clear(model)

    def keys(self, model: str) -> Iterator[str]:
        for key, _ in self._documents.all(model):
            yield key
