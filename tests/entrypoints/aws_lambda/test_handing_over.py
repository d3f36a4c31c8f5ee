"""Handing events over on AWS: once for each subscriber, and again for as long as the subscriber fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from pressroom.bus import Subscription
from pressroom.changes import Change
from pressroom.contracts.samples import an_event
from pressroom.entrypoints.aws_lambda import handing_over
from pressroom.errors import Unavailable
from pressroom.events import Event
from tests.carried import Carried, batch, carried
from tests.engine import Bench, Calls, a_pipeline
from tests.lambdas import LambdaContext

CONTEXT = LambdaContext("press-handing-over", remaining_ms=150_000)
QUEUE = "press-on-notify"


@dataclass
class Subscriber:
    fails: int = 0
    given: list[str] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        if self.fails:
            self.fails -= 1
            raise Unavailable("The hook is away.")
        self.given.append(event.id)


@pytest.fixture
def subscriber() -> Subscriber:
    return Subscriber()


@pytest.fixture
def bench(subscriber: Subscriber) -> Bench:
    made = Bench(a_pipeline(*Calls().steps("draw")))
    made.runtime.bus.subscribe([Subscription("notify", frozenset({"PhotoArrived"}), subscriber)])
    return made


@pytest.fixture(autouse=True)
def here(bench: Bench) -> Iterator[Carried]:
    with carried(bench.runtime) as made:
        yield made


def _told(bench: Bench) -> tuple[Event, str]:
    """Store an event; return it, and the word by which the bus tells of it."""
    event = an_event()
    bench.runtime.bus.commit(Change(events=(event,)))
    return event, json.dumps({"source": "pressroom", "detail-type": event.type, "detail": event.as_cloudevent()})


def test_an_event_is_handed_over_once_however_often_it_is_told(bench: Bench, subscriber: Subscriber) -> None:
    event, word = _told(bench)
    assert handing_over.handler(batch(QUEUE, word, word), CONTEXT) == {"batchItemFailures": []}
    handing_over.handler(batch(QUEUE, word), CONTEXT)
    assert subscriber.given == [event.id]


def test_a_subscriber_that_fails_is_told_again_at_the_deliverys_next_time(
    bench: Bench, here: Carried, subscriber: Subscriber
) -> None:
    subscriber.fails = 1
    event, word = _told(bench)
    assert handing_over.handler(batch(QUEUE, word), CONTEXT) == {"batchItemFailures": []}
    due = bench.runtime.ports.queue.due("notify", event_id=event.id)
    assert due is not None
    [(queue, sent, after)] = here.words.sent
    assert (queue, sent, after) == (QUEUE, json.loads(word), due - bench.clock.now())
    bench.clock.move_to(due)
    handing_over.handler(batch(QUEUE, json.dumps(sent)), CONTEXT)
    assert subscriber.given == [event.id]


def test_what_another_call_hands_over_is_looked_at_when_that_claim_ends(bench: Bench, here: Carried) -> None:
    event, word = _told(bench)
    assert bench.runtime.ports.queue.claim_one("notify", timedelta(minutes=3), event_id=event.id)
    handing_over.handler(batch(QUEUE, word), CONTEXT)
    assert [after for _, _, after in here.words.sent] == [timedelta(minutes=3)]


def test_an_event_that_its_subscriber_never_takes_lies_with_the_dead_and_is_not_told_any_more(
    bench: Bench, here: Carried, subscriber: Subscriber
) -> None:
    subscriber.fails = 100
    event, word = _told(bench)
    for _ in range(10):
        handing_over.handler(batch(QUEUE, word), CONTEXT)
        bench.clock.advance(timedelta(minutes=16))
    here.words.sent.clear()
    handing_over.handler(batch(QUEUE, word), CONTEXT)
    assert here.words.sent == []
    [letter] = bench.runtime.ports.dead_letters.find()
    assert (letter.name, letter.attempts, letter.event_id) == ("notify", 10, event.id)


def test_a_queue_that_nothing_here_reads_loses_nothing(bench: Bench, subscriber: Subscriber) -> None:
    event, word = _told(bench)
    assert handing_over.handler(batch("press-on-gone", word), CONTEXT) == {"batchItemFailures": []}
    assert subscriber.given == []
    assert bench.runtime.ports.queue.due("notify", event_id=event.id) is not None
