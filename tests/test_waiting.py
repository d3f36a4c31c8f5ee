"""What waits on the queues."""

from __future__ import annotations

from datetime import timedelta

from pressroom.changes import Change
from pressroom.deliveries import Delivery, Task
from pressroom.testing import ManualClock, memory_runtime
from pressroom.waiting import LATE, Waiting, waiting
from tests.engine import Calls, a_pipeline


def test_what_is_due_is_told_by_queue_and_is_late_after_a_while() -> None:
    clock = ManualClock()
    runtime = memory_runtime(a_pipeline(*Calls().steps("draw")), clock=clock)
    for queue in ("steps", "publish.gone", "steps"):
        runtime.ports.store.commit(Change(deliveries=(Delivery(queue=queue, task=Task.STEP, name="draw"),)))
    clock.advance(LATE)
    assert waiting(runtime) == [Waiting("publish.gone", 1, LATE, False), Waiting("steps", 2, LATE, True)]
    assert not any(one.is_late for one in waiting(runtime))
    clock.advance(timedelta(seconds=1))
    assert all(one.is_late for one in waiting(runtime))


def test_what_is_claimed_does_not_wait() -> None:
    runtime = memory_runtime(a_pipeline(*Calls().steps("draw")))
    runtime.ports.store.commit(Change(deliveries=(Delivery(queue="steps", task=Task.STEP, name="draw"),)))
    runtime.ports.queue.claim(["steps"], 1, timedelta(minutes=1))
    assert waiting(runtime) == []
