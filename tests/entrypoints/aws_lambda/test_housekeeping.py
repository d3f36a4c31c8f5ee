"""Looking around: what a lost word left lying is told again, deadlines run, and what is due is started."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pressroom.bus import Subscription
from pressroom.changes import Change
from pressroom.contracts.samples import an_event
from pressroom.entrypoints.aws_lambda import handing_over, housekeeping, publishing, steps, waking
from pressroom.pipeline import Schedule
from pressroom.triggers import Upload
from tests.carried import Carried, asked, batch, carried
from tests.engine import Bench, Calls, a_pipeline
from tests.entrypoints.aws_lambda.test_publishing import PATH, QUEUE, Room
from tests.lambdas import LambdaContext
from tests.press import sent

CONTEXT = LambdaContext("press-housekeeping", remaining_ms=300_000)
A_WHILE = timedelta(minutes=2)


def _look() -> dict[str, Any]:
    return housekeeping.handler({}, CONTEXT)


@pytest.fixture
def bench() -> Bench:
    return Bench(a_pipeline(*Calls().steps("draw")))


@pytest.fixture
def here(bench: Bench) -> Iterator[Carried]:
    with carried(bench.runtime) as made:
        yield made


def test_a_step_that_nobody_claimed_for_a_minute_wakes_its_job(bench: Bench, here: Carried) -> None:
    job = bench.request()
    assert _look()["left"] == 0
    bench.clock.advance(timedelta(seconds=50))
    assert _look()["left"] == 0, "its word may be under way"
    bench.clock.advance(A_WHILE)
    assert _look()["left"] == 1
    assert here.words.to("press-wake") == [{"job_id": job.id}]


def test_a_step_that_nobody_comes_for_gets_an_execution_beside_the_one_that_runs(bench: Bench, here: Carried) -> None:
    job = bench.request()
    here.executions.start(job.pipeline, job.id, {"job_id": job.id})
    bench.clock.advance(timedelta(minutes=11))
    for _ in range(2):
        _look()
    words = here.words.to("press-wake")
    assert len({word["beside"] for word in words}) == 1
    for word in words:
        waking.handler(batch("press-wake", json.dumps(word)), CONTEXT)
    assert len(here.executions.started) == 2, "one more, however often it is said"


def test_what_runs_or_waits_for_its_time_is_left_alone(bench: Bench, here: Carried) -> None:
    job = bench.request()
    assert bench.runtime.ports.queue.claim_one("draw", timedelta(hours=1), job_id=job.id)
    bench.clock.advance(A_WHILE)
    assert _look()["left"] == 0
    assert here.words.sent == []


def test_an_event_that_nobody_took_is_told_to_its_subscriber_again(bench: Bench, here: Carried) -> None:
    given: list[str] = []
    bench.runtime.bus.subscribe([Subscription("notify", frozenset(), lambda event: given.append(event.id))])
    event = an_event()
    bench.runtime.bus.commit(Change(events=(event,)))
    bench.clock.advance(A_WHILE)
    _look()
    [word] = here.words.to("press-on-notify")
    handing_over.handler(batch("press-on-notify", json.dumps(word)), CONTEXT)
    assert given == [event.id]


def test_a_post_that_its_execution_sleeps_through_goes_out_by_its_channels_queue() -> None:
    room = Room()
    with carried(room.press.runtime) as room.here:
        job = room.written()
        room.press.clock.advance(A_WHILE)
        _look()
        [word] = room.here.words.to(QUEUE)
        assert word == {"job_id": job.id, "path": PATH}
        publishing.handler(batch(QUEUE, json.dumps(word)), CONTEXT)
        assert sent(room.press) == ["Boo!"]


def test_posts_that_stand_in_line_are_not_told_of_while_their_channel_lets_none_go() -> None:
    room = Room(minimum_gap_seconds=600)
    with carried(room.press.runtime) as room.here:
        for number in range(3):
            room.publish(room.written(f"Boo {number}!"))
        room.press.clock.advance(timedelta(minutes=5))
        _look()
        assert room.here.words.sent == []
        room.press.clock.advance(timedelta(minutes=20))
        _look()
        assert len(room.here.words.to(QUEUE)) == 2, "nobody has come for them although it was time"


def test_the_time_for_an_upload_ends_although_no_execution_runs() -> None:
    pipeline = a_pipeline(*Calls().steps("read"), name="reading", trigger=Upload(types=("image/png",), max_bytes=1000))
    bench = Bench(pipeline)
    with carried(bench.runtime):
        job = bench.runtime.uploads.request("reading", {}).job
        _look()
        assert bench.status(job) == "upload_pending"
        bench.clock.advance(timedelta(hours=1))
        _look()
        assert bench.status(job) == "failed"


def test_what_is_scheduled_starts_once_at_its_time() -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw"), trigger=Schedule("0 8 * * *")))
    with carried(bench.runtime):
        _look()
        bench.clock.advance(timedelta(days=1, minutes=1))
        _look()
        _look()
        assert len(bench.runtime.ports.jobs.find()) == 1


def test_a_second_look_at_the_same_time_finds_nothing_more_to_run() -> None:
    calls = Calls()
    bench = Bench(a_pipeline(*calls.steps("draw"), deadline=timedelta(minutes=5)))
    with carried(bench.runtime):
        job = bench.request()
        bench.clock.advance(timedelta(minutes=10))
        _look()
        assert bench.status(job) == "failed"
        before = bench.events(job)
        _look()
        assert bench.events(job) == before
        assert steps.handler(asked(job.id, "draw"), CONTEXT)["go"] == "stop"
        assert calls.paths == []
