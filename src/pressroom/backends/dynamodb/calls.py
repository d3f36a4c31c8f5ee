"""Single calls to DynamoDB, with plain records: consistent but for those to an index, repeated where that helps."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pressroom.backends._aws_troubles import plain_troubles
from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb.conditions import Condition, Expression, update
from pressroom.backends.dynamodb.table_shapes import TABLES, TableShape
from pressroom.backends.dynamodb.values import Record, item_of, record_of
from pressroom.errors import Unavailable

AGAIN = frozenset(
    {"TransactionConflictException", "TransactionInProgressException", "ThrottlingException"}
    | {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "LimitExceededException"}
    | {"InternalServerError", "InternalFailure", "ServiceUnavailable"}
)
"""What passes by itself: nothing was stored, or what was is told apart by a condition or a token."""
TRIES = 12
"""Beyond those of the client. Two who change one item at once conflict, and one of them must come through soon."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.02, 1.0
GET_MOST = 100
"""Items in one BatchGetItem; Amazon DynamoDB service quotas, 2026-11-20."""
WRITE_MOST = 25
"""Items in one BatchWriteItem; Amazon DynamoDB service quotas, 2026-11-20."""
_KEYS = {shape.suffix: (shape.hash_key.name, shape.range_key.name) for shape in TABLES}
_RIGHTS = "dynamodb:GetItem, BatchGetItem, Query, PutItem, UpdateItem, DeleteItem, BatchWriteItem, ConditionCheckItem"

Key = tuple[Any, Any]
"""The values of the hash key and of the range key."""


class Calls:
    def __init__(self, clients: AwsClients, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._clients, self._sleep = clients, sleep
        self._deployment = clients.settings.name

    def table(self, shape: TableShape) -> str:
        return f"{self._deployment}-{shape.suffix}"

    def key(self, shape: TableShape, key: Key) -> dict[str, Any]:
        return item_of(dict(zip(_KEYS[shape.suffix], key, strict=True)))

    def get(self, shape: TableShape, key: Key) -> Record | None:
        found = self.ask("get_item", TableName=self.table(shape), Key=self.key(shape, key), ConsistentRead=True)
        return record_of(found["Item"]) if "Item" in found else None

    def get_many(self, shape: TableShape, keys: Iterable[Key]) -> dict[Key, Record]:
        """Return those of the items that are there, by their keys."""
        wanted, table, names = list(dict.fromkeys(keys)), self.table(shape), _KEYS[shape.suffix]
        found: dict[Key, Record] = {}
        for start in range(0, len(wanted), GET_MOST):
            left: list[Any] = [self.key(shape, key) for key in wanted[start : start + GET_MOST]]
            for pause in self.pauses():
                answer = self.ask("batch_get_item", RequestItems={table: {"Keys": left, "ConsistentRead": True}})
                for item in answer["Responses"].get(table, ()):
                    record = record_of(item)
                    found[record[names[0]], record[names[1]]] = record
                left = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
                if not left:
                    break
                pause()
        return found

    def query(
        self,
        shape: TableShape,
        where: Condition,
        *,
        index: str = "",
        only: Condition | None = None,
        newest_first: bool = False,
        page: int | None = None,
    ) -> Iterator[Record]:
        """Return the items of one hash key in the order of the range key, page after page as they are asked for.

        Of an index these are keys alone, and what was written a moment ago may not be among them.
        """
        for answer in self._pages(shape, where, index, only, ScanIndexForward=not newest_first, Limit=page):
            yield from map(record_of, answer["Items"])

    def count(self, shape: TableShape, where: Condition, *, index: str = "") -> int:
        return sum(answer["Count"] for answer in self._pages(shape, where, index, None, Select="COUNT"))

    def put(self, shape: TableShape, record: Mapping[str, Any], condition: Condition | None = None) -> bool:
        """Store the item; False if the condition does not hold."""
        return self._write("put_item", shape, condition, Expression(), Item=item_of(record)) is not None

    def change(
        self,
        shape: TableShape,
        key: Key,
        condition: Condition | None = None,
        *,
        put: Mapping[str, Any] | None = None,
        first: Mapping[str, Any] | None = None,
        add: Mapping[str, Any] | None = None,
    ) -> Record | None:
        """Change attributes of the item and return it as it is then; None if the condition does not hold."""
        e = Expression()
        request = {"Key": self.key(shape, key), "UpdateExpression": update(e, put=put, first=first, add=add)}
        answer = self._write("update_item", shape, condition, e, **request, ReturnValues="ALL_NEW")
        return None if answer is None else record_of(answer["Attributes"])

    def remove(self, shape: TableShape, key: Key, condition: Condition | None = None) -> bool:
        """Remove the item, if it is there; False if the condition does not hold."""
        return self._write("delete_item", shape, condition, Expression(), Key=self.key(shape, key)) is not None

    def write_many(
        self, shape: TableShape, *, put: Sequence[Mapping[str, Any]] = (), remove: Iterable[Key] = ()
    ) -> None:
        """Store and remove items, each by itself: a crash may leave some of it undone."""
        requests: list[Any] = [{"PutRequest": {"Item": item_of(record)}} for record in put]
        requests += [{"DeleteRequest": {"Key": self.key(shape, key)}} for key in dict.fromkeys(remove)]
        table = self.table(shape)
        for start in range(0, len(requests), WRITE_MOST):
            left = requests[start : start + WRITE_MOST]
            for pause in self.pauses():
                left = self.ask("batch_write_item", RequestItems={table: left}).get("UnprocessedItems", {}).get(table)
                if not left:
                    break
                pause()

    def ask(self, operation: str, **request: Any) -> Any:
        """Make one call; what passes by itself is tried again, everything else raised in words.

        Raises botocore's own errors for a condition that does not hold and for a cancelled transaction.
        """
        from botocore.exceptions import ClientError

        call = getattr(self._clients("dynamodb"), operation)
        expected = ("ConditionalCheckFailedException", "TransactionCanceledException", "IdempotentParameterMismatch")
        for pause in self.pauses():
            with plain_troubles("DynamoDB", self._where(request), _RIGHTS):
                try:
                    return call(**request)
                except ClientError as error:
                    code = str(error.response["Error"]["Code"])
                    refused = error
                    if code not in AGAIN and not code.startswith(expected):
                        raise
            if code not in AGAIN:
                raise refused
            pause()
        raise AssertionError("the last pause raises")

    def pauses(self, busy: str = "") -> Iterator[Callable[[], None]]:
        """Yield before each try what is to be called when it came to nothing; the last one raises `Unavailable`.

        `busy` is what that says.
        """
        for number in range(TRIES - 1):
            longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**number)
            yield lambda longest=longest: self._sleep(random.uniform(0, longest))  # type: ignore[misc]
        yield lambda: self._give_up(busy)

    def _give_up(self, busy: str) -> None:
        raise Unavailable(
            busy or "DynamoDB has been too busy with the same items, or with this deployment, for several seconds.",
            where=self._deployment,
            todo="Do the same again in a minute.",
        )

    def _pages(
        self, shape: TableShape, where: Condition, index: str, only: Condition | None, **more: Any
    ) -> Iterator[Any]:
        e = Expression()
        request = {name: value for name, value in more.items() if value is not None}
        request |= {"TableName": self.table(shape), "KeyConditionExpression": where(e)}
        request |= {"IndexName": index} if index else {"ConsistentRead": True}
        if only is not None:
            request["FilterExpression"] = only(e)
        request |= e.placeholders()
        while True:
            answer = self.ask("query", **request)
            yield answer
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _write(
        self, operation: str, shape: TableShape, condition: Condition | None, e: Expression, **request: Any
    ) -> Any | None:
        from botocore.exceptions import ClientError

        if condition is not None:
            request["ConditionExpression"] = condition(e)
        try:
            return self.ask(operation, TableName=self.table(shape), **request, **e.placeholders())
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return None

    def _where(self, request: Mapping[str, Any]) -> str:
        return str(request.get("TableName") or ", ".join(request.get("RequestItems", ())) or self._deployment)
