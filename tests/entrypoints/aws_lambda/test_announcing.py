"""What the pipe puts on the bus of what the log's stream tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import open_dynamo
from pressroom.backends.dynamodb.asides import INLINE_BYTES
from pressroom.backends.dynamodb.delivery_records import event_record
from pressroom.backends.dynamodb.values import item_of
from pressroom.changes import Change
from pressroom.entrypoints.aws_lambda.announcing import LARGEST_BYTES, handler
from pressroom.events import Event
from pressroom.testing import ManualClock
from tests.emulated_dynamodb import deployment_with_tables


def _event(**data: Any) -> Event:
    return Event(type="JobRequested", subject="job_1", time=ManualClock().now(), data=data, job_id="job_1")


def _record(event: Event, name: str = "INSERT") -> dict[str, Any]:
    image = item_of(event_record(event, 1_763_000_000_000_000))
    return {"eventName": name, "eventSource": "aws:dynamodb", "dynamodb": {"NewImage": image}}


def test_an_entry_of_the_log_becomes_the_event_that_rules_match() -> None:
    event = _event(pipeline="daily_post", input={})
    (told,) = handler([_record(event)], None)
    assert (told["type"], told["jobid"], told["data"]["pipeline"]) == ("JobRequested", "job_1", "daily_post")
    assert told == event.as_cloudevent()


def test_what_is_not_new_is_no_event() -> None:
    assert handler([_record(_event(), "REMOVE"), _record(_event(), "MODIFY")], None) == []


def test_events_keep_their_order() -> None:
    first, second = _event(number=1), _event(number=2)
    assert [told["id"] for told in handler([_record(first), _record(second)], None)] == [first.id, second.id]


def test_an_event_that_the_bus_would_refuse_is_told_by_its_id() -> None:
    event = _event(pipeline="daily_post")
    record = _record(event)
    record["dynamodb"]["NewImage"]["event"] = {"S": json.dumps(event.as_cloudevent() | {"data": "x" * LARGEST_BYTES})}
    (told,) = handler([record], None)
    assert (told["id"], told["jobid"], told["dataref"]) == (event.id, "job_1", event.id)
    assert len(json.dumps(told)) < 1000


def test_an_event_whose_text_stands_elsewhere_is_told_by_its_id() -> None:
    event = _event(pipeline="daily_post")
    record = _record(event)
    record["dynamodb"]["NewImage"]["event"] = {"S": "\x00aside"}
    (told,) = handler([record], None)
    assert (told["id"], told["type"], told["jobid"]) == (event.id, "JobRequested", "job_1")


@pytest.fixture
def told() -> Iterator[Callable[[Event], dict[str, Any]]]:
    """Store an event as it is stored on AWS, and return what the bus is told of it."""
    clients = AwsClients(deployment_with_tables())
    stored = open_dynamo(clients, ManualClock())

    def store(event: Event) -> dict[str, Any]:
        stored.store.commit(Change(events=(event,)))
        [image] = clients("dynamodb").scan(TableName=f"{clients.settings.name}-log")["Items"]
        found = stored.events.get(event.id)
        assert found is not None
        assert found.data == event.data
        [answer] = handler([{"eventName": "INSERT", "dynamodb": {"NewImage": image}}], None)
        return answer

    yield store
    clients.close()


ENVELOPE = len(json.dumps(_event(pipeline="daily_post", input={"text": ""}).as_cloudevent()))


@pytest.mark.parametrize("size", [60_000, 400_000, INLINE_BYTES, INLINE_BYTES - 100, INLINE_BYTES - ENVELOPE])
def test_a_request_with_a_long_input_still_matches_its_pipeline_s_rule(
    told: Callable[[Event], dict[str, Any]], size: int
) -> None:
    answer = told(_event(pipeline="daily_post", input={"text": "x" * size}))
    assert (answer["type"], answer["jobid"], answer["data"]["pipeline"]) == ("JobRequested", "job_1", "daily_post")
    assert len(json.dumps(answer)) < LARGEST_BYTES


def test_of_many_values_the_bus_is_told_as_many_short_ones_as_it_takes(
    told: Callable[[Event], dict[str, Any]],
) -> None:
    many = {f"text {number}": "ü" * 900 for number in range(60)}
    answer = told(_event(**many, pipeline="daily_post"))
    assert answer["data"]["pipeline"] == "daily_post"
    assert len(answer["data"]) > 1
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < INLINE_BYTES
