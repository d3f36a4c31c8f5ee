"""Channels over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.entrypoints.api.app import create_app
from pressroom.errors import AccountDisconnected
from pressroom.testing import RecordingPublisher
from tests.entrypoints.api.world import World, a_world
from tests.entrypoints.site import Client
from tests.newsroom import Newsroom

BASE = "/api/v1/channels"


@pytest.fixture
def world() -> World:
    return a_world()


def test_channels_are_listed_with_where_they_stand(world: World) -> None:
    found = {one["name"]: one for one in world.get(BASE)["items"]}
    assert list(found) == ["broken", "main", "preview"]
    assert (found["main"]["network"], found["main"]["state"]) == ("x", "paused")
    assert "credentials" in found["main"]["why"]
    assert found["main"]["waiting"] == 1
    assert (found["preview"]["state"], found["preview"]["waiting"]) == ("open", 0)


def test_a_channel_that_rests_says_until_when(world: World) -> None:
    states = world.ports.channel_states
    state = states.get("preview").limited(world.clock.now() + timedelta(minutes=5), "It asked for less.")
    states.put(type(state)(name="preview", closed_until=state.closed_until, why=state.why, version=1))
    shown = world.get(f"{BASE}/preview")
    assert (shown["state"], shown["why"]) == ("waiting", "It asked for less.")
    assert shown["closed_until"] == (world.clock.now() + timedelta(minutes=5)).isoformat()


def test_one_channel_tells_what_its_network_imposes(world: World) -> None:
    shown = world.get(f"{BASE}/main")
    assert shown["title"] == "X"
    assert shown["text"]["limit"] == 280
    assert shown["images"]["most"] == 4
    assert shown["pace"]["zone"] == "UTC"
    assert shown["problem"] is None


def test_a_channel_with_wrong_settings_says_what_is_wrong(world: World) -> None:
    shown = world.get(f"{BASE}/broken")
    assert "posts_per_day" in shown["problem"]["what"]
    assert (shown["text"], shown["pace"]) == (None, None)
    assert "posts_per_day" in world.post(f"{BASE}/broken/resume", expects=409)["message"]


def test_a_look_at_a_channel_publishes_nothing_and_says_what_is_missing(world: World) -> None:
    before = world.ports.events.last_position()
    found = world.post(f"{BASE}/main/check")
    assert not found["ok"]
    assert any("channels.main." in line["todo"] for line in found["findings"])
    assert world.post(f"{BASE}/preview/check")["ok"]
    assert world.ports.events.last_position() == before


def test_a_channel_that_is_not_there_is_told_with_those_that_are_close(world: World) -> None:
    for method, path in (("get", ""), ("post", "/resume"), ("post", "/check")):
        problem = getattr(world, method)(f"{BASE}/mian{path}", expects=404)
        assert "main" in problem["todo"]


def test_the_posts_of_a_paused_channel_go_on_when_it_is_resumed() -> None:
    network = RecordingPublisher()
    room = Newsroom(network=network)
    client = Client(create_app(room.runtime), "http://127.0.0.1:8080")
    network.enqueue(AccountDisconnected("The token was revoked."))
    job = room.post()
    assert client.get(f"{BASE}/main").json()["state"] == "paused"
    assert client.post(f"{BASE}/main/resume").json() == {"channel": "main", "posts": 1}
    room.work()
    assert client.get(f"/api/v1/jobs/{job.id}").json()["status"] == "completed"
    assert len(network.posts) == 1
    assert client.post(f"{BASE}/main/resume").json() == {"channel": "main", "posts": 0}
