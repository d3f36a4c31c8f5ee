"""What one change does to items, gathered, and stored by one `TransactWriteItems`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import Condition, Expression, update
from pressroom.backends.dynamodb.table_shapes import TableShape
from pressroom.backends.dynamodb.values import Record, item_of, record_of
from pressroom.errors import Conflict, PressroomError

MOST_ITEMS = 100
MOST_BYTES = 4_000_000
"""Of one transaction: Amazon DynamoDB developer guide, "TransactWriteItems", 2026-11-20 (100 items, 4 MB)."""
_BUSY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})

Refusal = Callable[[Record | None], PressroomError]
"""Makes the error of a condition that did not hold, from the item as it is."""


class TooLarge(PressroomError):
    """The change touches more than DynamoDB stores at once; nothing of it was stored."""


@dataclass(frozen=True, slots=True)
class Operation:
    verb: str
    request: dict[str, Any]
    refusal: Refusal


class Refused(Exception):
    """The conditions of some operations did not hold, and nothing was stored."""

    def __init__(self, errors: list[PressroomError]) -> None:
        super().__init__(*errors)
        self.errors = errors


class Transaction:
    def __init__(self, calls: Calls, what: str = "change") -> None:
        self._calls, self._what = calls, what
        self._operations: dict[tuple[str, Key], Operation] = {}

    def __len__(self) -> int:
        return len(self._operations)

    def put(
        self, shape: TableShape, key: Key, record: Mapping[str, Any], only: Condition | None, refusal: Refusal
    ) -> None:
        item = {**self._calls.key(shape, key), **item_of(record)}
        self._add("Put", shape, key, only, Expression(), refusal, Item=item)

    def change(
        self, shape: TableShape, key: Key, only: Condition | None, refusal: Refusal, **changes: Mapping[str, Any]
    ) -> None:
        """Change attributes of an item as `Calls.change` does."""
        e = Expression()
        request = {"Key": self._calls.key(shape, key), "UpdateExpression": update(e, **changes)}
        self._add("Update", shape, key, only, e, refusal, **request)

    def remove(self, shape: TableShape, key: Key, only: Condition | None, refusal: Refusal) -> None:
        self._add("Delete", shape, key, only, Expression(), refusal, Key=self._calls.key(shape, key))

    def require(self, shape: TableShape, key: Key, only: Condition, refusal: Refusal) -> None:
        self._add("ConditionCheck", shape, key, only, Expression(), refusal, Key=self._calls.key(shape, key))

    def check_size(self) -> None:
        """Raise `TooLarge` if this is more than one transaction takes."""
        requests = self._requests()
        size = sum(len(repr(request).encode()) for request in requests)
        if len(requests) > MOST_ITEMS or size > MOST_BYTES:
            raise TooLarge(
                f"This {self._what} writes {len(requests)} items of {size:,} bytes together, and DynamoDB stores at"
                f" most {MOST_ITEMS} of {MOST_BYTES:,} at once. Nothing of it was stored.",
                todo="Let fewer things happen in one step: fewer channels, branches or assets at a time.",
            )

    def commit(self) -> None:
        """Store everything or nothing; raises `Refused`, `TooLarge` or `Unavailable`."""
        from botocore.exceptions import ClientError

        operations = list(self._operations.values())
        if not operations:
            return
        self.check_size()
        requests = self._requests()
        for pause in self._calls.pauses():
            # The token makes a call that is repeated because its answer was lost the same transaction. After a
            # cancellation, which is an answer, it is another one.
            token = uuid.uuid4().hex
            try:
                self._calls.ask("transact_write_items", TransactItems=requests, ClientRequestToken=token)
            except ClientError as error:
                if error.response["Error"]["Code"] != "TransactionCanceledException":
                    raise
                reasons = error.response.get("CancellationReasons", [])
                self._raise_refusals(operations, reasons)
                codes = {reason.get("Code", "None") for reason in reasons} - {"None"}
                if not codes or not codes <= _BUSY:
                    raise self._unfit(reasons) from error
                pause()
            else:
                return

    def _add(
        self,
        verb: str,
        shape: TableShape,
        key: Key,
        only: Condition | None,
        e: Expression,
        refusal: Refusal,
        **request: Any,
    ) -> None:
        if (shape.suffix, key) in self._operations:
            raise refusal(None)
        request["TableName"] = self._calls.table(shape)
        if only is not None:
            request["ConditionExpression"] = only(e)
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        self._operations[shape.suffix, key] = Operation(verb, request | e.placeholders(), refusal)

    def _requests(self) -> list[dict[str, Any]]:
        return [{operation.verb: operation.request} for operation in self._operations.values()]

    def _raise_refusals(self, operations: list[Operation], reasons: list[dict[str, Any]]) -> None:
        refused = [
            operation.refusal(record_of(reason["Item"]) if reason.get("Item") else None)
            for operation, reason in zip(operations, reasons, strict=False)
            if reason.get("Code") == "ConditionalCheckFailed"
        ]
        if refused:
            raise Refused(refused)

    def _unfit(self, reasons: list[dict[str, Any]]) -> PressroomError:
        said = "; ".join(
            sorted({f"{each.get('Code')}: {each.get('Message')}" for each in reasons if each.get("Message")})
        )
        return PressroomError(
            f"DynamoDB cannot store this {self._what}, and nothing of it was stored.",
            todo="If an item is too large, let the step return less, or put it in an asset.",
            detail=said,
        )


def refuse(error: PressroomError) -> Refusal:
    return lambda _: error


def conflict(what: str, where: str) -> Refusal:
    return refuse(Conflict(what, where=where))
