"""The contract of `Queue`: at least once, invisible while leased, attempts counted, delay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.changes import Change
from pressroom.contracts.base import Contract, Reopen, by_many
from pressroom.contracts.samples import LEASE, NOW, PROBLEM, a_delivery, an_event, claim_one
from pressroom.deliveries import Again, Delivery, Done
from pressroom.errors import LeaseLost
from pressroom.ports import Ports
from pressroom.testing.clock import ManualClock

SECOND = timedelta(seconds=1)


def _put(ports: Ports, *deliveries: Delivery) -> None:
    ports.store.commit(Change(deliveries=deliveries))


def _names(deliveries: list[Delivery]) -> list[str]:
    return sorted(delivery.name for delivery in deliveries)


class QueueContract(Contract):
    def test_a_delivery_comes_as_it_was_put(self, ports: Ports, clock: ManualClock) -> None:
        event = an_event(job_id="job_1", data={"key": "images/pet.jpg"})
        put = a_delivery("draw[main]", job_id="job_1", event=event, data={"style": "spooky"})
        ports.store.commit(Change(events=(event,), deliveries=(put,)))
        claimed = claim_one(ports.queue)
        assert (claimed.queue, claimed.task, claimed.name) == (put.queue, put.task, put.name)
        assert (claimed.job_id, claimed.data) == ("job_1", {"style": "spooky"})
        assert claimed.event == ports.events.get(event.id)
        assert claimed.created_at == clock.now()
        assert (claimed.attempt, claimed.failures) == (1, 0)
        assert claimed.id
        assert claimed.lease

    def test_a_delivery_may_refer_to_an_event_of_an_earlier_change(self, ports: Ports) -> None:
        event = an_event()
        ports.store.commit(Change(events=(event,)))
        stored = ports.events.get(event.id)
        _put(ports, a_delivery(event=stored))
        assert claim_one(ports.queue).event == stored

    def test_a_delivery_refers_to_its_event_by_id_alone(self, ports: Ports) -> None:
        event = an_event()
        ports.store.commit(Change(events=(event,)))
        _put(ports, a_delivery(event=event))
        assert claim_one(ports.queue).event == ports.events.get(event.id)

    def test_an_empty_queue_gives_nothing(self, ports: Ports) -> None:
        assert ports.queue.claim(["steps"], 10, LEASE) == []
        assert ports.queue.next_due(["steps"]) is None
        assert ports.queue.oldest_waiting() == {}

    def test_what_waits_longest_comes_first_whichever_queue_is_named_first(
        self, ports: Ports, clock: ManualClock
    ) -> None:
        _put(ports, a_delivery("old", queue="events"))
        clock.advance(timedelta(seconds=1))
        _put(ports, a_delivery("new"))
        assert _names(ports.queue.claim(["steps", "events"], 1, LEASE)) == ["old"]

    def test_a_worker_gets_only_what_it_asked_for(self, ports: Ports) -> None:
        _put(ports, a_delivery("a"), a_delivery("b", queue="publish.main"), a_delivery("c", queue="publish.sky"))
        assert _names(ports.queue.claim(["publish.main", "steps"], 10, LEASE)) == ["a", "b"]
        assert ports.queue.claim([], 10, LEASE) == []

    def test_no_more_are_leased_than_were_asked_for(self, ports: Ports) -> None:
        _put(ports, *(a_delivery(str(number)) for number in range(5)))
        assert len(ports.queue.claim(["steps"], 3, LEASE)) == 3
        assert len(ports.queue.claim(["steps"], 3, LEASE)) == 2

    def test_a_job_can_be_worked_on_by_itself(self, ports: Ports) -> None:
        later = NOW + SECOND
        _put(ports, a_delivery("a", job_id="job_1", available_at=later), a_delivery("b", job_id="job_2"))
        assert ports.queue.claim(["steps"], 10, LEASE, job_id="job_1") == []
        assert ports.queue.next_due(["steps"], job_id="job_1") == later
        assert _names(ports.queue.claim(["steps"], 10, LEASE, job_id="job_2")) == ["b"]

    def test_a_delivery_is_invisible_before_its_time(self, ports: Ports, clock: ManualClock) -> None:
        _put(ports, a_delivery(available_at=NOW + 10 * SECOND))
        assert ports.queue.claim(["steps"], 1, LEASE) == []
        assert ports.queue.next_due(["steps"]) == NOW + 10 * SECOND
        assert ports.queue.oldest_waiting() == {}
        clock.advance(10 * SECOND)
        claim_one(ports.queue)

    def test_a_delivery_is_invisible_while_leased_and_comes_back_with_its_lease(
        self, ports: Ports, clock: ManualClock
    ) -> None:
        _put(ports, a_delivery())
        first = claim_one(ports.queue)
        assert ports.queue.oldest_waiting() == {}
        assert ports.queue.next_due(["steps"]) == NOW + LEASE
        clock.advance(LEASE - SECOND)
        assert ports.queue.claim(["steps"], 1, LEASE) == []
        clock.advance(SECOND)
        second = claim_one(ports.queue)
        assert second.id == first.id
        assert second.lease != first.lease
        assert (second.attempt, second.failures) == (2, 0)

    def test_of_many_claims_of_one_delivery_exactly_one_wins(self, ports: Ports) -> None:
        _put(ports, a_delivery())
        claims = by_many(8, lambda: ports.queue.claim(["steps"], 5, LEASE))
        assert sorted(len(claim) for claim in claims if isinstance(claim, list)) == [0] * 7 + [1]

    def test_many_workers_get_each_delivery_once(self, ports: Ports) -> None:
        _put(ports, *(a_delivery(str(number)) for number in range(60)))

        def work() -> list[str]:
            done = []
            while claimed := ports.queue.claim(["steps"], 3, LEASE):
                for delivery in claimed:
                    ports.store.commit(Change(settled=Done(delivery)))
                    done.append(delivery.name)
            return done

        outcomes = by_many(6, work)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        done = [name for outcome in outcomes if isinstance(outcome, list) for name in outcome]
        assert sorted(done, key=int) == [str(number) for number in range(60)]

    def test_a_delivery_that_is_done_is_gone(self, ports: Ports, clock: ManualClock) -> None:
        _put(ports, a_delivery())
        ports.store.commit(Change(settled=Done(claim_one(ports.queue))))
        clock.advance(2 * LEASE)
        assert ports.queue.claim(["steps"], 1, LEASE) == []
        assert ports.queue.next_due(["steps"]) is None

    def test_a_failure_that_counts_is_counted(self, ports: Ports, clock: ManualClock) -> None:
        _put(ports, a_delivery())
        failed = claim_one(ports.queue)
        ports.store.commit(Change(settled=Again(failed, NOW + 30 * SECOND, PROBLEM)))
        assert ports.queue.claim(["steps"], 1, LEASE) == []
        assert ports.queue.next_due(["steps"]) == NOW + 30 * SECOND
        clock.advance(30 * SECOND)
        again = claim_one(ports.queue)
        assert (again.attempt, again.failures) == (2, 1)

    def test_a_mere_wait_counts_neither_as_a_failure_nor_as_an_attempt(self, ports: Ports, clock: ManualClock) -> None:
        _put(ports, a_delivery())
        ports.store.commit(Change(settled=Again(claim_one(ports.queue), NOW + SECOND, PROBLEM, counts=False)))
        clock.advance(SECOND)
        again = claim_one(ports.queue)
        assert (again.attempt, again.failures) == (1, 0)

    def test_renewing_prolongs_a_lease_from_now_on(self, ports: Ports, clock: ManualClock) -> None:
        _put(ports, a_delivery())
        held = claim_one(ports.queue)
        clock.advance(LEASE - SECOND)
        assert ports.queue.renew([held], LEASE) == {held.id}
        assert ports.queue.next_due(["steps"]) == clock.now() + LEASE
        clock.advance(LEASE - SECOND)
        assert ports.queue.claim(["steps"], 1, LEASE) == []
        ports.store.commit(Change(settled=Done(held)))

    def test_renewing_tells_which_leases_are_lost(self, ports: Ports, clock: ManualClock) -> None:
        _put(ports, a_delivery("a"))
        lost = claim_one(ports.queue)
        clock.advance(LEASE)
        now_with = claim_one(ports.queue)
        _put(ports, a_delivery("b"))
        held = claim_one(ports.queue)
        clock.advance(10 * SECOND)
        assert ports.queue.renew([lost, held], LEASE) == {held.id}
        assert ports.queue.renew([], LEASE) == set()
        ports.store.commit(Change(settled=Done(now_with)))
        assert ports.queue.renew([now_with], LEASE) == set()

    def test_a_delivery_handed_back_is_as_if_it_had_not_been_claimed(self, ports: Ports) -> None:
        _put(ports, a_delivery())
        held = claim_one(ports.queue)
        ports.queue.hand_back([held])
        again = claim_one(ports.queue)
        assert (again.id, again.attempt, again.failures) == (held.id, 1, 0)
        with pytest.raises(LeaseLost):
            ports.store.commit(Change(settled=Done(held)))

    def test_only_its_holder_can_hand_a_delivery_back(self, ports: Ports, clock: ManualClock) -> None:
        _put(ports, a_delivery())
        lost = claim_one(ports.queue)
        clock.advance(LEASE)
        held = claim_one(ports.queue)
        ports.queue.hand_back([lost])
        assert ports.queue.claim(["steps"], 1, LEASE) == []
        assert ports.queue.renew([held], LEASE) == {held.id}

    def test_what_waits_for_its_time_can_be_made_due_at_once(self, ports: Ports) -> None:
        later = NOW + LEASE
        _put(ports, a_delivery("held"), a_delivery("elsewhere", queue="publish.sky", available_at=later))
        claim_one(ports.queue)
        _put(ports, a_delivery("due"), a_delivery("a", available_at=later), a_delivery("b", available_at=later))
        assert ports.queue.hasten("steps") == 2
        assert ports.queue.hasten("steps") == 0
        assert _names(ports.queue.claim(["steps", "publish.sky"], 10, LEASE)) == ["a", "b", "due"]

    def test_a_wait_may_be_on_another_queue(self, ports: Ports) -> None:
        _put(ports, a_delivery("a", queue="publish.main", job_id="job_1"))
        held = claim_one(ports.queue, "publish.main")
        ports.store.commit(Change(settled=Again(held, NOW, PROBLEM, counts=False, queue="waiting.main")))
        assert ports.queue.next_due(["publish.main"]) is None
        again = claim_one(ports.queue, "waiting.main")
        assert (again.id, again.queue, again.job_id, again.attempt) == (held.id, "waiting.main", "job_1", 1)

    def test_deliveries_can_be_moved_to_another_queue_the_first_due_first(
        self, ports: Ports, clock: ManualClock
    ) -> None:
        _put(ports, a_delivery("later", queue="room", available_at=NOW + LEASE))
        _put(ports, a_delivery("last", queue="room", available_at=NOW + SECOND), a_delivery("first", queue="room"))
        assert ports.queue.move("room", "steps", 0) == 0
        assert ports.queue.move("room", "steps", 2) == 2
        assert _names(ports.queue.claim(["steps"], 10, LEASE)) == ["first"]
        assert ports.queue.next_due(["room"]) == NOW + LEASE
        clock.advance(SECOND)
        assert _names(ports.queue.claim(["steps"], 10, LEASE)) == ["last"], "when each is due stays as it is"
        assert ports.queue.move("room", "steps", 10) == 1
        assert ports.queue.move("room", "steps", 10) == 0

    def test_only_what_nobody_holds_is_moved_and_of_one_job_only_if_one_is_named(
        self, ports: Ports, clock: ManualClock
    ) -> None:
        _put(ports, a_delivery("held", queue="room", job_id="job_1"))
        held = claim_one(ports.queue, "room")
        assert ports.queue.move("room", "steps", 10) == 0
        _put(ports, a_delivery("a", queue="room", job_id="job_1"), a_delivery("b", queue="room", job_id="job_2"))
        assert ports.queue.move("room", "steps", 10, job_id="job_2") == 1
        assert _names(ports.queue.claim(["steps"], 10, LEASE)) == ["b"]
        ports.store.commit(Change(settled=Done(held)))
        clock.advance(LEASE)
        assert ports.queue.move("room", "steps", 10) == 1

    def test_of_many_who_move_each_delivery_is_moved_by_one(self, ports: Ports) -> None:
        _put(ports, *(a_delivery(str(number), queue="room") for number in range(12)))
        counts = by_many(6, lambda: ports.queue.move("room", "steps", 3))
        assert sum(count for count in counts if isinstance(count, int)) == 12
        assert len(ports.queue.claim(["steps"], 100, LEASE)) == 12

    def test_the_oldest_waiting_delivery_of_each_queue_is_known(self, ports: Ports, clock: ManualClock) -> None:
        _put(ports, a_delivery(), a_delivery("held", queue="held"))
        claim_one(ports.queue, "held")
        clock.advance(5 * SECOND)
        _put(ports, a_delivery(), a_delivery(queue="publish.main"), a_delivery(available_at=NOW + LEASE))
        assert ports.queue.oldest_waiting() == {"steps": (2, NOW), "publish.main": (1, NOW + 5 * SECOND)}

    def test_what_waits_is_due_at_once(self, ports: Ports, clock: ManualClock) -> None:
        _put(ports, a_delivery())
        clock.advance(SECOND)
        due = ports.queue.next_due(["steps"])
        assert due is not None
        assert due <= clock.now()

    def test_leases_and_failures_survive_closing_and_opening_again(self, ports: Ports, reopen: Reopen) -> None:
        _put(ports, a_delivery("held"), a_delivery("failed", queue="failed"))
        held, failed = claim_one(ports.queue), claim_one(ports.queue, "failed")
        ports.store.commit(Change(settled=Again(failed, NOW, PROBLEM)))
        again = reopen()
        if not self.survives_reopening:
            assert again.queue.next_due(["steps", "failed"]) is None
            return
        assert again.queue.claim(["steps"], 1, LEASE) == []
        assert claim_one(again.queue, "failed").failures == 1
        again.store.commit(Change(settled=Done(held)))
        assert again.queue.next_due(["steps"]) is None
