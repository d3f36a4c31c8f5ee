"""Conditions on an item, and the expressions that DynamoDB reads them in: every name and value by a placeholder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pressroom.backends.dynamodb.values import typed


class Expression:
    """Gathers the names and values of one request; a great many names are reserved words of DynamoDB."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        self.names[f"#{attribute}"] = attribute
        return f"#{attribute}"

    def value(self, value: Any) -> str:
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = typed(value)
        return placeholder

    def placeholders(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.names:
            found["ExpressionAttributeNames"] = self.names
        if self.values:
            found["ExpressionAttributeValues"] = self.values
        return found


Condition = Callable[[Expression], str]


def absent(attribute: str) -> Condition:
    return lambda e: f"attribute_not_exists({e.name(attribute)})"


def present(attribute: str) -> Condition:
    return lambda e: f"attribute_exists({e.name(attribute)})"


def is_(attribute: str, value: Any) -> Condition:
    return lambda e: f"{e.name(attribute)} = {e.value(value)}"


def is_not(attribute: str, value: Any) -> Condition:
    return lambda e: f"{e.name(attribute)} <> {e.value(value)}"


def less(attribute: str, value: Any) -> Condition:
    return lambda e: f"{e.name(attribute)} < {e.value(value)}"


def at_most(attribute: str, value: Any) -> Condition:
    return lambda e: f"{e.name(attribute)} <= {e.value(value)}"


def at_least(attribute: str, value: Any) -> Condition:
    return lambda e: f"{e.name(attribute)} >= {e.value(value)}"


def more(attribute: str, value: Any) -> Condition:
    return lambda e: f"{e.name(attribute)} > {e.value(value)}"


def between(attribute: str, low: Any, high: Any) -> Condition:
    return lambda e: f"{e.name(attribute)} BETWEEN {e.value(low)} AND {e.value(high)}"


def begins(attribute: str, start: str) -> Condition:
    return lambda e: f"begins_with({e.name(attribute)}, {e.value(start)})"


def one_of(attribute: str, values: Iterable[Any]) -> Condition:
    return lambda e: f"{e.name(attribute)} IN ({', '.join(e.value(value) for value in values)})"


def none_of(attribute: str, values: Iterable[Any]) -> Condition:
    return lambda e: f"NOT {one_of(attribute, values)(e)}"


@dataclass(frozen=True, slots=True)
class _Several:
    """Conditions joined by a word. Only joined ones within stand in parentheses: DynamoDB refuses needless ones."""

    word: str
    conditions: tuple[Condition, ...]

    def __call__(self, e: Expression) -> str:
        return self.word.join(f"({one(e)})" if isinstance(one, _Several) else one(e) for one in self.conditions)


def all_of(*conditions: Condition) -> Condition:
    return conditions[0] if len(conditions) == 1 else _Several(" AND ", conditions)


def any_of(*conditions: Condition) -> Condition:
    return conditions[0] if len(conditions) == 1 else _Several(" OR ", conditions)


def update(
    e: Expression,
    *,
    put: Mapping[str, Any] | None = None,
    first: Mapping[str, Any] | None = None,
    add: Mapping[str, Any] | None = None,
) -> str:
    """Return the expression that sets attributes (None removes one), those of `first` unless they are set, and adds."""
    given = put or {}
    sets = [f"{e.name(name)} = {e.value(value)}" for name, value in given.items() if value is not None]
    for name, value in (first or {}).items():
        sets.append(f"{e.name(name)} = if_not_exists({e.name(name)}, {e.value(value)})")
    removes = [e.name(name) for name, value in given.items() if value is None]
    adds = [f"{e.name(name)} {e.value(value)}" for name, value in (add or {}).items()]
    parts = {"SET": sets, "REMOVE": removes, "ADD": adds}
    return " ".join(f"{verb} {', '.join(each)}" for verb, each in parts.items() if each)
