"""Where schedules, sources and channels stand, in DynamoDB."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime

from pressroom.backends.dynamodb import keys
from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.conditions import absent, is_
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.values import maybe_us, maybe_when, text, when
from pressroom.channels import ChannelState
from pressroom.errors import Conflict

_TIMES = ("closed_until", "last_sent_at")


class DynamoSchedules:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def next_at(self, name: str) -> datetime | None:
        found = self._calls.get(STATE, keys.schedule(name))
        return when(found["next_at"]) if found else None

    def names(self) -> list[str]:
        of_all = is_("of", keys.schedule("")[0])
        return [str(record["part"]) for record in self._calls.query(STATE, of_all)]


class DynamoCursors:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def get(self, name: str) -> str:
        found = self._calls.get(STATE, keys.cursor(name))
        return str(found["value"]) if found else ""

    def put(self, name: str, value: str) -> None:
        self._calls.change(STATE, keys.cursor(name), put={"value": value})


class DynamoChannelStates:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def get(self, name: str) -> ChannelState:
        found = self._calls.get(STATE, keys.channel(name))
        if found is None:
            return ChannelState(name=name)
        values = json.loads(found["state"])
        times = {field: maybe_when(values[field]) for field in _TIMES}
        return ChannelState(**(values | times | {"posts": tuple(values["posts"])}), version=found["version"])

    def put(self, state: ChannelState) -> None:
        values = asdict(replace(state, version=0)) | {field: maybe_us(getattr(state, field)) for field in _TIMES}
        values.pop("version")
        as_read = is_("version", state.version - 1) if state.version > 1 else absent("version")
        put = {"state": text(values), "version": state.version}
        if self._calls.change(STATE, keys.channel(state.name), as_read, put=put) is None:
            raise Conflict(f"The channel {state.name} has changed meanwhile.", where=state.name)
