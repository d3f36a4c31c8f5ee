"""Replays over HTTP, and the thread that runs them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pressroom.api_keys import ApiKeys, Scope
from pressroom.bus import Subscription
from pressroom.changes import Change
from pressroom.entrypoints.api.app import let_go
from pressroom.entrypoints.api.replaying import REMEMBERED, Replaying
from pressroom.errors import Conflict, UnknownName
from pressroom.events import Event
from pressroom.replay import Replay
from tests.entrypoints.api.world import World, a_world

BASE = "/api/v1/replay"
SOON = 10.0


@pytest.fixture
def world() -> Iterator[World]:
    made = a_world()
    yield made
    let_go(made.app)


def finished(world: World, path: str) -> Any:
    thread = world.app.state.replaying._thread
    thread.join(SOON)
    return world.get(path)


def test_a_read_model_is_built_anew(world: World) -> None:
    world.runtime.replay.catch_up("gallery")
    expected = world.ports.views.find("gallery")
    position = world.ports.views.position("gallery")
    world.ports.views.clear("gallery")
    begun = world.post(BASE, {"into": "gallery"}, expects=202)
    assert begun["status"] in ("running", "completed")
    done = finished(world, f"{BASE}/{begun['id']}")
    assert (done["status"], done["into"], done["error"]) == ("completed", "gallery", None)
    assert done["events"] > 0
    assert world.ports.views.find("gallery") == expected
    assert world.ports.views.position("gallery") == position


def test_what_can_be_replayed_is_listed_with_what_was(world: World) -> None:
    found = world.get(BASE)
    assert {"gallery", "jobs"} <= set(found["read_models"])
    assert found["handlers"] == []
    begun = world.post(BASE, {"into": "jobs"}, expects=202)
    assert finished(world, f"{BASE}/{begun['id']}")["events"] == len(world.jobs)
    assert [one["id"] for one in world.get(BASE)["items"]] == [begun["id"]]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"into": "gallery", "through": "notify"},
        {"into": "galery"},
        {"through": "notify"},
        {"into": "gallery", "from": "2026-10-31T08:00:00Z"},
        {"through": "notify", "from": "2026-10-31T08:00:00"},
    ],
)
def test_what_cannot_be_replayed_is_told(world: World, wanted: dict[str, str]) -> None:
    world.post(BASE, wanted, expects=422)
    assert world.get(BASE)["items"] == []


def test_a_replay_that_is_not_known_is_told(world: World) -> None:
    assert "rep_1" in world.get(f"{BASE}/rep_1", expects=404)["message"]


@pytest.mark.parametrize("scopes", [[Scope.READ], [Scope.READ, Scope.WRITE, Scope.PUBLISH]])
def test_only_an_admin_may(world: World, scopes: list[Scope]) -> None:
    _, key = ApiKeys(world.ports.tables, world.clock).create("app", scopes)
    headers = {"authorization": f"Bearer {key}"}
    assert world.client.post(BASE, json={"into": "gallery"}, headers=headers).status_code == 403
    assert world.client.get(BASE, headers=headers).status_code == 403


class Slow:
    """A handler that waits at its first event until it is let go on."""

    def __init__(self) -> None:
        self.handled: list[Event] = []
        self.begun, self.may_go_on = threading.Event(), threading.Event()

    def handle(self, event: Event) -> None:
        self.handled.append(event)
        self.begun.set()
        assert self.may_go_on.wait(SOON)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def replaying(world: World, slow: Slow) -> Iterator[Replaying]:
    handlers = {"slow": Subscription(name="slow", types=frozenset({"Struck"}), handle=slow.handle)}
    events = [
        Event(type="Struck", subject=str(hour), time=world.clock.now() + timedelta(hours=hour)) for hour in range(5)
    ]
    world.runtime.bus.commit(Change(events=tuple(events)))
    made = Replaying(world.runtime)
    made._replay = Replay(world.ports.events, world.ports.jobs, world.ports.views, handlers)
    yield made
    slow.may_go_on.set()
    made.close(SOON)


def ended(replaying: Replaying) -> Any:
    assert replaying._thread is not None
    replaying._thread.join(SOON)
    return replaying.runs()[0]


def test_events_of_a_range_go_through_a_handler(world: World, replaying: Replaying, slow: Slow) -> None:
    now = world.clock.now()
    slow.may_go_on.set()
    replaying.start(None, "slow", now + timedelta(hours=1), now + timedelta(hours=3))
    run = ended(replaying)
    assert (run.status, run.events) == ("completed", 2)
    assert [event.subject for event in slow.handled] == ["1", "2"]


def test_one_runs_at_a_time(replaying: Replaying, slow: Slow) -> None:
    replaying.start(None, "slow")
    assert slow.begun.wait(SOON)
    with pytest.raises(Conflict, match="under way"):
        replaying.start("gallery", None)
    slow.may_go_on.set()
    assert ended(replaying).events == 5
    replaying.start("gallery", None)
    assert ended(replaying).status == "completed"


def test_a_stopping_server_stops_a_replay_at_its_next_event(replaying: Replaying, slow: Slow) -> None:
    replaying.start(None, "slow")
    assert slow.begun.wait(SOON)
    replaying.close(timeout=0)
    slow.may_go_on.set()
    run = ended(replaying)
    assert (run.status, run.events, len(slow.handled)) == ("stopped", 1, 1)
    with pytest.raises(Conflict):
        replaying.start("gallery", None)


def test_a_handler_that_fails_is_told_with_its_reason(replaying: Replaying, slow: Slow) -> None:
    def fail(event: Event) -> None:
        raise RuntimeError("no wire")

    slow.handle = fail  # type: ignore[method-assign]
    replaying._replay._handlers = {"slow": Subscription(name="slow", types=frozenset({"Struck"}), handle=fail)}
    replaying.start(None, "slow")
    run = ended(replaying)
    assert (run.status, run.error is not None and "no wire" in run.error.what) == ("failed", True)


def test_an_unknown_name_begins_nothing(replaying: Replaying) -> None:
    with pytest.raises(UnknownName):
        replaying.start("galery", None)
    with pytest.raises(UnknownName):
        replaying.start(None, "notify")
    assert replaying.runs() == []


def test_only_the_last_ones_are_remembered(replaying: Replaying) -> None:
    for _ in range(REMEMBERED + 1):
        replaying.start("gallery", None)
        last = ended(replaying)
    assert len(replaying.runs()) == REMEMBERED
    assert replaying.get(last.id) == last
