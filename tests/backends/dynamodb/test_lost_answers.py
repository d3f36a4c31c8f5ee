"""A call whose answer is lost is made again by the client, and finds what it has done itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.transaction import Transaction
from pressroom.changes import Change, Claim
from pressroom.contracts.samples import a_cost, a_delivery, an_event
from pressroom.errors import Conflict
from tests.backends.dynamodb.conftest import Open


def test_a_claim_that_is_found_made_is_ones_own(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    put = Calls.put

    def repeated(self: Calls, *arguments: Any) -> bool:
        put(self, *arguments)
        return put(self, *arguments)

    monkeypatch.setattr(Calls, "put", repeated)
    assert opened().ledger.claim("post 1", {"by": "first"})
    assert not opened().ledger.claim("post 1", {"by": "second"})


def test_a_lock_that_is_found_taken_is_ones_own(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    change = Calls.change

    def repeated(self: Calls, *arguments: Any, **more: Any) -> Any:
        change(self, *arguments, **more)
        return change(self, *arguments, **more)

    monkeypatch.setattr(Calls, "change", repeated)
    with opened().locks.lock("tokens", wait=timedelta(0)):
        pass


def test_a_cost_that_is_stored_already_is_entered_once_and_keeps_no_change_from_being_stored(opened: Open) -> None:
    dynamo = opened()
    dynamo.costs.reserve(a_cost("cost_1", "1"), [])
    dynamo.store.commit(Change(events=(an_event(),), costs=(a_cost("cost_1", "1"), a_cost("cost_2", "2"))))
    assert len(dynamo.events.after(0)) == 1
    assert [cost.id for cost in dynamo.costs.of_job("job_1")] == ["cost_1", "cost_2"]
    assert dynamo.costs.spent(a_cost("cost_1", "1").at) == 3


def test_numbers_that_another_process_took_are_given_anew(opened: Open) -> None:
    first, second = opened(), opened()
    for dynamo in (first, second):
        dynamo.store.commit(Change(events=(an_event(),), deliveries=(a_delivery(job_id="job_1"),)))
    assert len(first.events.after(0)) == 2
    assert len({one.id for one in first.queue.claim(["steps"], 10, timedelta(minutes=1))}) == 2


def test_a_conflict_is_told_before_numbers_are_given_anew(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[int] = []
    commit = Transaction.commit

    def counted(self: Transaction) -> None:
        commits.append(1)
        commit(self)

    first, second = opened(), opened()
    first.store.commit(Change(events=(an_event(),)))
    first.ledger.claim("post 1", {})
    monkeypatch.setattr(Transaction, "commit", counted)
    with pytest.raises(Conflict, match="claimed before"):
        second.store.commit(Change(events=(an_event(),), claims=(Claim("post 1", {}),)))
    assert commits == [1]
