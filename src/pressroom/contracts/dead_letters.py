"""The contract of `DeadLetters`: what nobody will try again by itself is kept until a person decides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.changes import Change, JobChange
from pressroom.contracts.base import Contract, Reopen, by_many
from pressroom.contracts.samples import LEASE, NOW, PROBLEM, a_delivery, a_new_job, an_event, claim_one, number_logged
from pressroom.deliveries import Again, Bury, DeadLetter, Delivery
from pressroom.errors import Conflict, Problem
from pressroom.ports import Ports
from pressroom.testing.clock import ManualClock

SECOND = timedelta(seconds=1)


def _bury(ports: Ports, delivery: Delivery | None = None) -> DeadLetter:
    put = delivery or a_delivery()
    ports.store.commit(Change(deliveries=(put,)))
    ports.store.commit(Change(settled=Bury(claim_one(ports.queue, put.queue), PROBLEM)))
    return ports.dead_letters.find(queue=put.queue)[0]


class DeadLettersContract(Contract):
    def test_a_dead_delivery_is_kept_with_all_that_is_known(self, ports: Ports, clock: ManualClock) -> None:
        event = an_event(job_id="job_1")
        put = a_delivery("draw", job_id="job_1", event=event, data={"style": "spooky"})
        ports.store.commit(Change(events=(event,), deliveries=(put,)))
        first = Problem("It was busy.", kind="RateLimited")
        ports.store.commit(Change(settled=Again(claim_one(ports.queue), NOW + SECOND, first)))
        clock.advance(SECOND)
        ports.store.commit(Change(settled=Again(claim_one(ports.queue), NOW + SECOND, PROBLEM, counts=False)))
        ports.store.commit(Change(settled=Bury(claim_one(ports.queue), PROBLEM)))
        [letter] = ports.dead_letters.find()
        assert ports.dead_letters.get(letter.id) == letter
        assert (letter.queue, letter.task, letter.name, letter.job_id) == ("steps", put.task, "draw", "job_1")
        assert (letter.attempts, letter.died_at, letter.error) == (2, NOW + SECOND, PROBLEM)
        assert (letter.data, letter.event_id) == ({"style": "spooky"}, event.id)
        failures = [(entry["at"], entry["attempt"], entry["what"]) for entry in letter.history]
        assert failures[0] == (NOW.isoformat(), 1, first.what)
        assert failures[-1] == ((NOW + SECOND).isoformat(), 2, PROBLEM.what)

    def test_a_dead_delivery_does_not_come_back_by_itself(self, ports: Ports, clock: ManualClock) -> None:
        _bury(ports)
        clock.advance(10 * LEASE)
        assert ports.queue.claim(["steps"], 1, LEASE) == []
        assert ports.queue.next_due(["steps"]) is None

    def test_the_newest_come_first_and_can_be_chosen(self, ports: Ports, clock: ManualClock) -> None:
        letters = []
        for queue, job_id in (("a", "job_1"), ("b", "job_1"), ("a", "job_2")):
            letters.append(_bury(ports, a_delivery(queue=queue, job_id=job_id)))
            clock.advance(SECOND)
        assert ports.dead_letters.find() == letters[::-1]
        assert ports.dead_letters.find(limit=1) == [letters[2]]
        assert ports.dead_letters.find(queue="a") == [letters[2], letters[0]]
        assert ports.dead_letters.find(job_id="job_1") == [letters[1], letters[0]]

    def test_what_is_listed_goes_on_behind_the_last_one_although_it_is_gone(self, ports: Ports) -> None:
        for name in ("a", "b", "c"):
            _bury(ports, a_delivery(name, queue="a"))
        newest, middle, oldest = ports.dead_letters.find()
        before = (middle.died_at, middle.id)
        ports.dead_letters.discard(middle.id, Change())
        assert ports.dead_letters.find(before=before) == [oldest]
        assert ports.dead_letters.find(queue="a", before=(newest.died_at, newest.id)) == [oldest]
        assert ports.dead_letters.find(before=(oldest.died_at, oldest.id)) == []

    def test_what_is_not_there_is_none(self, ports: Ports) -> None:
        assert ports.dead_letters.get(1) is None
        assert ports.dead_letters.find() == []

    def test_a_redriven_delivery_comes_again_with_its_failures_forgotten(self, ports: Ports) -> None:
        event = an_event()
        ports.store.commit(Change(events=(event,)))
        letter = _bury(ports, a_delivery(job_id="job_1", event=event, data={"style": "spooky"}))
        assert ports.dead_letters.redrive(letter.id, Change(events=(an_event(type="DeliveryRedriven"),)))
        assert ports.dead_letters.get(letter.id) is None
        assert ports.events.latest(limit=1)[0].type == "DeliveryRedriven"
        again = claim_one(ports.queue)
        assert (again.attempt, again.failures) == (1, 0)
        assert (again.name, again.job_id, again.data) == ("draw", "job_1", {"style": "spooky"})
        assert again.event == ports.events.get(event.id)

    def test_a_delivery_that_dies_again_tells_of_both_its_lives(self, ports: Ports) -> None:
        letter = _bury(ports)
        ports.dead_letters.redrive(letter.id, Change())
        ports.store.commit(Change(settled=Bury(claim_one(ports.queue), PROBLEM)))
        [again] = ports.dead_letters.find()
        assert again.attempts == 1
        assert again.history[:-1] == letter.history

    def test_a_long_wait_does_not_fill_the_history(self, ports: Ports, clock: ManualClock) -> None:
        ports.store.commit(Change(deliveries=(a_delivery(),)))
        for _ in range(20):
            ports.store.commit(Change(settled=Again(claim_one(ports.queue), clock.now(), PROBLEM, counts=False)))
        last = Problem("It was refused.")
        ports.store.commit(Change(settled=Bury(claim_one(ports.queue), last)))
        assert [entry["what"] for entry in ports.dead_letters.find()[0].history] == [PROBLEM.what, last.what]

    def test_an_edit_replaces_what_a_redriven_delivery_carries(self, ports: Ports) -> None:
        letter = _bury(ports, a_delivery(data={"style": "spooky", "size": 1}))
        ports.dead_letters.redrive(letter.id, Change(), data={"style": "merry"})
        assert claim_one(ports.queue).data == {"style": "merry"}

    def test_of_many_redrives_one_succeeds(self, ports: Ports) -> None:
        letter = _bury(ports)
        outcomes = by_many(6, lambda: ports.dead_letters.redrive(letter.id, Change(events=(an_event(),))))
        assert sorted(outcomes, key=bool) == [False] * 5 + [True]
        assert number_logged(ports.events) == 1
        assert len(ports.queue.claim(["steps"], 10, LEASE)) == 1

    @pytest.mark.parametrize("redrive", [True, False])
    def test_a_conflict_leaves_the_dead_letter_where_it_is(self, ports: Ports, redrive: bool) -> None:
        letter = _bury(ports)
        ports.store.commit(a_new_job("job_1"))
        conflict = Change(events=(an_event(),), jobs=(JobChange(7, a_new_job("job_1").jobs[0].after),))
        act = ports.dead_letters.redrive if redrive else ports.dead_letters.discard
        with pytest.raises(Conflict):
            act(letter.id, conflict)
        assert ports.dead_letters.get(letter.id) == letter
        assert number_logged(ports.events) == 1
        assert ports.queue.next_due(["steps"]) is None

    def test_they_can_be_counted(self, ports: Ports) -> None:
        assert ports.dead_letters.count() == 0
        letters = [_bury(ports) for _ in range(3)]
        assert ports.dead_letters.count() == 3
        ports.dead_letters.discard(letters[0].id, Change())
        assert ports.dead_letters.count() == 2

    def test_a_discarded_delivery_is_gone_for_good(self, ports: Ports) -> None:
        letter = _bury(ports)
        assert ports.dead_letters.discard(letter.id, Change(events=(an_event(type="DeliveryDiscarded"),)))
        assert ports.dead_letters.find() == []
        assert ports.queue.next_due(["steps"]) is None
        assert number_logged(ports.events) == 1

    def test_nothing_is_stored_for_one_that_is_gone(self, ports: Ports) -> None:
        letter = _bury(ports)
        assert ports.dead_letters.discard(letter.id, Change())
        assert not ports.dead_letters.discard(letter.id, Change(events=(an_event(),)))
        assert not ports.dead_letters.redrive(letter.id, Change(events=(an_event(),)))
        assert number_logged(ports.events) == 0

    def test_dead_letters_survive_closing_and_opening_again(self, ports: Ports, reopen: Reopen) -> None:
        letter = _bury(ports, a_delivery(data={"style": "spooky"}))
        assert reopen().dead_letters.find() == ([letter] if self.survives_reopening else [])
