"""The log over HTTP, page by page and as a stream."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pressroom.changes import Change
from pressroom.entrypoints.api.event_streams import Limits
from pressroom.entrypoints.api.paging import cursor_of
from pressroom.events import Event
from tests.entrypoints.api.world import HEADERS, World, a_world

BASE = "/api/v1/events"


@pytest.fixture
def world() -> World:
    made = a_world()
    made.app.state.event_streams.limits = Limits(longest=timedelta(0))
    return made


def positions(page: Any) -> list[int]:
    return [one["position"] for one in page["items"]]


def every_position(world: World, path: str) -> list[int]:
    seen: list[int] = []
    while path:
        page = world.get(path)
        seen += positions(page)
        path = page["next"]
    return seen


def test_the_log_is_read_forwards_and_backwards(world: World) -> None:
    last = world.ports.events.last_position()
    assert every_position(world, f"{BASE}?limit=7") == list(range(1, last + 1))
    assert every_position(world, f"{BASE}?limit=7&order=newest") == list(range(last, 0, -1))


def test_an_event_is_its_envelope_with_its_place(world: World) -> None:
    [shown] = world.get(BASE, limit=1)["items"]
    assert shown == world.ports.events.after(0, limit=1)[0].as_dict()


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_types_and_jobs_are_chosen(world: World, order: str) -> None:
    started = world.get(f"{BASE}?type=JobStarted&type=JobFailed&order={order}")["items"]
    assert {one["type"] for one in started} == {"JobStarted", "JobFailed"}
    job_id = world.jobs["failed"]
    expected = [event.position for event in world.ports.events.of_job(job_id)]
    found = every_position(world, f"{BASE}?job={job_id}&limit=2&order={order}")
    assert found == (expected if order == "oldest" else expected[::-1])
    failed = world.get(BASE, job=job_id, type="JobFailed", order=order)["items"]
    assert [one["type"] for one in failed] == ["JobFailed"]


def test_times_are_chosen_the_end_not_included(world: World) -> None:
    now = world.clock.now() + timedelta(days=1)
    for minutes in (0, 1, 2):
        event = Event(type="Struck", subject="clock", time=now + timedelta(minutes=minutes), job_id="job_c")
        world.runtime.bus.commit(Change(events=(event,)))
    last = world.ports.events.last_position()
    query: dict[str, Any] = {"since": now.isoformat(), "until": (now + timedelta(minutes=2)).isoformat()}
    narrower: list[dict[str, Any]] = [{}, {"job": "job_c"}]
    for more in narrower:
        assert positions(world.get(BASE, **query, **more)) == [last - 2, last - 1]
    assert positions(world.get(BASE, job="job_c", order="newest", **query)) == [last - 1, last - 2]
    assert "order=oldest" in world.get(BASE, expects=400, order="newest", **query)["message"]


@pytest.mark.parametrize("query", ["since=0", "since=2026-10-31T08:00:00", "until=soon", "order=random", "limit=0"])
def test_what_cannot_be_used_is_told(world: World, query: str) -> None:
    assert [one["name"] for one in world.get(f"{BASE}?{query}", expects=400)["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("place", ["x", "-1", "1.5", "9" * 30, "²"])
def test_a_cursor_that_leads_nowhere_is_refused(world: World, place: str) -> None:
    world.get(BASE, expects=400, cursor=cursor_of(BASE, place))


def stream(world: World, expects: int = 200, last_event_id: str = "", **query: Any) -> list[str]:
    headers = HEADERS | ({"last-event-id": last_event_id} if last_event_id else {})
    response = world.client.get(f"{BASE}/stream", params=query or None, headers=headers)
    assert response.status_code == expects, response.text
    return [line.removeprefix("id: ") for line in response.text.splitlines() if line.startswith("id: ")]


def test_a_stream_goes_on_where_a_list_ends(world: World) -> None:
    last = world.ports.events.last_position()
    assert stream(world, after=last - 3) == [str(last - 2), str(last - 1), str(last)]
    assert stream(world) == []
    response = world.client.get(f"{BASE}/stream?after=0", headers=HEADERS)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-accel-buffering"] == "no"


def test_what_a_browser_has_read_last_wins_over_where_it_began(world: World) -> None:
    last = world.ports.events.last_position()
    assert stream(world, last_event_id=str(last - 1), after=0) == [str(last)]
    for wrong in ("x", "1.5", "-3"):
        stream(world, expects=400, last_event_id=wrong)


def test_a_stream_of_a_job_that_has_ended_is_not_begun_anew(world: World) -> None:
    job_id = world.jobs["posted"]
    told = stream(world, job=job_id, after=0, until_ended=True)
    assert told == [str(event.position) for event in world.ports.events.of_job(job_id)]
    assert stream(world, expects=204, job=job_id, last_event_id=told[-1], until_ended=True) == []


def test_no_more_streams_than_may_be_are_served(world: World) -> None:
    world.app.state.event_streams.limits = Limits(most=0)
    response = world.client.get(f"{BASE}/stream", headers=HEADERS)
    assert response.status_code == 503
    assert "/api/v1/events" in response.json()["todo"]


def test_whoever_has_no_key_hears_nothing(world: World) -> None:
    assert world.client.get(f"{BASE}/stream?after=0").status_code == 401
