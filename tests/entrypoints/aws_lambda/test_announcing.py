"""What the pipe puts on the bus of what the log's stream tells."""

from __future__ import annotations

import json
from typing import Any

from pressroom.backends.dynamodb.delivery_records import event_record
from pressroom.backends.dynamodb.values import item_of
from pressroom.entrypoints.aws_lambda.announcing import LARGEST_BYTES, handler
from pressroom.events import Event
from pressroom.testing import ManualClock


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
