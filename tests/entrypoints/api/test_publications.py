"""Publications over HTTP, and what a person decides about them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.api.paging import cursor_of
from pressroom.publishers.base import CannotTell
from pressroom.testing import Lost, RecordingPublisher
from tests.entrypoints.api.world import World, a_world
from tests.entrypoints.site import Client
from tests.newsroom import Newsroom

BASE = "/api/v1/publications"
THERE = {"action": "it_is_there", "url": "https://preview.example/1", "remote_id": "1"}


@pytest.fixture
def world() -> World:
    return a_world()


def test_publications_are_listed_and_chosen_by_channel_and_state(world: World) -> None:
    every = [one.id for one in world.ports.publications.find()]
    assert [one["id"] for one in world.get(BASE)["items"]] == every
    held = world.get(BASE, state="held")["items"]
    assert {one["job_id"] for one in held} == {world.jobs["held"], world.jobs["held too"]}
    assert len(world.get(f"{BASE}?state=held&state=rejected")["items"]) == 3
    assert world.get(BASE, channel="main")["items"] == []


def test_publications_come_in_pages(world: World) -> None:
    first = world.get(BASE, limit=2)
    second = world.get(first["next"])
    assert len(first["items"]) == len(second["items"]) == 2
    assert second["next"] is None


def test_one_publication_tells_its_attempts_and_what_can_be_decided(world: World) -> None:
    shown = world.get(f"{BASE}/{world.publication('held')}")
    assert (shown["state"], shown["attempt_history"][0]["outcome"]) == ("held", "unknown")
    assert shown["actions"] == ["it_is_there", "send_again", "give_up"]
    assert shown["known"]["found"] == {"posts that could be it": 2, "looked": "twice, four minutes apart"}
    assert shown["problem"]["kind"] == "OutcomeUnknown"
    posted = world.get(f"{BASE}/{world.publication('posted')}")
    assert (posted["actions"], posted["known"]) == ([], None)


def test_what_needs_a_person_is_told_with_where_a_decision_is_sent(world: World) -> None:
    held = world.get("/api/v1/held")["items"]
    sent, flagged = held[0], held[-1]
    assert sent["decide_at"]["give_up"] == f"{BASE}/{sent['publication_id']}/resolve"
    assert flagged["decide_at"] == {
        action: f"/api/v1/jobs/{flagged['job_id']}/{action}" for action in ("approve", "refuse")
    }
    assert len(held) == 5
    world.post(sent["decide_at"]["give_up"], {"action": "give_up"})
    world.post(flagged["decide_at"]["refuse"])
    assert len(world.get("/api/v1/held")["items"]) == 3


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 200])
def test_what_needs_a_person_comes_in_pages_whatever_their_size(world: World, limit: int) -> None:
    every = world.get("/api/v1/held")["items"]
    found, next = [], f"/api/v1/held?limit={limit}"
    while next:
        page = world.get(next)
        assert 0 < len(page["items"]) <= limit
        found += page["items"]
        next = page["next"]
    assert found == every
    assert [one["publication_id"] is None for one in every] == [False] * 2 + [True] * 3


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_page_goes_on_behind_what_was_decided_meanwhile(world: World, count: int) -> None:
    every = world.get("/api/v1/held")["items"]
    page = world.get("/api/v1/held", limit=count)
    last = page["items"][-1]
    action, path = list(last["decide_at"].items())[-1]
    world.post(path, {"action": action} if last["publication_id"] else None)
    assert world.get(page["next"])["items"] == every[count : 2 * count]


def test_a_place_in_another_listing_is_none_here(world: World) -> None:
    other = world.get("/api/v1/publications", limit=1)["next"].partition("cursor=")[2]
    assert "cursor" in world.get("/api/v1/held", cursor=other, expects=400)["message"]
    for place in ("sent", "flagged job_1", "unheard of"):
        assert "cursor" in world.get("/api/v1/held", cursor=cursor_of("/api/v1/held", place), expects=400)["message"]


def test_a_post_that_is_there_is_published_with_its_address(world: World) -> None:
    path = f"{BASE}/{world.publication('held')}"
    resolved = world.post(f"{path}/resolve", THERE)
    assert (resolved["state"], resolved["url"], resolved["remote_id"]) == ("published", THERE["url"], "1")
    assert world.get(path) == resolved
    events = world.get(f"/api/v1/jobs/{world.jobs['held']}/events")["items"]
    assert {"PublicationResolved", "PostPublished"} <= {event["type"] for event in events}


def test_a_decision_counts_once(world: World) -> None:
    path = f"{BASE}/{world.publication('held')}/resolve"
    world.post(path, {"action": "give_up"})
    assert "is not held" in world.post(path, THERE, expects=409)["message"]


def test_one_post_of_the_network_is_one_publication(world: World) -> None:
    world.post(f"{BASE}/{world.publication('held')}/resolve", THERE)
    problem = world.post(f"{BASE}/{world.publication('held too')}/resolve", THERE, expects=409)
    assert world.publication("held") in problem["message"]


@pytest.mark.parametrize(
    "decision",
    [{"action": "it_is_there"}, {"action": "give_up", "url": "https://x.example/1"}, {"action": "shrug"}, {}],
)
def test_a_decision_that_does_not_fit_changes_nothing(world: World, decision: dict[str, str]) -> None:
    before = world.ports.events.last_position()
    world.post(f"{BASE}/{world.publication('held')}/resolve", decision, expects=422)
    assert world.ports.events.last_position() == before


def test_a_publication_that_is_not_there_is_told(world: World) -> None:
    assert "pub_1" in world.get(f"{BASE}/pub_1", expects=404)["message"]
    assert "pub_1" in world.post(f"{BASE}/pub_1/resolve", THERE, expects=404)["message"]


def test_a_post_that_is_sent_again_goes_out_once_more() -> None:
    network = RecordingPublisher()
    room = Newsroom(network=network)
    client = Client(create_app(room.runtime), "http://127.0.0.1:8080")
    network.enqueue(Lost(arrived=False))
    network.enqueue_readings(CannotTell("Its list of posts is closed."))
    job = room.post()
    room.clock.advance(timedelta(hours=1))
    room.work()
    [held] = client.get("/api/v1/held").json()["items"]
    assert held["publication_id"] == room.publication(job).id
    assert client.post(held["decide_at"]["send_again"], json={"action": "send_again"}).status_code == 200
    room.work()
    assert client.get(f"/api/v1/jobs/{job.id}").json()["status"] == "completed"
    assert (len(network.posts), len(network.calls)) == (1, 2)
