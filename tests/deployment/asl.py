"""What is wrong with the definition of a state machine: by the language's schema, and by what a schema cannot say."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT7

SCHEMAS = Path(__file__).parent / "asl_schema"
MAX_BYTES = 1_000_000
"""docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html, 2026-11-20"""
LONGEST_NAME = 80
_SMALLEST = {"StartAt": "End", "States": {"End": {"Type": "Succeed", "QueryLanguage": "JSONPath"}}}


def mistakes(definition: Mapping[str, Any]) -> list[str]:
    """Return what is wrong, in words; nothing if all is well."""
    size = len(json.dumps(definition).encode())
    found = [f"{size} bytes"] if size >= MAX_BYTES else []
    found += [
        f"schema: {error.json_path}: {error.message[:200]}" for error in _validator().iter_errors(_told(definition))
    ]
    names = [name for scope in scopes(definition) for name in scope["States"]]
    found += [f"two states called {name}" for name in {*names} if names.count(name) > 1]
    found += [f"{name} is too long" for name in names if len(name) > LONGEST_NAME]
    for scope in scopes(definition):
        found += _lost(scope)
    return found


def scopes(machine: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a machine, and those of its branches and turns, however deep."""
    yield machine
    for state in machine["States"].values():
        for inner in state.get("Branches", []):
            yield from scopes(inner)
        if "ItemProcessor" in state:
            yield from scopes(state["ItemProcessor"])


def states(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return every state by its name, however deep."""
    return {name: state for scope in scopes(definition) for name, state in scope["States"].items()}


def following(state: Mapping[str, Any]) -> set[str]:
    """Return the names of the states that may come next."""
    ways = {state[key] for key in ("Next", "Default") if key in state}
    return ways | {each["Next"] for key in ("Choices", "Catch") for each in state.get(key, [])}


def _lost(scope: Mapping[str, Any]) -> list[str]:
    """Return which states nothing leads to, and from which of them no way leads to an end."""
    all_states = scope["States"]
    missing = {name for state in all_states.values() for name in following(state)} - {*all_states}
    reached, ahead = set[str](), {scope["StartAt"]}
    while ahead - reached:
        name = (ahead - reached).pop()
        reached.add(name)
        ahead |= following(all_states.get(name, {}))
    ends = {name for name, state in all_states.items() if state["Type"] in ("Succeed", "Fail") or state.get("End")}
    while more := {name for name, state in all_states.items() if following(state) & ends} - ends:
        ends |= more
    return (
        [f"there is no state {name}" for name in sorted(missing)]
        + [f"nothing leads to {name}" for name in sorted({*all_states} - reached)]
        + [f"no way leads from {name} to an end" for name in sorted({*all_states} - ends)]
    )


def _told(machine: Mapping[str, Any]) -> Any:
    """Return a machine as the schema wants it: each state says its language, which is the whole machine's.

    The machines inside it are left out. They have their own turn; together, the schema would be tried on the innermost
    states twice for each level.
    """
    told = copy.deepcopy({key: value for key, value in machine.items() if key != "ProcessorConfig"})
    for state in told["States"].values():
        state.setdefault("QueryLanguage", "JSONPath")
        if "Branches" in state:
            state["Branches"] = [_SMALLEST for _ in state["Branches"]]
        if "ItemProcessor" in state:
            state["ItemProcessor"] = {**state["ItemProcessor"], **_SMALLEST}
    return told


@functools.cache
def _validator() -> Draft7Validator:
    schemas = [json.loads(path.read_text()) for path in sorted(SCHEMAS.glob("*.json"))]
    whole = next(schema for schema in schemas if schema["$id"].endswith("/state-machine.json#"))
    resources = [(schema["$id"].removesuffix("#"), DRAFT7.create_resource(schema)) for schema in schemas]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft7Validator(whole, registry=registry)
