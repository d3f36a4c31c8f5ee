"""One transaction: what is made again, what is refused and by whom, and what is too much."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.backends.dynamodb.calls import TRIES
from pressroom.backends.dynamodb.conditions import absent, is_
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.transaction import MOST_ITEMS, Refused, TooLarge, Transaction, conflict, refuse
from pressroom.errors import Conflict, LeaseLost, PressroomError, Unavailable
from tests.backends.dynamodb.scripted import Scripted, cancelled, refused


def _transaction(client: Scripted) -> Transaction:
    """Return one of two operations: the first refuses with a conflict, the second with a lost lease."""
    transaction = Transaction(client.calls())
    transaction.put(STATE, ("a", "1"), {"n": 1}, absent("n"), conflict("The first was refused.", "a"))
    transaction.change(STATE, ("a", "2"), is_("lease", "x"), refuse(LeaseLost("The second was.")), put={"n": 2})
    return transaction


def _tokens(client: Scripted) -> list[Any]:
    return [request["ClientRequestToken"] for _, request in client.asked]


def test_a_conflict_with_another_transaction_passes_and_is_tried_as_a_new_one() -> None:
    client = Scripted(cancelled("None", "TransactionConflict"), cancelled("ThrottlingError", "None"), {})
    _transaction(client).commit()
    assert len(set(_tokens(client))) == 3


@pytest.mark.parametrize("code", ["InternalServerError", "TransactionInProgressException"])
def test_a_call_whose_outcome_is_not_known_is_repeated_as_the_same_transaction(code: str) -> None:
    client = Scripted(refused(code, status=500), {})
    _transaction(client).commit()
    first, second = _tokens(client)
    assert first == second


def test_which_condition_did_not_hold_tells_the_error() -> None:
    for codes, expected in (
        (("ConditionalCheckFailed", "None"), Conflict),
        (("None", "ConditionalCheckFailed"), LeaseLost),
    ):
        with pytest.raises(Refused) as caught:
            _transaction(Scripted(cancelled(*codes))).commit()
        assert [type(error) for error in caught.value.errors] == [expected]


def test_a_refusal_is_final_although_another_operation_was_merely_busy() -> None:
    client = Scripted(cancelled("TransactionConflict", "ConditionalCheckFailed"))
    with pytest.raises(Refused):
        _transaction(client).commit()
    assert len(client.asked) == 1


def test_what_stays_busy_is_unavailable() -> None:
    client = Scripted(*[cancelled("TransactionConflict", "None")] * TRIES)
    with pytest.raises(Unavailable):
        _transaction(client).commit()


def test_what_dynamodb_cannot_store_is_an_error_with_its_words() -> None:
    client = Scripted(cancelled("ValidationError", "None"))
    with pytest.raises(PressroomError, match="nothing of it was stored") as caught:
        _transaction(client).commit()
    assert "ValidationError" in caught.value.detail


def test_more_items_than_a_transaction_holds_are_refused_before_anything_is_asked() -> None:
    client = Scripted()
    transaction = Transaction(client.calls())
    for number in range(MOST_ITEMS + 1):
        transaction.put(STATE, ("a", str(number)), {}, None, conflict("", ""))
    with pytest.raises(TooLarge, match="101 items"):
        transaction.commit()
    assert client.asked == []


def test_more_bytes_than_a_transaction_holds_are_refused() -> None:
    transaction = Transaction(Scripted().calls())
    for number in range(20):
        transaction.put(STATE, ("a", str(number)), {"text": "x" * 250_000}, None, conflict("", ""))
    with pytest.raises(TooLarge, match="Nothing of it was stored"):
        transaction.commit()


def test_two_operations_on_one_item_are_a_conflict() -> None:
    transaction = _transaction(Scripted())
    with pytest.raises(Conflict, match="twice"):
        transaction.remove(STATE, ("a", "1"), None, conflict("It is changed twice.", "a"))


def test_nothing_to_do_asks_nothing() -> None:
    client = Scripted()
    Transaction(client.calls()).commit()
    assert client.asked == []
