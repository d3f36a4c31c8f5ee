"""What deals with a claimed delivery: it says whether it settled it, and raises nothing that would end its caller."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.bus import Subscription
from pressroom.changes import Change
from pressroom.contracts.samples import an_event
from pressroom.deliveries import Delivery
from pressroom.errors import Unavailable
from pressroom.events import Event
from pressroom.handing_over import deal_with
from tests.engine import Bench, Calls, a_pipeline

LEASE = timedelta(minutes=1)


def _step(bench: Bench) -> Delivery:
    claimed = bench.runtime.ports.queue.claim_one("draw", LEASE, job_id=bench.request().id)
    assert claimed is not None
    return claimed


def test_a_step_is_run_and_settled() -> None:
    calls = Calls()
    bench = Bench(a_pipeline(*calls.steps("draw")))
    claimed = _step(bench)
    assert deal_with(bench.runtime, claimed)
    assert calls.completed == ["draw"]
    assert bench.runtime.ports.queue.due("draw", job_id=claimed.job_id) is None


def test_an_event_is_handed_to_its_subscriber_and_settled() -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw")))
    given: list[Event] = []
    bench.runtime.bus.subscribe([Subscription("notify", frozenset(), given.append)])
    event = an_event()
    bench.runtime.bus.commit(Change(events=(event,)))
    claimed = bench.runtime.ports.queue.claim_one("notify", LEASE, event_id=event.id)
    assert claimed is not None
    assert deal_with(bench.runtime, claimed)
    assert [one.id for one in given] == [event.id]
    assert bench.runtime.ports.queue.due("notify", event_id=event.id) is None


def test_what_somebody_else_has_by_now_is_not_settled_here() -> None:
    calls = Calls()
    bench = Bench(a_pipeline(*calls.steps("draw")))
    lost = _step(bench)
    bench.clock.advance(LEASE)
    held = bench.runtime.ports.queue.claim_one("draw", LEASE, job_id=lost.job_id)
    assert held is not None
    assert not deal_with(bench.runtime, lost)
    assert bench.runtime.ports.queue.due("draw", job_id=lost.job_id) == bench.clock.now() + LEASE
    assert deal_with(bench.runtime, held)


@pytest.mark.parametrize("error", [Unavailable("The disk is full."), RuntimeError("a defect")])
def test_what_cannot_be_stored_comes_back_with_its_lease(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw")))
    claimed = _step(bench)

    def commit(change: Change) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(bench.runtime.bus, "commit", commit)
        assert not deal_with(bench.runtime, claimed)
    bench.later(minutes=1)
    [job] = bench.runtime.ports.jobs.find()
    assert bench.standing(job) == {"draw": "completed"}


def test_an_event_that_nothing_takes_any_more_is_dead_and_says_so() -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw")))

    def handle(event: Event) -> None:
        raise AssertionError("it is not subscribed any more")

    bench.runtime.bus.subscribe([Subscription("notify", frozenset(), handle)])
    event = an_event()
    bench.runtime.bus.commit(Change(events=(event,)))
    del bench.runtime.bus.subscriptions["notify"]
    claimed = bench.runtime.ports.queue.claim_one("notify", LEASE, event_id=event.id)
    assert claimed is not None
    assert deal_with(bench.runtime, claimed)
    [letter] = bench.runtime.ports.dead_letters.find()
    assert "Nothing called notify takes events" in letter.error.what


def test_an_event_that_was_handed_over_in_vain_promises_no_other_time() -> None:
    bench = Bench(a_pipeline(*Calls().steps("draw")))

    def handle(event: Event) -> None:
        raise Unavailable("The receiver is away.", todo="It is tried again.")

    bench.runtime.bus.subscribe([Subscription("notify", frozenset(), handle)])
    bench.runtime.bus.commit(Change(events=(an_event(),)))
    for _ in range(12):
        bench.later(minutes=16)
    [letter] = bench.runtime.ports.dead_letters.find()
    assert letter.error.todo == (
        f"It failed 10 times and is not tried any more: `pressroom dead redrive {letter.id}` tries it anew."
    )
