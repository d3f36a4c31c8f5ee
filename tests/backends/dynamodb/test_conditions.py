"""Conditions as DynamoDB reads them: placeholders for all names and values, and no needless parentheses."""

from __future__ import annotations

from pressroom.backends.dynamodb.conditions import (
    Expression,
    absent,
    all_of,
    any_of,
    at_most,
    begins,
    between,
    is_,
    less,
    none_of,
    update,
)


def test_one_condition_stands_alone() -> None:
    assert all_of(any_of(absent("lease")))(Expression()) == "attribute_not_exists(#lease)"


def test_a_key_and_a_range_are_joined_as_a_query_takes_them() -> None:
    assert all_of(is_("of", "a"), between("part", "b", "c"))(Expression()) == "#of = :v0 AND #part BETWEEN :v1 AND :v2"
    assert all_of(is_("of", "a"), begins("part", "b"))(Expression()) == "#of = :v0 AND begins_with(#part, :v1)"


def test_only_joined_conditions_within_others_stand_in_parentheses() -> None:
    e = Expression()
    condition = all_of(is_("waiting_on", "q"), any_of(is_("lease", ""), at_most("due_at", 7)))
    assert condition(e) == "#waiting_on = :v0 AND (#lease = :v1 OR #due_at <= :v2)"
    assert e.values == {":v0": {"S": "q"}, ":v1": {"S": ""}, ":v2": {"N": "7"}}
    assert e.names == {"#waiting_on": "waiting_on", "#lease": "lease", "#due_at": "due_at"}


def test_none_of_and_less() -> None:
    e = Expression()
    assert all_of(none_of("status", ("a", "b")), less("n", 1))(e) == "NOT #status IN (:v0, :v1) AND #n < :v2"


def test_an_update_sets_removes_and_adds_each_attribute_once() -> None:
    e = Expression()
    said = update(e, put={"status": "a", "error": None}, first={"came_up": 1}, add={"events": 2})
    assert said == "SET #status = :v0, #came_up = if_not_exists(#came_up, :v1) REMOVE #error ADD #events :v2"


def test_what_has_no_placeholders_says_nothing_of_them() -> None:
    assert Expression().placeholders() == {}
