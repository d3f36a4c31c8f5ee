"""Everything that the API's description says is so: schemathesis asks every operation, rightly and wrongly."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter, Request
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from pydantic import BaseModel
from starlette.responses import JSONResponse, PlainTextResponse

from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.api.event_streams import Limits
from pressroom.entrypoints.api.paging import cursor_of
from pressroom.entrypoints.api.scopes import Scope, needs
from tests.entrypoints.api.world import HEADERS, World, a_world
from tests.entrypoints.site import KEY

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own parts among each other
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.core.failures import FailureGroup
    from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

BASE = "http://press.example"
EXAMPLES = 15
"""For each operation and mode: with all of them, half a minute."""
KNOWS_MORE = {
    "start_job": "what the pipeline takes",
    "ask_for_upload": "what the pipeline takes",
    "generate_product_image": "which addresses can be read",
    "resolve_publication": "that only a post which is there has an address",
    "change_waiting_post": "which times are over, and what is too long for the network",
    "replay": "that it is either into or through",
    "list_waiting_posts": "which channels there are",
    "list_events": "that since and until go with order=oldest",
    "stream_events": "where the log ends",
    "show_costs": "how far back a day may lie",
    "analyse_posts": "that the first day is not after the last",
    "analyse_days": "the same",
    "analyse_channels": "the same",
    "analyse_pipelines": "the same",
    "read_asset": "which widths are made, and what was signed",
}
"""Operations that refuse what fits their schema, with what they know that it does not say."""
SLICES = 12
"""Of the operations, so that they can be asked at the same time and a new one is asked by itself."""


@pytest.fixture(scope="module")
def world() -> World:
    made = a_world()
    # A stream tells what there is, and ends.
    made.app.state.event_streams.limits = Limits(longest=timedelta(0))
    return made


def _schema(world: World) -> Any:
    config = schemathesis.Config.from_dict({})
    schema = schemathesis.openapi.from_dict(world.app.openapi(), config=config)
    schema.app = world.app
    return schema


def _operations(schema: Any) -> list[Any]:
    return [found.ok() for found in schema.get_all_operations()]


def _known(world: World) -> dict[str, list[Any]]:
    """What stands in paths, by the parameter's name: something that is there."""
    ports = world.ports
    return {
        "job_id": list(world.jobs.values()),
        "publication_id": [one.id for one in ports.publications.find()],
        "dead_id": [one.id for one in ports.dead_letters.find()] or [1],
        "name": ["daily_post", "picture_post", "main", "preview", "broken"],
        "key": [one.key for one in ports.assets.find("")],
        "channel": ["main"],
        "replay_id": [one.id for one in world.app.state.replaying.runs()] or ["rep_1"],
        "photo_id": ["photo_1"],
    }


def _ask(world: World, operation: Any, mode: GenerationMode) -> int:
    """Ask an operation in many ways; return in how many, 0 for one that nobody can ask wrongly."""
    count = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def asked(case: Any, data: st.DataObject) -> None:
        nonlocal count
        count += 1
        left_out = []
        if mode is GenerationMode.POSITIVE:
            _name_what_is_there(world, case, data)
            if _take_a_cursor(case, data) or operation.definition.raw["operationId"] in KNOWS_MORE:
                left_out = [positive_data_acceptance]
        elif _may_be_meant(operation, case):
            left_out = [negative_data_rejection]
        headers = {"Authorization": HEADERS["authorization"]}
        case.call_and_validate(base_url=BASE, headers=headers, excluded_checks=left_out)

    try:
        asked()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE
    return count


def _name_what_is_there(world: World, case: Any, data: st.DataObject) -> None:
    """Put an id that there is into the path, three times out of four."""
    for name, values in _known(world).items():
        if name in (case.path_parameters or {}) and data.draw(st.integers(0, 3)):
            case.path_parameters[name] = data.draw(st.sampled_from(values))


def _may_be_meant(operation: Any, case: Any) -> bool:
    """Say whether what is wrong in the query is wrong before it is sent only: there every value becomes a text."""
    declared = {
        one["name"]: one["schema"] for one in operation.definition.raw.get("parameters", ()) if one["in"] == "query"
    }
    given = (case.query or {}).items()
    return operation.method == "get" and all(_reads_as(declared[one], value) for one, value in given if one in declared)


def _reads_as(schema: dict[str, Any], value: Any) -> bool:
    if value is None or value in ([], {}):
        return True  # it is not sent
    kinds = schema.get("anyOf", [schema])
    is_text = any(
        one.get("type") == "string" and not one.keys() & {"enum", "format", "pattern"}
        for one in [*kinds, *(kind["items"] for kind in kinds if "items" in kind)]
    )
    return is_text or any(one.get("type") == "integer" and str(value).isdecimal() for one in kinds)


def _take_a_cursor(case: Any, data: st.DataObject) -> bool:
    """Make what stands for a cursor one of this listing, that leads to anywhere; say whether it may be refused."""
    if "cursor" not in (case.query or {}):
        return False
    case.query["cursor"] = cursor_of(case.path, data.draw(st.text(min_size=1, max_size=40)))
    return True


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("slice_", range(SLICES))
def test_every_answer_is_one_that_is_described(world: World, slice_: int, mode: GenerationMode) -> None:
    asked = {one.label: _ask(world, one, mode) for one in _operations(_schema(world))[slice_::SLICES]}
    assert asked
    assert mode is GenerationMode.NEGATIVE or all(asked.values())


def test_every_operation_has_a_name_words_a_tag_and_the_scope_that_it_takes(world: World) -> None:
    found: dict[str, str] = {}
    for path, item in world.app.openapi()["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert operation["operationId"] not in found, where
            found[operation["operationId"]] = where
            assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation["operationId"]), where
            assert len(operation["summary"]) > 10, where
            assert operation["tags"], where
            scopes = {scope for one in operation.get("security", ()) for scope in one["key"]}
            if path.startswith("/api/v1"):
                assert scopes, where
                assert (method == "get") == ("read" in scopes) or scopes == {"admin"}, where
    assert {"start_job", "show_job", "stream_events", "redrive"} <= set(found)


def test_every_answer_has_its_shape_and_every_error_is_a_problem_document(world: World) -> None:
    for path, item in world.app.openapi()["paths"].items():
        for method, operation in item.items():
            for status, answer in operation["responses"].items():
                where, content = f"{method} {path} {status}", answer.get("content", {})
                assert answer["description"], where
                if int(status) >= 400:
                    shape = "/NotReady" if path == "/readyz" else "/ProblemDocument"  # one with its checks
                    assert content["application/problem+json"]["schema"]["$ref"].endswith(shape), where
                    assert len({str(one) for one in content.values()}) == len(content), where
                else:
                    assert content or status in ("204", "304", "307"), where


def test_what_is_signed_anew_with_each_answer_is_never_told_to_be_the_same(world: World) -> None:
    paths = world.app.openapi()["paths"]
    assert "304" not in paths["/generative-ai-images/status/{job_id}"]["get"]["responses"]
    assert "304" in paths["/api/v1/jobs/{job_id}"]["get"]["responses"]
    assert "x-never-the-same" not in str(paths)


def test_every_tag_is_told_of(world: World) -> None:
    document = world.app.openapi()
    used = {tag for item in document["paths"].values() for one in item.values() for tag in one["tags"]}
    assert used == {tag["name"] for tag in document["tags"]}
    assert all(tag["description"] for tag in document["tags"])


class Answer(BaseModel):
    word: str


BROKEN: dict[str, Callable[[int], Any]] = {
    "a defect": lambda number: Answer(word="ok") if number < 5 else 1 // 0,
    "another shape": lambda number: JSONResponse({"word": number}),
    "another status": lambda number: JSONResponse({"word": "ok"}, 207),
    "another type": lambda number: PlainTextResponse("ok"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_route_that_answers_otherwise_than_it_says_is_found(world: World, how: str) -> None:
    router = APIRouter()

    @router.get("/broken", operation_id="broken", response_model=Answer)
    def broken(number: int) -> Any:
        return BROKEN[how](number)

    served = SimpleNamespace(router=router)
    other = replace(world, app=create_app(world.runtime, key=KEY, modules=[served]))
    [operation] = _operations(_schema(other))
    with pytest.raises((FailureGroup, ZeroDivisionError)):
        _ask(other, operation, GenerationMode.POSITIVE)


def test_a_route_that_takes_what_it_says_it_does_not_is_found(world: World) -> None:
    router = APIRouter()

    @router.post("/lax", operation_id="lax", dependencies=[needs(Scope.WRITE)])
    async def lax(request: Request) -> Answer:
        return Answer(word="ok")

    other = replace(world, app=create_app(world.runtime, key=KEY, modules=[SimpleNamespace(router=router)]))
    schema = {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    other.app.openapi()["paths"]["/lax"]["post"]["requestBody"] = body
    [operation] = _operations(_schema(other))
    with pytest.raises(FailureGroup):
        _ask(other, operation, GenerationMode.NEGATIVE)
