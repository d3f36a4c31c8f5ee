"""Parameters of queries that no address knows."""

from __future__ import annotations

import pytest

from tests.entrypoints.api.world import HEADERS, World, a_world, checked
from tests.entrypoints.site import a_site


@pytest.fixture(scope="module")
def world() -> World:
    return a_world()


def test_a_parameter_that_is_unknown_is_refused_with_the_one_that_was_meant(world: World) -> None:
    problem = world.get("/api/v1/jobs", expects=422, statuss="x")
    assert problem["type"] == "urn:pressroom:problem:unknown-parameter"
    assert problem["message"] == "This address has no parameter 'statuss'."
    assert problem["todo"] == "Did you mean status? Known: cursor, limit, pipeline, q, status."
    assert [(one["part"], one["name"]) for one in problem["errors"]] == [("query", "statuss")]


def test_every_unknown_one_is_named_and_nothing_that_was_given_for_it(world: World) -> None:
    problem = world.get("/api/v1/channels", expects=422, first="hunter2", second="hunter2")
    assert [one["name"] for one in problem["errors"]] == ["first", "second"]
    assert problem["todo"] == "It takes none: leave it out."
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/events"),
        ("GET", "/api/v1/events/stream"),
        ("GET", "/api/v1/analytics/posts"),
        ("HEAD", "/api/v1/photos"),
        ("POST", "/api/v1/pipelines/daily_post/jobs"),
        ("DELETE", "/api/v1/dead/dead_1"),
        ("PATCH", "/api/v1/waiting-posts/pub_1"),
    ],
)
def test_reading_and_doing_are_alike(world: World, method: str, path: str) -> None:
    assert world.client.request(method, f"{path}?dry_run=1", headers=HEADERS).status_code == 422


def test_what_a_route_and_all_it_depends_on_read_is_known(world: World) -> None:
    world.get("/api/v1/events", type="JobFailed", job="job_1", order="newest", limit=1)
    world.get("/api/v1/analytics/posts", channel="main", format="json", limit=1)
    world.get("/api/v1/dead", queue="steps", job="job_1", limit=5)


def test_who_may_not_ask_learns_nothing_of_the_parameters(world: World) -> None:
    assert world.client.get("/api/v1/jobs?statuss=x").status_code == 401


def test_an_address_that_is_not_there_stays_so(world: World) -> None:
    world.get("/api/v1/nowhere", expects=404, what="x")


def test_elsewhere_an_address_may_bear_more() -> None:
    client = a_site().client
    checked(client.get("/healthz?from=monitor"), 200)
    assert client.get("/generative-ai-images/status/job_1?x=1").status_code == 404
    assert client.get("/static/house.css?v=1&from=mail").status_code == 200
