"""A runtime with a channel on the fake X that has an app's credentials and no account yet; and a browser's part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config, Server
from pressroom.connecting import Begun
from pressroom.publishers.base import Publisher
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock
from tests.fakes.x import FakeX

BACK = "http://127.0.0.1:8765/callback"


@dataclass
class Newcomer:
    x: FakeX
    runtime: Runtime
    clock: ManualClock

    @property
    def publisher(self) -> Publisher:
        return self.runtime.publishing.publisher("main")

    def secret(self, name: str) -> str | None:
        return self.runtime.ports.secrets.get(f"channels.main.{name}")

    def pause(self, why: str = "X no longer accepts the credentials.") -> None:
        states = self.runtime.ports.channel_states
        state = states.get("main").pause(why)
        states.put(type(state)(**{n: getattr(state, n) for n in state.__slots__} | {"version": state.version + 1}))


@contextmanager
def a_newcomer(*, server: Server | None = None, **fake: str | None) -> Iterator[Newcomer]:
    with FakeX(**fake) as x:  # type: ignore[arg-type]
        clock = ManualClock()
        ports = build_memory_ports(clock)
        channel = {"network": "x", "base_url": x.base_url}
        config = Config(workspace=Path("/nowhere"), server=server or Server(), channels={"main": channel})
        values = {"client_id": x.account.client_id, "client_secret": x.account.client_secret}
        ports.secrets.set_many({f"channels.main.{name}": value for name, value in values.items() if value})
        yield Newcomer(x, compose(config, ports), clock)


def come_back(begun: Begun) -> dict[str, str]:
    """Go to the network's page as a browser does, and return what it would bring back."""
    return query_of(sent_to(begun.url))


def sent_to(url: str) -> str:
    answer = httpx.get(url)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))
