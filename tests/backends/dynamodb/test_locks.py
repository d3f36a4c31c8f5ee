"""The lock across processes: one holder, a lease that is prolonged, and no holder for ever."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo, locks
from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.contracts.base import by_many
from pressroom.errors import Busy

AT_ONCE = timedelta(0)
KEY = ("lock", "tokens")


def test_one_holds_it_and_others_are_told_that_it_is_held(dynamo: Dynamo) -> None:
    with (
        dynamo.locks.lock("tokens", wait=AT_ONCE),
        pytest.raises(Busy, match="tokens"),
        dynamo.locks.lock("tokens", wait=AT_ONCE),
    ):
        raise AssertionError("two hold it")


def test_it_is_free_once_it_is_left_also_by_an_error(dynamo: Dynamo) -> None:
    with pytest.raises(ValueError, match="within"), dynamo.locks.lock("tokens", wait=AT_ONCE):
        raise ValueError("within")
    with dynamo.locks.lock("tokens", wait=AT_ONCE):
        pass


def test_locks_of_other_names_are_others(dynamo: Dynamo) -> None:
    with dynamo.locks.lock("a", wait=AT_ONCE), dynamo.locks.lock("b", wait=AT_ONCE):
        pass


def test_of_many_one_is_within_at_a_time(dynamo: Dynamo) -> None:
    within: list[int] = []
    most: list[int] = []

    def work() -> None:
        with dynamo.locks.lock("tokens", wait=timedelta(seconds=60)):
            within.append(1)
            most.append(len(within))
            within.pop()

    assert by_many(5, work) == [None] * 5
    assert most == [1] * 5


def test_the_lease_of_a_holder_that_died_comes_to_an_end(dynamo: Dynamo, clients: AwsClients) -> None:
    an_hour_ago = int(time.time() * 1000) - 3_600_000
    Calls(clients).put(STATE, {"of": KEY[0], "part": KEY[1], "token": "of a dead one", "until": an_hour_ago})
    with dynamo.locks.lock("tokens", wait=AT_ONCE):
        pass


def test_a_holder_that_works_on_keeps_its_lease(
    dynamo: Dynamo, clients: AwsClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_PROLONG_SECONDS", 0.01)
    calls = Calls(clients)
    with dynamo.locks.lock("tokens", wait=AT_ONCE):
        first = _until(calls)
        give_up = time.monotonic() + 30
        while _until(calls) <= first:
            assert time.monotonic() < give_up, "the lease was not prolonged"


def test_who_lost_the_lock_does_not_take_it_from_the_one_who_has_it(dynamo: Dynamo, clients: AwsClients) -> None:
    calls = Calls(clients)
    with dynamo.locks.lock("tokens", wait=AT_ONCE):
        calls.change(STATE, KEY, put={"token": "of another"})
    held = calls.get(STATE, KEY)
    assert held is not None
    assert held["token"] == "of another"


def _until(calls: Calls) -> int:
    held = calls.get(STATE, KEY)
    assert held is not None
    return int(held["until"])
