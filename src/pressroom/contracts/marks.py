"""The contracts of `Ledger`, `Schedules`, `Cursors` and `ChannelStates`: what happens once, or in its order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pressroom.changes import Change, Claim, ScheduleMove
from pressroom.channels import ChannelState
from pressroom.contracts.base import Contract, Reopen, at_once, by_many
from pressroom.contracts.samples import NOW
from pressroom.errors import Conflict
from pressroom.ports import Entry, Ports
from pressroom.testing.clock import ManualClock


class LedgerContract(Contract):
    def test_a_key_is_claimed_once_and_for_all(self, ports: Ports, clock: ManualClock) -> None:
        assert ports.ledger.claim("post 1", {"by": "first"})
        clock.advance(days=400)
        assert not ports.ledger.claim("post 1", {"by": "second"})
        assert ports.ledger.get("post 1") == Entry("post 1", {"by": "first"}, NOW)

    def test_of_many_claims_of_one_key_exactly_one_succeeds(self, ports: Ports) -> None:
        outcomes = at_once(lambda number: ports.ledger.claim("post 1", {"by": number}), range(8))
        assert sorted(outcomes, key=bool) == [False] * 7 + [True]
        entry = ports.ledger.get("post 1")
        assert entry is not None
        assert entry.note == {"by": outcomes.index(True)}

    def test_a_claim_and_a_change_exclude_each_other(self, ports: Ports) -> None:
        ports.store.commit(Change(claims=(Claim("post 1", {"by": "change"}),)))
        assert not ports.ledger.claim("post 1", {})
        ports.ledger.claim("post 2", {})
        with pytest.raises(Conflict):
            ports.store.commit(Change(claims=(Claim("post 2", {}),)))

    def test_keys_are_kept_apart(self, ports: Ports) -> None:
        assert ports.ledger.claim("post 1", {})
        assert ports.ledger.claim("post 10", {})
        assert ports.ledger.claim("POST 1", {})
        assert ports.ledger.get("post 2") is None

    def test_the_result_of_a_claimed_key_is_kept(self, ports: Ports) -> None:
        ports.ledger.claim("post 1", {"by": "first"})
        ports.ledger.keep("post 1", {"remote_id": "17"})
        assert ports.ledger.get("post 1") == Entry("post 1", {"by": "first"}, NOW, {"remote_id": "17"})

    def test_a_second_result_does_not_replace_the_first(self, ports: Ports) -> None:
        ports.ledger.claim("post 1", {})
        at_once(lambda number: ports.ledger.keep("post 1", {"by": number}), range(4))
        first = ports.ledger.get("post 1")
        ports.ledger.keep("post 1", {"by": "late"})
        assert ports.ledger.get("post 1") == first
        assert first is not None
        assert first.result is not None

    def test_a_claim_with_an_end_stands_until_it_is_forgotten_and_then_the_key_is_free(
        self, ports: Ports, clock: ManualClock
    ) -> None:
        end = NOW + timedelta(days=1)
        ports.store.commit(Change(claims=(Claim("request 1", {"by": "first"}, end), Claim("post 1", {}))))
        ports.ledger.claim("post 2", {})
        assert ports.ledger.forget_expired(end - timedelta(microseconds=1)) == 0
        clock.advance(days=2)
        assert not ports.ledger.claim("request 1", {})
        assert ports.ledger.forget_expired(end) == 1
        assert ports.ledger.get("request 1") is None
        ports.store.commit(Change(claims=(Claim("request 1", {"by": "second"}),)))
        assert ports.ledger.forget_expired(NOW + timedelta(days=400)) == 0
        assert not ports.ledger.claim("post 1", {})
        assert not ports.ledger.claim("post 2", {})

    def test_claims_are_forgotten_a_batch_at_a_time(self, ports: Ports) -> None:
        ports.store.commit(Change(claims=tuple(Claim(f"request {number}", {}, NOW) for number in range(5))))
        assert [ports.ledger.forget_expired(NOW, limit=2) for _ in range(4)] == [2, 2, 1, 0]

    def test_claims_survive_closing_and_opening_again(self, ports: Ports, reopen: Reopen) -> None:
        ports.ledger.claim("post 1", {"by": "first"})
        ports.ledger.keep("post 1", {})
        again = reopen()
        assert again.ledger.claim("post 1", {}) is not self.survives_reopening
        if self.survives_reopening:
            assert again.ledger.get("post 1") == Entry("post 1", {"by": "first"}, NOW, {})


class SchedulesContract(Contract):
    def test_a_schedule_that_never_moved_has_no_time(self, ports: Ports) -> None:
        assert ports.schedules.next_at("daily_post") is None

    def test_a_schedule_moves_on_from_its_stored_time(self, ports: Ports) -> None:
        after = NOW + timedelta(days=1, microseconds=1)
        ports.store.commit(Change(schedule=ScheduleMove("daily_post", None, NOW)))
        ports.store.commit(Change(schedule=ScheduleMove("daily_post", NOW, after)))
        assert ports.schedules.next_at("daily_post") == after
        assert ports.schedules.next_at("photo_feed") is None

    def test_a_schedule_can_be_dropped(self, ports: Ports) -> None:
        ports.store.commit(Change(schedule=ScheduleMove("daily_post", None, NOW)))
        assert ports.schedules.names() == ["daily_post"]
        ports.store.commit(Change(schedule=ScheduleMove("daily_post", NOW, None)))
        assert (ports.schedules.names(), ports.schedules.next_at("daily_post")) == ([], None)

    def test_schedules_survive_closing_and_opening_again(self, ports: Ports, reopen: Reopen) -> None:
        ports.store.commit(Change(schedule=ScheduleMove("daily_post", None, NOW)))
        assert reopen().schedules.next_at("daily_post") == (NOW if self.survives_reopening else None)


class CursorsContract(Contract):
    def test_what_was_never_put_is_empty(self, ports: Ports) -> None:
        assert ports.cursors.get("source inbox") == ""

    def test_what_was_put_last_is_there(self, ports: Ports) -> None:
        ports.cursors.put("source inbox", "1")
        ports.cursors.put("source inbox", "2 – größer")
        ports.cursors.put("source other", "3")
        assert ports.cursors.get("source inbox") == "2 – größer"

    def test_cursors_survive_closing_and_opening_again(self, ports: Ports, reopen: Reopen) -> None:
        ports.cursors.put("source inbox", "1")
        assert reopen().cursors.get("source inbox") == ("1" if self.survives_reopening else "")


class ChannelStatesContract(Contract):
    def test_an_unknown_channel_is_in_good_health(self, ports: Ports) -> None:
        assert ports.channel_states.get("main") == ChannelState(name="main")

    def test_a_channel_comes_back_as_it_was_stored(self, ports: Ports) -> None:
        state = ChannelState(
            name="main",
            failures=3,
            closed_until=NOW + timedelta(seconds=30, microseconds=7),
            why="HTTP 503",
            paused="The account has no credit left.",
            last_sent_at=NOW,
            version=1,
        )
        ports.channel_states.put(state)
        assert ports.channel_states.get("main") == state
        assert ports.channel_states.get("sky") == ChannelState(name="sky")

    def test_of_two_changes_of_one_version_one_is_a_conflict(self, ports: Ports) -> None:
        ports.channel_states.put(ChannelState(name="main", version=1))
        nexts = [ChannelState(name="main", failures=number, version=2) for number in range(6)]
        outcomes = at_once(ports.channel_states.put, nexts)
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
        assert ports.channel_states.get("main") == nexts[outcomes.index(None)]

    def test_a_first_state_is_stored_once(self, ports: Ports) -> None:
        outcomes = by_many(6, lambda: ports.channel_states.put(ChannelState(name="main", version=1)))
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5

    def test_a_version_cannot_be_left_out(self, ports: Ports) -> None:
        with pytest.raises(Conflict):
            ports.channel_states.put(ChannelState(name="main", version=2))

    def test_a_pause_survives_closing_and_opening_again(self, ports: Ports, reopen: Reopen) -> None:
        paused = replace(ports.channel_states.get("main").pause("No credit."), version=1)
        ports.channel_states.put(paused)
        again = reopen().channel_states.get("main")
        assert again == (paused if self.survives_reopening else ChannelState(name="main"))
