"""The configured channels: which there are, how each is made, and how their states change under several hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.bus import Bus
from pressroom.channel_desk import ChannelDesk, queue_of
from pressroom.channels import ChannelState, Pace
from pressroom.config import Config
from pressroom.errors import ConfigurationError, Conflict, UnknownName
from pressroom.ports import Ports
from pressroom.publications import PostMedia
from pressroom.publishers.preview import PreviewFeed
from pressroom.publishers.x import X
from pressroom.testing import ManualClock

SECOND = timedelta(seconds=1)
PACE = Pace(failures=2, first_break=30 * SECOND)
GAP = Pace(minimum_gap=60 * SECOND)


class Bench:
    def __init__(self, **channels: Any) -> None:
        self.clock = ManualClock()
        self.ports = build_memory_ports(self.clock)
        self._config = Config.model_validate({"workspace": Path("/nowhere"), "channels": channels})
        self.desk = self.over(self.ports)

    def over(self, ports: Ports) -> ChannelDesk:
        return ChannelDesk(self._config, Bus(ports.store, ports.wake), ports, {})

    @property
    def state(self) -> ChannelState:
        return self.ports.channel_states.get("main")

    def told(self) -> list[tuple[str, str]]:
        return [(event.type, event.data.get("why", "")) for event in self.ports.events.after(0)]

    def interrupted(self, by: Any) -> ChannelDesk:
        """Return a desk whose first attempt to store a state comes after somebody else's."""
        states, others = self.ports.channel_states, [by]

        class States:
            def get(self, name: str) -> ChannelState:
                return states.get(name)

            def put(self, state: ChannelState) -> None:
                if others:
                    others.pop()()
                states.put(state)

        return self.over(replace(self.ports, channel_states=States()))


# --- which there are


def test_the_preview_channel_is_there_without_being_configured() -> None:
    bench = Bench(main={"network": "x"})
    assert bench.desk.names() == ["main", "preview"]
    assert isinstance(bench.desk.publisher("preview"), PreviewFeed)


def test_a_publisher_is_made_once_with_the_settings_of_its_section() -> None:
    bench = Bench(main={"network": "x", "timeout_seconds": 7})
    publisher = bench.desk.publisher("main")
    assert isinstance(publisher, X)
    assert publisher.timeout == 7 * SECOND
    assert publisher.channel.name == "main"
    assert bench.desk.publisher("main") is publisher


def test_the_preview_channel_may_be_configured_like_any_other() -> None:
    bench = Bench(preview={"network": "preview", "like": "x"})
    assert bench.desk.names() == ["preview"]


def test_a_mistyped_channel_is_answered_with_the_closest() -> None:
    with pytest.raises(UnknownName, match="Did you mean main"):
        Bench(main={"network": "x"}).desk.publisher("mian")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "does not say which network"),
        ({"network": 7}, "does not say which network"),
        ({"network": "y"}, "'y'"),
        ({"network": "x", "timeout": 7}, "timeout"),
        ({"network": "x", "timeout_seconds": 0}, "timeout_seconds"),
    ],
)
def test_a_wrong_section_is_named_with_its_mistake(values: dict[str, Any], said: str) -> None:
    with pytest.raises((ConfigurationError, UnknownName), match=said):
        Bench(main=values).desk.publisher("main")


def test_each_channel_has_a_queue_of_its_own() -> None:
    assert queue_of("main") == "publish.main"
    assert queue_of("main") != queue_of("sky")


# --- their states


def test_failures_are_counted_until_the_breaker_opens_and_forgotten_with_a_success() -> None:
    bench = Bench()
    bench.desk.failed("main", PACE, "HTTP 503")
    assert bench.state.failures == 1
    assert bench.state.closed_until is None
    bench.desk.failed("main", PACE, "HTTP 503")
    assert bench.state.closed_until == bench.clock.now() + 30 * SECOND
    bench.desk.succeeded("main")
    assert bench.state == ChannelState(name="main", last_sent_at=bench.clock.now(), version=3)


def test_a_pause_and_its_end_are_announced_once_each() -> None:
    bench = Bench()
    bench.desk.pause("main", "Revoked.")
    bench.desk.pause("main", "Revoked.")
    assert bench.state.paused == "Revoked."
    bench.desk.resume("main")
    bench.desk.resume("main")
    assert bench.state.paused == ""
    assert bench.told() == [("ChannelPaused", "Revoked."), ("ChannelResumed", "")]


@pytest.mark.parametrize("count", [1, 2])
def test_a_change_that_comes_too_late_is_made_to_what_the_other_left(count: int) -> None:
    bench = Bench()

    def others() -> None:
        for _ in range(count):
            bench.desk.failed("main", PACE, "first")

    desk = bench.interrupted(others)
    desk.failed("main", PACE, "second")
    assert bench.state.failures == count + 1
    assert bench.state.version == count + 1


def test_a_rate_limit_does_not_forget_failures() -> None:
    bench = Bench()
    bench.desk.failed("main", PACE, "HTTP 503")
    until = bench.clock.now() + 900 * SECOND
    bench.desk.limited("main", until, "HTTP 429")
    assert (bench.state.failures, bench.state.closed_until, bench.state.why) == (1, until, "HTTP 429")


# --- taking turns


def test_without_a_gap_or_a_break_taking_a_turn_stores_nothing() -> None:
    bench = Bench()
    state = bench.desk.take_turn("main", PACE, bench.clock.now())
    assert state.waits_until(bench.clock.now(), PACE) is None
    assert bench.state.version == 0


def test_the_gap_begins_with_the_turn_and_not_with_the_success() -> None:
    bench = Bench()
    now = bench.clock.now()
    assert bench.desk.take_turn("main", GAP, now).waits_until(now, GAP) is None
    assert bench.desk.take_turn("main", GAP, now).waits_until(now, GAP) == now + 60 * SECOND
    later = bench.clock.advance(60 * SECOND)
    assert bench.desk.take_turn("main", GAP, later).waits_until(later, GAP) is None


def test_of_two_that_take_their_turn_at_once_one_waits() -> None:
    bench = Bench()
    now = bench.clock.now()
    turns: list[ChannelState] = []
    slower = bench.interrupted(lambda: turns.append(bench.desk.take_turn("main", GAP, now)))
    turns.append(slower.take_turn("main", GAP, now))
    assert [turn.waits_until(now, GAP) for turn in turns] == [None, now + 60 * SECOND]


def test_after_a_break_the_first_is_the_probe_and_the_others_wait() -> None:
    bench = Bench()
    for _ in range(2):
        bench.desk.failed("main", PACE, "HTTP 503")
    now = bench.clock.advance(30 * SECOND)
    assert bench.desk.take_turn("main", PACE, now).waits_until(now, PACE) is None
    assert bench.desk.take_turn("main", PACE, now).waits_until(now, PACE) == now + 30 * SECOND
    bench.desk.succeeded("main")
    assert bench.desk.take_turn("main", PACE, now).waits_until(now, PACE) is None


def test_a_probe_that_never_came_back_is_followed_by_another_after_the_break() -> None:
    bench = Bench()
    for _ in range(2):
        bench.desk.failed("main", PACE, "HTTP 503")
    now = bench.clock.advance(30 * SECOND)
    bench.desk.take_turn("main", PACE, now)
    later = bench.clock.advance(30 * SECOND)
    assert bench.desk.take_turn("main", PACE, later).waits_until(later, PACE) is None


def test_a_paused_channel_gives_no_turn() -> None:
    bench = Bench()
    bench.desk.pause("main", "Revoked.")
    assert bench.desk.take_turn("main", GAP, bench.clock.now()).paused == "Revoked."
    assert bench.state.last_sent_at is None


def test_the_states_refuse_a_change_to_something_else_than_what_is_stored() -> None:
    bench = Bench()
    bench.desk.limited("main", bench.clock.now(), "HTTP 429")
    with pytest.raises(Conflict):
        bench.ports.channel_states.put(ChannelState(name="main", version=1))


def test_who_serves_a_channel_looks_again_when_its_state_has_changed() -> None:
    bench = Bench(main={"network": "preview"})
    its_own, another = bench.ports.wake.listen([queue_of("main")]), bench.ports.wake.listen([queue_of("other")])
    bench.desk.failed("main", PACE, "Away.")
    assert its_own.wait(0)
    bench.desk.succeeded("main")
    assert its_own.wait(0)
    assert not another.wait(0)


@pytest.mark.parametrize(
    ("own_address", "begins"),
    [
        ("", "http://127.0.0.1:8080/assets/a.jpg?"),
        ("https://b.s3.example/a.jpg?X-Amz", "https://b.s3.example/a.jpg?X-Amz"),
    ],
)
def test_a_network_fetches_pictures_from_the_store_itself_where_it_has_an_address(
    own_address: str, begins: str
) -> None:
    bench = Bench(main={"network": "x"})

    class Reachable:
        sign = staticmethod(bench.ports.blobs.sign)

        def direct_url(self, key: str, revision: int, expires_at: datetime, media_type: str) -> str:
            assert (key, revision, media_type) == ("a.jpg", 1, "image/jpeg")
            return own_address

    blobs: Any = Reachable()
    media_url = bench.over(replace(bench.ports, blobs=blobs)).publisher("main").channel.media_url
    assert media_url is not None
    picture = PostMedia(key="a.jpg", revision=1, media_type="image/jpeg", width=1, height=1, alt_text="")
    assert media_url(picture, bench.clock.now()).startswith(begins)
