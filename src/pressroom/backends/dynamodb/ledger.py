"""The ledger in DynamoDB: a claim is a conditional put."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from itertools import islice
from typing import Any

from pressroom.backends.dynamodb import keys
from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import absent, all_of, at_most, is_, present
from pressroom.backends.dynamodb.drafting_records import claim_record
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.values import Record, text, us, when
from pressroom.changes import Claim
from pressroom.ports import Clock, Entry


class DynamoLedger:
    def __init__(self, calls: Calls, clock: Clock, asides: Asides) -> None:
        self._calls, self._clock, self._asides = calls, clock, asides

    def claim(self, key: str, note: dict[str, Any]) -> bool:
        place, token = keys.claim(key), uuid.uuid4().hex
        record = self._fit(place, claim_record(Claim(key, note), us(self._clock.now())))
        claim = {"of": place[0], "part": place[1], "token": token, **record}
        if self._calls.put(STATE, claim, absent("at")):
            return True
        # The client repeats a call whose answer was lost, and then finds the claim that is its own.
        found = self._calls.get(STATE, place)
        return found is not None and found.get("token") == token

    def keep(self, key: str, result: dict[str, Any]) -> None:
        place = keys.claim(key)
        put = self._fit(place, {"result": text(result)})
        self._calls.change(STATE, place, all_of(present("at"), absent("result")), put=put)

    def get(self, key: str) -> Entry | None:
        found = self._asides.whole_one(self._calls.get(STATE, keys.claim(key)))
        if found is None:
            return None
        result = json.loads(found["result"]) if "result" in found else None
        return Entry(found["key"], json.loads(found["note"]), when(found["at"]), result)

    def forget_expired(self, now: datetime, *, limit: int = 10_000) -> int:
        over = all_of(is_("ends_as", "claim"), at_most("ends_at", us(now)))
        found = list(islice(self._calls.query(STATE, over, index="ending", page=min(limit, 1000)), limit))
        still = at_most("ends_at", us(now))
        return sum(self._calls.remove(STATE, (one["of"], one["part"]), still) for one in found)

    def _fit(self, place: Key, record: Record) -> Record:
        parts: dict[Key, Record] = {}
        fitted = self._asides.fit(place[0], record, parts)
        self._asides.write(parts)
        return fitted
