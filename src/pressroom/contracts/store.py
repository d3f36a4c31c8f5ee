"""The contract of `Store`: a change is stored wholly or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pressroom.changes import Change, JobChange, ScheduleMove, change_job
from pressroom.contracts.base import Contract, Reopen, at_once, by_many
from pressroom.contracts.samples import (
    LEASE,
    NOW,
    PROBLEM,
    a_delivery,
    a_new_job,
    a_publication,
    a_step,
    an_asset,
    an_event,
    claim_one,
    happened,
    number_logged,
)
from pressroom.contracts.world import BROKEN, a_world, everything, the_change
from pressroom.deliveries import Bury, Done
from pressroom.errors import Conflict, LeaseLost
from pressroom.jobs import Job
from pressroom.ports import Ports
from pressroom.publications import Post
from pressroom.testing.clock import ManualClock


def _job(ports: Ports, job_id: str) -> Job:
    job = ports.jobs.get(job_id)
    assert job is not None
    return job


class StoreContract(Contract):
    def test_a_change_is_stored_with_all_its_parts(self, ports: Ports, clock: ManualClock) -> None:
        change = the_change(a_world(ports, clock))
        ports.store.commit(change)
        stored = everything(ports)
        assert set(stored["events"]) >= {event.id for event in change.events}
        assert {job.id: job for job in stored["jobs"]} == {item.after.id: item.after for item in change.jobs}
        assert stored["steps"]["job_1"] == {step.path: step for step in change.steps}
        assert {item.id: item.version for item in stored["publications"]} == {"pub_1": 2, "pub_2": 2}
        assert [asset.key for asset in stored["assets"]] == ["images/new.jpg"]
        assert stored["claims"] == {"sent": {"by": "world"}, "drawn": {"by": "change"}}
        assert stored["spent"] == change.costs[0].money
        assert stored["schedule"] == NOW + timedelta(days=1)
        assert [delivery.name for delivery in ports.queue.claim(["next"], 10, LEASE)] == ["after"]

    @pytest.mark.parametrize("part", sorted(BROKEN))
    def test_a_change_of_which_one_part_conflicts_stores_none_of_its_parts(
        self, ports: Ports, clock: ManualClock, part: str
    ) -> None:
        world = a_world(ports, clock)
        before = everything(ports)
        with pytest.raises((Conflict, LeaseLost)):
            ports.store.commit(BROKEN[part](the_change(world), world))
        assert everything(ports) == before
        ports.store.commit(the_change(world))

    def test_a_change_that_needs_a_live_job_is_refused_when_that_has_ended(self, ports: Ports) -> None:
        ports.store.commit(a_new_job("job_1"))
        started = Change(events=(happened("PublishAttempted", "job_1", number=1),), live_jobs=("job_1",))
        ports.store.commit(started)
        ports.store.commit(change_job(_job(ports, "job_1"), [happened("JobCancelled", "job_1", number=2)]))
        with pytest.raises(Conflict):
            ports.store.commit(Change(events=(happened("PublishAttempted", "job_1", number=3),), live_jobs=("job_1",)))
        assert [event.type for event in ports.events.of_job("job_1")][-1] == "JobCancelled"

    def test_a_change_with_what_is_not_json_is_refused_wholly(self, ports: Ports, clock: ManualClock) -> None:
        change = the_change(a_world(ports, clock))
        before = everything(ports)
        unfit = a_step("job_1", "last", output={"image": object()})
        with pytest.raises(TypeError):
            ports.store.commit(replace(change, steps=(*change.steps, unfit)))
        assert everything(ports) == before

    def test_of_two_changes_of_one_version_one_is_a_conflict(self, ports: Ports) -> None:
        ports.store.commit(a_new_job("job_1"))
        job = _job(ports, "job_1")
        changes = [change_job(job, [happened("JobStarted", "job_1", number=number)]) for number in range(8)]
        outcomes = at_once(ports.store.commit, changes)
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 7
        assert len(ports.events.of_job("job_1")) == 2
        assert _job(ports, "job_1").version == 2

    def test_a_conflict_of_one_thread_takes_nothing_from_the_others(self, ports: Ports) -> None:
        ports.store.commit(a_new_job("job_0"))
        # Every second one requests the job that is already there.
        changes = [a_new_job(f"job_{number * (number % 2)}") for number in range(12)]
        outcomes = at_once(ports.store.commit, changes)
        assert [isinstance(outcome, Conflict) for outcome in outcomes] == [number % 2 == 0 for number in range(12)]
        assert {job.id for job in ports.jobs.find(limit=100)} == {"job_0", *(f"job_{n}" for n in range(1, 12, 2))}
        assert number_logged(ports.events) == 7

    def test_a_new_job_must_not_be_there_yet(self, ports: Ports) -> None:
        ports.store.commit(a_new_job("job_1"))
        with pytest.raises(Conflict):
            ports.store.commit(a_new_job("job_1"))

    def test_a_job_that_is_not_there_cannot_be_changed(self, ports: Ports) -> None:
        [asked] = a_new_job("job_1").jobs
        with pytest.raises(Conflict):
            ports.store.commit(Change(jobs=(JobChange(1, replace(asked.after, version=2)),)))

    def test_a_job_may_change_twice_within_one_change(self, ports: Ports) -> None:
        asked = a_new_job("job_1")
        begun = change_job(asked.jobs[0].after, [happened("JobStarted", "job_1")])
        ports.store.commit(asked + begun)
        assert _job(ports, "job_1").version == 2

    def test_a_key_is_held_by_one_job(self, ports: Ports) -> None:
        changes = [a_new_job(f"job_{number}", key="daily_post:2026-10-31") for number in range(6)]
        outcomes = at_once(ports.store.commit, changes)
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
        holder = ports.jobs.by_key("daily_post:2026-10-31")
        assert [holder] == ports.jobs.find()

    def test_a_released_key_can_be_taken_by_another_job(self, ports: Ports) -> None:
        ports.store.commit(a_new_job("job_1", key="today"))
        ports.store.commit(change_job(_job(ports, "job_1"), [happened("JobKeyReleased", "job_1")]))
        assert ports.jobs.by_key("today") is None
        ports.store.commit(a_new_job("job_2", key="today"))
        assert ports.jobs.by_key("today") == _job(ports, "job_2")

    def test_a_schedule_is_moved_once(self, ports: Ports) -> None:
        move = Change(schedule=ScheduleMove("daily_post", None, NOW))
        outcomes = by_many(6, lambda: ports.store.commit(move))
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5

    def test_a_settlement_with_an_old_lease_stores_nothing(self, ports: Ports, clock: ManualClock) -> None:
        ports.store.commit(a_new_job("job_1") + Change(deliveries=(a_delivery(),)))
        lost = claim_one(ports.queue)
        clock.advance(LEASE)
        held = claim_one(ports.queue)
        with pytest.raises(LeaseLost):
            ports.store.commit(Change(events=(an_event(),), settled=Done(lost)))
        assert number_logged(ports.events) == 1
        ports.store.commit(Change(events=(an_event(),), settled=Done(held)))
        assert number_logged(ports.events) == 2

    def test_a_delivery_is_settled_once(self, ports: Ports) -> None:
        ports.store.commit(Change(deliveries=(a_delivery(),)))
        held = claim_one(ports.queue)
        outcomes = by_many(6, lambda: ports.store.commit(Change(events=(an_event(),), settled=Done(held))))
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, LeaseLost) for outcome in outcomes) == 5
        assert number_logged(ports.events) == 1

    def test_a_forgotten_job_keeps_no_outputs_and_no_posts(self, ports: Ports) -> None:
        steps = (a_step("job_1", "a", output={"text": "secret"}), a_step("job_2", "a", output={"text": "kept"}))
        publications = (a_publication("pub_1"), a_publication("pub_2", job_id="job_2"))
        ports.store.commit(a_new_job("job_1") + a_new_job("job_2") + Change(steps=steps, publications=publications))
        ports.store.commit(Change(forgotten_jobs=("job_1",)))
        assert ports.jobs.steps("job_1")["a"].output is None
        assert [item.post for item in ports.publications.of_job("job_1")] == [Post(text="")]
        assert ports.jobs.steps("job_2")["a"].output == {"text": "kept"}
        assert ports.publications.of_job("job_2") == [publications[1]]

    def test_nothing_of_a_forgotten_job_waits_or_lies_dead(self, ports: Ports) -> None:
        of_both = [a_delivery(job_id=job_id, data={"text": "secret"}) for job_id in ("job_1", "job_2") for _ in "ab"]
        ports.store.commit(Change(deliveries=tuple(of_both)))
        for job_id in ("job_1", "job_2"):
            [first] = ports.queue.claim(["steps"], 1, LEASE, job_id=job_id)
            ports.store.commit(Change(settled=Bury(first, PROBLEM)))
        ports.store.commit(Change(forgotten_jobs=("job_1",)))
        assert [letter.job_id for letter in ports.dead_letters.find()] == ["job_2"]
        assert [delivery.job_id for delivery in ports.queue.claim(["steps"], 10, LEASE)] == ["job_2"]

    def test_what_is_read_back_can_be_changed_without_changing_what_is_stored(self, ports: Ports) -> None:
        ports.store.commit(a_new_job("job_1", input={"themes": ["cats"]}))
        _job(ports, "job_1").input["themes"].append("dogs")
        ports.events.of_job("job_1")[0].data["input"]["themes"].append("dogs")
        assert _job(ports, "job_1").input == {"themes": ["cats"]}
        assert ports.events.of_job("job_1")[0].data["input"] == {"themes": ["cats"]}

    def test_a_change_survives_closing_and_opening_again(
        self, ports: Ports, clock: ManualClock, reopen: Reopen
    ) -> None:
        ports.store.commit(the_change(a_world(ports, clock)))
        before = everything(ports)
        empty = before["events"] == []
        assert not empty
        after = everything(reopen())
        if self.survives_reopening:
            assert after == before
        else:
            assert after["events"] == []
            assert after["jobs"] == []

    def test_removed_assets_are_gone(self, ports: Ports) -> None:
        asset = an_asset()
        ports.store.commit(Change(assets=(asset, replace(asset, revision=2))))
        ports.store.commit(Change(removed_assets=(asset,)))
        assert ports.assets.get(asset.key, 1) is None
        assert ports.assets.get(asset.key) == replace(asset, revision=2)
