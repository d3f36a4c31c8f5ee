"""The contract of `Queue` where one delivery is named: claimed by itself, asked for its time, found when left lying."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.changes import Change
from pressroom.contracts.base import Contract, by_many
from pressroom.contracts.samples import LEASE, NOW, PROBLEM, a_delivery, an_event, claim_one
from pressroom.deliveries import Again, Bury, Delivery, Done, Task
from pressroom.errors import LeaseLost
from pressroom.ports import Ports
from pressroom.testing.clock import ManualClock

SECOND = timedelta(seconds=1)


def _put(ports: Ports, *deliveries: Delivery) -> None:
    ports.store.commit(Change(deliveries=deliveries))


def _one(ports: Ports, name: str = "draw", job_id: str = "job_1") -> Delivery:
    found = ports.queue.claim_one(name, LEASE, job_id=job_id)
    assert found is not None
    return found


class OneDeliveryContract(Contract):
    def test_a_step_is_claimed_by_its_job_and_path(self, ports: Ports) -> None:
        put = [a_delivery("draw[main]", job_id=job, data={"of": job}) for job in ("job_1", "job_2")]
        _put(ports, *put, a_delivery("write", job_id="job_1", queue="publish.main"))
        claimed = _one(ports, "draw[main]", "job_2")
        assert (claimed.name, claimed.job_id, claimed.data, claimed.attempt) == (
            "draw[main]",
            "job_2",
            {"of": "job_2"},
            1,
        )
        assert claimed.lease
        assert _one(ports, "write").queue == "publish.main", "whichever its queue is"
        assert ports.queue.claim_one("write", LEASE, job_id="job_2") is None
        assert ports.queue.claim_one("draw", LEASE, job_id="job_1") is None

    def test_a_deadline_is_claimed_by_its_job_and_path(self, ports: Ports) -> None:
        _put(ports, a_delivery("", job_id="job_1", task=Task.DEADLINE))
        assert _one(ports, "").task is Task.DEADLINE

    def test_an_event_is_claimed_by_its_subscriber_and_id(self, ports: Ports) -> None:
        events = [an_event(subject=name, job_id="job_1") for name in ("a", "b")]
        handed = [
            a_delivery(name, queue="events", task=Task.EVENT, event=event, job_id="job_1")
            for event in events
            for name in ("notify", "start:photo_feed")
        ]
        ports.store.commit(Change(events=tuple(events), deliveries=tuple(handed)))
        claimed = ports.queue.claim_one("notify", LEASE, event_id=events[1].id)
        assert claimed is not None
        assert claimed.name == "notify"
        assert claimed.event == ports.events.get(events[1].id)
        assert ports.queue.claim_one("notify", LEASE, event_id="event_unknown") is None
        assert ports.queue.due("start:photo_feed", event_id=events[1].id) == NOW
        assert ports.queue.due("notify", event_id=events[1].id) == NOW + LEASE

    def test_a_step_is_not_confused_with_a_subscriber_of_its_name_or_with_the_event_that_led_to_it(
        self, ports: Ports
    ) -> None:
        event = an_event(job_id="job_1")
        step = a_delivery("notify", job_id="job_1", event=event)
        ports.store.commit(Change(events=(event,), deliveries=(step,)))
        assert ports.queue.claim_one("notify", LEASE, event_id=event.id) is None
        assert ports.queue.due("notify", event_id=event.id) is None
        _put(ports, a_delivery("notify", queue="events", task=Task.EVENT, event=event, job_id="job_1"))
        assert _one(ports, "notify").task is Task.STEP
        assert ports.queue.claim_one("notify", LEASE, job_id="job_1") is None
        handed = ports.queue.claim_one("notify", LEASE, event_id=event.id)
        assert handed is not None
        assert handed.task is Task.EVENT

    def test_one_delivery_is_claimed_neither_before_its_time_nor_while_somebody_holds_it(
        self, ports: Ports, clock: ManualClock
    ) -> None:
        _put(ports, a_delivery(job_id="job_1", available_at=NOW + SECOND))
        assert ports.queue.claim_one("draw", LEASE, job_id="job_1") is None
        assert ports.queue.due("draw", job_id="job_1") == NOW + SECOND
        clock.advance(SECOND)
        first = _one(ports)
        assert ports.queue.claim_one("draw", LEASE, job_id="job_1") is None
        assert ports.queue.claim(["steps"], 1, LEASE) == []
        assert ports.queue.due("draw", job_id="job_1") == clock.now() + LEASE
        clock.advance(LEASE)
        second = _one(ports)
        assert (second.id, second.attempt) == (first.id, 2)
        with pytest.raises(LeaseLost):
            ports.store.commit(Change(settled=Done(first)))
        ports.store.commit(Change(settled=Done(second)))

    def test_what_was_claimed_with_others_cannot_be_claimed_alone(self, ports: Ports) -> None:
        _put(ports, a_delivery(job_id="job_1"))
        claim_one(ports.queue)
        assert ports.queue.claim_one("draw", LEASE, job_id="job_1") is None

    def test_nothing_is_due_of_what_is_settled_or_dead(self, ports: Ports) -> None:
        assert ports.queue.due("draw", job_id="job_1") is None
        _put(ports, a_delivery(job_id="job_1"), a_delivery("write", job_id="job_1"))
        ports.store.commit(Change(settled=Done(_one(ports))))
        ports.store.commit(Change(settled=Bury(_one(ports, "write"), PROBLEM)))
        assert ports.queue.due("draw", job_id="job_1") is None
        assert ports.queue.due("write", job_id="job_1") is None
        assert ports.queue.claim_one("write", LEASE, job_id="job_1") is None

    def test_one_that_failed_is_due_at_its_next_time_and_one_handed_back_at_once(self, ports: Ports) -> None:
        _put(ports, a_delivery(job_id="job_1"), a_delivery("write", job_id="job_1"))
        ports.store.commit(Change(settled=Again(_one(ports), NOW + 30 * SECOND, PROBLEM)))
        assert ports.queue.due("draw", job_id="job_1") == NOW + 30 * SECOND
        ports.queue.hand_back([_one(ports, "write")])
        assert _one(ports, "write").attempt == 1

    def test_of_many_claims_of_one_named_delivery_exactly_one_wins(self, ports: Ports) -> None:
        _put(ports, a_delivery(job_id="job_1"))
        claims = by_many(8, lambda: ports.queue.claim_one("draw", LEASE, job_id="job_1"))
        assert not [claim for claim in claims if isinstance(claim, Exception)]
        assert len([claim for claim in claims if isinstance(claim, Delivery)]) == 1

    def test_what_was_due_before_a_moment_and_is_held_by_nobody_is_overdue_the_oldest_first(
        self, ports: Ports, clock: ManualClock
    ) -> None:
        event = an_event()
        handed = a_delivery("notify", queue="events", task=Task.EVENT, event=event)
        ports.store.commit(Change(events=(event,), deliveries=(handed,)))
        clock.advance(SECOND)
        _put(ports, a_delivery("second", job_id="job_1"), a_delivery("held", queue="publish.main"))
        _put(ports, a_delivery("later", available_at=NOW + LEASE))
        claim_one(ports.queue, "publish.main")
        clock.advance(SECOND)
        _put(ports, a_delivery("young"))
        left = ports.queue.overdue(clock.now())
        assert [(one.name, one.queue) for one in left] == [("notify", "events"), ("second", "steps")]
        assert left[0].event == ports.events.get(event.id)
        assert (left[1].job_id, left[1].task, left[1].lease) == ("job_1", Task.STEP, "")
        assert [one.name for one in ports.queue.overdue(NOW + SECOND)] == ["notify"]
        assert [one.name for one in ports.queue.overdue(clock.now(), limit=1)] == ["notify"]
        assert ports.queue.overdue(NOW) == []
        # Also of a time to come: what is held is not left lying.
        coming = ports.queue.overdue(clock.now() + 2 * LEASE)
        assert sorted(one.name for one in coming) == ["later", "notify", "second", "young"]
        assert len(ports.queue.claim(["events", "steps"], 10, LEASE)) == 3, "nothing was leased by asking"

    def test_what_a_lost_worker_held_is_overdue_from_the_end_of_its_claim(
        self, ports: Ports, clock: ManualClock
    ) -> None:
        _put(ports, a_delivery())
        claim_one(ports.queue)
        clock.advance(LEASE + SECOND)
        assert ports.queue.overdue(NOW + LEASE) == []
        assert [one.name for one in ports.queue.overdue(clock.now())] == ["draw"]
