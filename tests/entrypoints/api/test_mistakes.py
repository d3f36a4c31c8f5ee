"""What is wrong with a request is told in the words of its caller, not in those of the validator."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.entrypoints.api.mistakes import mistakes
from tests.entrypoints.api.world import HEADERS, World, a_world

POST = "/api/v1/waiting-posts/pub_1"


@pytest.fixture(scope="module")
def world() -> World:
    return a_world()


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("PATCH", POST, {"publish_at": "tomorrow"}, [("publish_at", "must be a time with its zone")]),
        ("PATCH", POST, {"publish_at": None}, [("publish_at", "leave it out")]),
        ("PATCH", POST, None, [("", "is missing")]),
        ("PATCH", POST, [], [("", "must be a JSON object")]),
        ("GET", "/api/v1/jobs?status=bogus&status=pending", None, [("status", "must be 'upload_pending', 'pending'")]),
        ("GET", "/api/v1/jobs?status=a&status=b", None, [("status", "must be 'upload_pending', 'pending'")]),
        ("GET", "/api/v1/jobs?limit=x", None, [("limit", "must be a whole number")]),
        ("GET", "/api/v1/jobs?limit=0", None, [("limit", "must be greater than or equal to 1")]),
        ("GET", "/api/v1/events?since=yesterday", None, [("since", "must be a time with its zone")]),
        ("GET", "/api/v1/analytics/posts?since=soon", None, [("since", "must be a day, such as 2026-10-31")]),
        ("GET", "/api/v1/events?order=up", None, [("order", "must be 'oldest' or 'newest'")]),
    ],
)
def test_a_mistake_is_told_by_the_parameters_own_name_and_what_it_must_be(
    world: World, method: str, path: str, body: Any, told: list[tuple[str, str]]
) -> None:
    more = {} if body is None else {"json": body}
    problem = world.client.request(method, path, headers=HEADERS, **more).json()
    assert [one["name"] for one in problem["errors"]] == [name for name, _ in told]
    for one, (name, words) in zip(problem["errors"], told, strict=True):
        assert one["message"].startswith(words)
        assert f"{name or 'the body'}" in problem["message"]
        assert words in problem["message"]
    assert "Input should" not in str(problem)


def test_several_are_told_one_after_the_other_and_not_without_end(world: World) -> None:
    told = world.get("/api/v1/analytics/posts", expects=400, format="xml", limit="x")
    assert told["message"] == "The request does not fit: format must be 'json' or 'csv'; limit must be a whole number."
    long = world.post("/api/v1/dead/redrive", {f"name{number}": 1 for number in range(40)}, expects=422)
    assert len(long["message"]) < 600
    assert len(long["errors"]) == 40


def test_an_item_of_a_list_in_the_body_keeps_its_place() -> None:
    error = {"type": "int_parsing", "loc": ("body", "sizes", 2), "msg": "Input should be a valid integer"}
    assert [(one.name, one.message) for one in mistakes([error])] == [("sizes.2", "must be a whole number")]
