"""A server with something of everything: jobs in every state, posts, held and flagged ones, dead deliveries, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from pressroom import registry
from pressroom.backends.memory import build_memory_ports
from pressroom.channel_desk import waiting_room
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.entrypoints.api.app import create_app
from pressroom.ports import Ports
from pressroom.publications import PublicationState
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, work_off
from tests import consent
from tests.entrypoints.edition import UNKNOWN, Edition
from tests.entrypoints.site import KEY, Client

HEADERS = {"authorization": f"Bearer {KEY}"}


@dataclass
class World:
    runtime: Runtime
    app: FastAPI
    clock: ManualClock
    edition: Edition
    jobs: dict[str, str]
    """Ids by what the job is an example of."""

    @property
    def ports(self) -> Ports:
        return self.runtime.ports

    @property
    def client(self) -> Client:
        return Client(self.app, "https://press.example")

    def get(self, path: str, expects: int = 200, **query: Any) -> Any:
        """Return what a path answers, as JSON; any other status than is expected shows the answer."""
        return checked(self.client.get(path, params=query or None, headers=HEADERS), expects)

    def post(self, path: str, body: Any = None, expects: int = 200, headers: Mapping[str, str] | None = None) -> Any:
        more = {} if body is None else {"json": body}
        return checked(self.client.post(path, headers=HEADERS | dict(headers or {}), **more), expects)

    def delete(self, path: str, expects: int = 204) -> Any:
        return checked(self.client.request("DELETE", path, headers=HEADERS), expects)

    def publication(self, what: str) -> str:
        return self.ports.publications.of_job(self.jobs[what])[0].id


def checked(response: httpx.Response, status: int) -> Any:
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    return response.json() if response.content else None


def a_world(**server: Any) -> World:
    """Return a server that is reached from outside, so that everybody needs a key."""
    clock = ManualClock()
    ports = build_memory_ports(clock)
    config = Config.model_validate(
        {
            "workspace": Path("/nowhere"),
            "server": {"host": "0.0.0.0", "public_base_url": "https://press.example", "requests_per_minute": 0}
            | server,
            "channels": {"main": {"network": "x"}, "broken": {"network": "x", "posts_per_day": -1}},
            "pipelines": {"picture_post": {"channels": ["preview"], "moderation": "offline_moderation"}},
        }
    )
    known = {name: registry.pipeline(name) for name in registry.names("pipelines")}
    runtime = compose(config, ports, known | {"picture_post": consent.pipeline})
    edition = Edition(ports)
    jobs = _filled(runtime, edition)
    return World(runtime, create_app(runtime, key=KEY), clock, edition, jobs)


def _filled(runtime: Runtime, edition: Edition) -> dict[str, str]:
    jobs = {
        "posted": edition.job("Cake", ago=timedelta(hours=3)),
        "running": edition.job("Tea", ends=""),
        "skipped": edition.job("Nothing", ends="JobSkipped"),
        "failed": edition.job("Pie", ends="JobFailed"),
        "held": edition.job("Moon", ends="JobHeld", state=PublicationState.HELD, problem=UNKNOWN),
        "held too": edition.job("Sun", ends="JobHeld", state=PublicationState.HELD, problem=UNKNOWN),
        "rejected": edition.job("Rain", state=PublicationState.REJECTED, problem=UNKNOWN),
    }
    edition.dead(jobs["failed"])
    edition.pause("main", "The network no longer accepts the credentials.")
    edition.waiting(waiting_room("main"), "publish_post[main]")
    # The offline moderation flags its picture, which is tiny.
    flagged = [runtime.runner.request("picture_post", {})[0].id for _ in range(3)]
    work_off(runtime)
    return jobs | {f"flagged {number}": job for number, job in enumerate(flagged, 1)}
