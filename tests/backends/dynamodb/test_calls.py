"""Calls to DynamoDB whose answers are errors: which are made again, and what the others are called."""

from __future__ import annotations

import pytest
from botocore.exceptions import EndpointConnectionError

from pressroom.backends.dynamodb.calls import TRIES
from pressroom.backends.dynamodb.conditions import absent
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.errors import ConfigurationError, Unavailable
from tests.backends.dynamodb.scripted import Scripted, refused

ITEM = {"of": {"S": "a"}, "part": {"S": "b"}, "count": {"N": "7"}}
THROTTLED = refused("ProvisionedThroughputExceededException")


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "TransactionConflictException", "InternalServerError", "RequestLimitExceeded"]
)
def test_what_passes_by_itself_is_asked_again(code: str) -> None:
    client = Scripted(refused(code), refused(code), {"Item": ITEM})
    assert client.calls().get(STATE, ("a", "b")) == {"of": "a", "part": "b", "count": 7}
    assert len(client.slept) == 2


def test_what_does_not_pass_is_unavailable_after_a_while() -> None:
    client = Scripted(*[THROTTLED] * TRIES)
    with pytest.raises(Unavailable, match="too busy"):
        client.calls().get(STATE, ("a", "b"))
    assert len(client.slept) == TRIES - 1
    assert sum(client.slept) < 10


def test_a_condition_that_does_not_hold_is_an_answer_and_not_asked_again() -> None:
    client = Scripted(refused("ConditionalCheckFailedException"))
    assert client.calls().put(STATE, {"of": "a", "part": "b"}, absent("of")) is False
    assert len(client.asked) == 1


def test_a_table_that_is_not_there_is_a_matter_of_the_deployment() -> None:
    client = Scripted(refused("ResourceNotFoundException"))
    with pytest.raises(ConfigurationError, match="press-state"):
        client.calls().get(STATE, ("a", "b"))


def test_a_role_that_may_not_is_told_which_rights_it_lacks() -> None:
    client = Scripted(refused("AccessDeniedException"))
    with pytest.raises(ConfigurationError, match="dynamodb:GetItem"):
        client.calls().get(STATE, ("a", "b"))


def test_a_server_that_cannot_be_reached_is_unavailable() -> None:
    client = Scripted(EndpointConnectionError(endpoint_url="https://dynamodb.example"))
    with pytest.raises(Unavailable):
        client.calls().get(STATE, ("a", "b"))


def test_items_that_were_left_out_of_an_answer_are_asked_for_again() -> None:
    left = {"press-state": {"Keys": [{"of": {"S": "c"}, "part": {"S": "d"}}]}}
    other = {"of": {"S": "c"}, "part": {"S": "d"}}
    client = Scripted(
        {"Responses": {"press-state": [ITEM]}, "UnprocessedKeys": left}, {"Responses": {"press-state": [other]}}
    )
    found = client.calls().get_many(STATE, [("a", "b"), ("c", "d")])
    assert set(found) == {("a", "b"), ("c", "d")}
    assert client.asked[1][1]["RequestItems"]["press-state"]["Keys"] == left["press-state"]["Keys"]


def test_items_that_were_not_written_are_written_again() -> None:
    request = {"PutRequest": {"Item": {"of": {"S": "c"}, "part": {"S": "d"}}}}
    client = Scripted({"UnprocessedItems": {"press-state": [request]}}, {"UnprocessedItems": {}})
    client.calls().write_many(STATE, put=[{"of": "a", "part": "b"}, {"of": "c", "part": "d"}])
    assert client.asked[1][1]["RequestItems"] == {"press-state": [request]}


def test_every_read_of_a_table_is_consistent_and_none_of_an_index_is() -> None:
    client = Scripted({"Item": ITEM}, {"Items": [ITEM], "Count": 1}, {"Items": [ITEM], "Count": 1})
    calls = client.calls()
    calls.get(STATE, ("a", "b"))
    list(calls.query(STATE, absent("of")))
    list(calls.query(STATE, absent("of"), index="due"))
    assert [request.get("ConsistentRead", False) for _, request in client.asked] == [True, True, False]
