"""Documents by group and key, many of them stored at once: all of them or none, however many there are.

What one transaction does not hold is put aside as a whole; one write then says that it counts, and whoever comes
next, if the writer does not come to it, carries it out before it reads.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from itertools import islice

from pressroom.backends.dynamodb.asides import PART_BYTES
from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.conditions import Condition, absent, all_of, begins, between, is_, present
from pressroom.backends.dynamodb.keys import HIGHEST
from pressroom.backends.dynamodb.table_shapes import STATE, TableShape
from pressroom.backends.dynamodb.transaction import Refused, Transaction, conflict, refuse
from pressroom.backends.dynamodb.values import Record, text
from pressroom.errors import Conflict, PressroomError, Unavailable

AT_ONCE = 90
AT_ONCE_BYTES = 2_000_000
LONGEST_BYTES = 380_000
"""Of one document; an item may have 400 KB."""
HEAD = "head"
_KEY = "key#"
_CLEAR = "clear"

Texts = Mapping[str, str | None]
"""Documents in JSON by their keys; None removes one."""


class _Pending(Conflict):
    """What was written before must be carried out first."""


class Documents:
    def __init__(self, calls: Calls, shape: TableShape) -> None:
        self._calls, self._shape = calls, shape

    def head(self, group: str) -> Record:
        """Return what stands of the group as a whole, everything that counts being carried out."""
        head = self._calls.get(self._shape, (group, HEAD)) or {}
        while "pending" in head:
            self._carry_out(group, str(head["pending"]), int(head["parts"]))
            head = self._calls.get(self._shape, (group, HEAD)) or {}
        return head

    def get(self, group: str, key: str) -> str | None:
        both = self._calls.get_many(self._shape, [(group, HEAD), (group, _KEY + key)])
        if "pending" in both.get((group, HEAD), {}):
            self.head(group)
            both = self._calls.get_many(self._shape, [(group, _KEY + key)])
        found = both.get((group, _KEY + key))
        return str(found["document"]) if found else None

    def all(
        self,
        group: str,
        *,
        prefix: str = "",
        below: str | None = None,
        newest_first: bool = False,
        page: int | None = None,
    ) -> Iterator[tuple[str, str]]:
        """Yield keys and documents in the order of the keys: those that begin with a prefix and stand below another."""
        self.head(group)
        low, high = _KEY + prefix, _KEY + prefix + HIGHEST
        if below is not None and _KEY + below <= high:
            high = _KEY + below
        if high < low:
            return
        where = all_of(is_("of", group), between("part", low, high))
        for record in self._calls.query(self._shape, where, newest_first=newest_first, page=page):
            key = str(record["part"]).removeprefix(_KEY)
            if key != below:
                yield key, str(record["document"])

    def add(self, group: str, key: str, document: str) -> bool:
        """Store a document whose key is free."""
        self.head(group)
        _check([document], group)
        return self._calls.put(self._shape, {"of": group, "part": _KEY + key, "document": document}, absent("document"))

    def remove(self, group: str, key: str) -> bool:
        """Remove a document; False if there was none."""
        self.head(group)
        return self._calls.remove(self._shape, (group, _KEY + key), present("document"))

    def write(
        self, group: str, texts: Texts, *, only: Condition | None = None, put: Record | None = None, why: str = ""
    ) -> None:
        """Store documents, and `put` with the head of the group if the condition on that holds; else `Conflict`."""
        _check([document for document in texts.values() if document is not None], group)
        is_one = len(texts) <= AT_ONCE and sum(len(one or "") for one in texts.values()) <= AT_ONCE_BYTES
        for pause in self._calls.pauses():
            self.head(group)
            try:
                if is_one:
                    self._write_at_once(group, texts, only, put, why)
                else:
                    self._write_in_parts(group, texts, only, put, why)
            except _Pending:
                pause()
            else:
                return

    def clear(self, group: str) -> None:
        """Remove every document and the head."""
        for pause in self._calls.pauses():
            self.head(group)
            mark = {"pending": _CLEAR, "parts": 0}
            if self._calls.change(self._shape, (group, HEAD), absent("pending"), put=mark) is not None:
                self.head(group)
                return
            pause()

    def _write_at_once(self, group: str, texts: Texts, only: Condition | None, put: Record | None, why: str) -> None:
        transaction = Transaction(self._calls, f"write to {group}")
        self._draft_head(transaction, group, only, put, why)
        self._draft(transaction, group, texts)
        _commit(transaction)

    def _write_in_parts(self, group: str, texts: Texts, only: Condition | None, put: Record | None, why: str) -> None:
        name = f"pending#{uuid.uuid4().hex}"
        data = text(dict(texts)).encode()
        cut = [data[start : start + PART_BYTES] for start in range(0, len(data), PART_BYTES)]
        parts = [{"of": name, "part": f"{number:06}", "bytes": each} for number, each in enumerate(cut)]
        self._calls.write_many(STATE, put=parts)
        transaction = Transaction(self._calls, f"write to {group}")
        self._draft_head(transaction, group, only, {**(put or {}), "pending": name, "parts": len(parts)}, why)
        try:
            _commit(transaction)
        except PressroomError as error:
            if not isinstance(error, Unavailable):  # whose outcome may be that it is stored
                self._drop(name, len(parts))
            raise
        self._carry_out(group, name, len(parts))

    def _draft_head(
        self, transaction: Transaction, group: str, only: Condition | None, put: Record | None, why: str
    ) -> None:
        def refusal(item: Record | None) -> PressroomError:
            return _Pending("Carry it out first.") if item and "pending" in item else Conflict(why, where=group)

        conditions = [absent("pending")] + ([only] if only is not None else [])
        if put:
            transaction.change(self._shape, (group, HEAD), all_of(*conditions), refusal, put=put)
        else:
            transaction.require(self._shape, (group, HEAD), all_of(*conditions), refusal)

    def _draft(self, transaction: Transaction, group: str, texts: Texts) -> None:
        twice = conflict("A key is written twice.", group)
        for key, document in texts.items():
            if document is None:
                transaction.remove(self._shape, (group, _KEY + key), None, twice)
            else:
                transaction.put(self._shape, (group, _KEY + key), {"document": document}, None, twice)

    def _carry_out(self, group: str, name: str, parts: int) -> None:
        """Do what counts already; others may be at it too, and once it is done nobody does it again."""
        if name == _CLEAR:
            where = all_of(is_("of", group), begins("part", _KEY))
            self._calls.write_many(
                self._shape, remove=[(group, one["part"]) for one in self._calls.query(self._shape, where)]
            )
            self._calls.remove(self._shape, (group, HEAD), is_("pending", name))
            return
        found = self._calls.get_many(STATE, [(name, f"{number:06}") for number in range(parts)])
        if len(found) < parts:
            return  # somebody else has just done it
        data = b"".join(found[name, f"{number:06}"]["bytes"] for number in range(parts))
        rest = iter(json.loads(data).items())
        done = refuse(_Pending("Somebody else has done it."))
        while some := dict(_portion(rest)):
            transaction = Transaction(self._calls, f"write to {group}")
            # Whoever is slow must not write over what came after it.
            transaction.require(self._shape, (group, HEAD), is_("pending", name), done)
            self._draft(transaction, group, some)
            try:
                _commit(transaction)
            except _Pending:
                return
        self._calls.change(self._shape, (group, HEAD), is_("pending", name), put={"pending": None, "parts": None})
        self._drop(name, parts)

    def _drop(self, name: str, parts: int) -> None:
        self._calls.write_many(STATE, remove=[(name, f"{number:06}") for number in range(parts)])


def _portion(rest: Iterator[tuple[str, str | None]]) -> Iterator[tuple[str, str | None]]:
    size = 0
    for key, document in islice(rest, AT_ONCE):
        yield key, document
        size += len((document or "").encode())
        if size > AT_ONCE_BYTES:
            return


def _check(documents: list[str], group: str) -> None:
    for document in documents:
        if len(document.encode()) > LONGEST_BYTES:
            raise PressroomError(
                f"A document of {len(document.encode()):,} bytes for {group} is longer than DynamoDB stores"
                f" ({LONGEST_BYTES:,}).",
                where=group,
                todo="Keep less in one row or document.",
            )


def _commit(transaction: Transaction) -> None:
    try:
        transaction.commit()
    except Refused as refused:
        raise refused.errors[0] from None
