"""Positions of events: unique and in a job's order whatever the clocks, and given out only once they are settled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo, open_dynamo
from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.values import us
from pressroom.changes import Change, change_job
from pressroom.contracts.base import at_once
from pressroom.contracts.samples import NOW, a_new_job, an_event, happened
from pressroom.errors import Unavailable
from pressroom.events import Event
from pressroom.testing import ManualClock
from tests.backends.dynamodb.conftest import Open

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def _types(events: list[Event]) -> list[str]:
    return [event.type for event in events]


def test_positions_are_microseconds(dynamo: Dynamo) -> None:
    dynamo.store.commit(Change(events=(an_event(), an_event())))
    assert [event.position for event in dynamo.events.after(0)] == [us(NOW), us(NOW) + 1]


def test_processes_whose_clocks_say_the_same_give_no_position_twice(opened: Open) -> None:
    processes = [opened() for _ in range(4)]
    outcomes = at_once(lambda one: one.store.commit(Change(events=(an_event(), an_event()))), processes)
    assert outcomes == [None] * 4
    positions = [event.position for event in processes[0].events.after(0)]
    assert len(set(positions)) == 8


def test_a_job_keeps_its_order_although_the_next_machine_is_an_hour_behind(opened: Open) -> None:
    ahead, behind, other = opened(ManualClock(NOW + timedelta(hours=1))), opened(), opened()
    asked = a_new_job("job_1")
    ahead.store.commit(asked)
    begun = change_job(asked.jobs[0].after, [happened("JobStarted", "job_1")])
    behind.store.commit(begun)
    other.store.commit(Change(events=(happened("PublishAttempted", "job_1"),), live_jobs=("job_1",)))
    assert _types(ahead.events.of_job("job_1")) == ["JobRequested", "JobStarted", "PublishAttempted"]


def test_what_is_young_is_not_yet_given_to_those_who_read_on(opened: Open, clock: ManualClock) -> None:
    careful = opened(hold_back=timedelta(seconds=5))
    careful.store.commit(Change(events=(an_event(),)))
    assert careful.events.after(0) == []
    assert careful.events.last_position() == 0
    assert len(careful.events.latest()) == 1
    clock.advance(seconds=6)
    assert len(careful.events.after(0)) == 1
    assert careful.events.last_position() == us(NOW)


def test_a_reader_misses_nothing_that_another_machine_stores_late(opened: Open, clock: ManualClock) -> None:
    late = ManualClock(NOW - timedelta(seconds=2))
    reader, other = opened(hold_back=timedelta(seconds=5)), opened(late)
    reader.store.commit(Change(events=(an_event(type="ReaderStored"),)))
    position, seen = 0, []
    for _ in range(10):
        if clock.now() == NOW + timedelta(seconds=2):
            other.store.commit(Change(events=(an_event(type="LateStored"),)))
        for event in reader.events.after(position):
            seen.append(event.type)
            position = event.position or 0
        clock.advance(seconds=1)
    assert seen == ["LateStored", "ReaderStored"]


def test_days_are_read_one_after_the_other(dynamo: Dynamo, clock: ManualClock) -> None:
    for _ in range(3):
        dynamo.store.commit(Change(events=(an_event(time=clock.now()), an_event(time=clock.now()))))
        clock.advance(2 * DAY)
    events = dynamo.events.after(0)
    assert [event.time for event in events] == sorted(event.time for event in events)
    assert len(events) == 6
    assert dynamo.events.after(events[1].position or 0, limit=3) == events[2:5]
    assert dynamo.events.latest(limit=3) == events[:2:-1]
    assert dynamo.events.latest(before=events[2].position) == [events[1], events[0]]


@pytest.mark.parametrize("position", [-1, 2**53, 10**18])
def test_a_position_that_never_was_is_no_error(dynamo: Dynamo, position: int) -> None:
    dynamo.store.commit(Change(events=(an_event(),)))
    assert len(dynamo.events.after(position)) == (1 if position < 0 else 0)


def test_a_job_whose_index_is_behind_is_not_told_in_part(
    dynamo: Dynamo, clients: AwsClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    dynamo.store.commit(a_new_job("job_1"))
    query = Calls.query
    lags = [True, True, False]

    def lagging(self: Calls, *arguments: object, **more: object) -> object:
        found = list(query(self, *arguments, **more))  # type: ignore[arg-type]
        return iter([] if more.get("index") == "of_job" and lags.pop(0) else found)

    monkeypatch.setattr(Calls, "query", lagging)
    assert len(dynamo.events.of_job("job_1")) == 1
    lags[:] = [True] * 100
    monkeypatch.setattr("pressroom.backends.dynamodb.calls.FIRST_PAUSE_SECONDS", 0.0)
    with pytest.raises(Unavailable, match="job_1 is behind"):
        dynamo.events.of_job("job_1")


def test_by_itself_the_backend_holds_back_for_some_seconds(clients: AwsClients, clock: ManualClock) -> None:
    by_itself = open_dynamo(clients, clock)
    by_itself.store.commit(Change(events=(an_event(),)))
    assert by_itself.events.after(0) == []
