"""A server over the memory runtime, with a client that asks it as a browser on this machine would."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config, Server
from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.api.health import Heart
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock
from tests.entrypoints.edition import Edition

KEY = "a key that nobody guesses"
PAGE = {"accept": "text/html"}


class Client:
    """Asks an application without a network, and waits for the answer."""

    def __init__(self, app: FastAPI, base_url: str) -> None:
        self.app, self.base_url = app, base_url

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        # An error of the application is an answer here too, as it is for a browser.
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self.base_url) as client:
            return await client.request(method, path, **more)


@dataclass
class Site:
    runtime: Runtime
    client: Client
    edition: Edition
    clock: ManualClock

    def page(self, path: str, status: int = 200) -> str:
        """Return a page's HTML; anything but `status` is a failure that shows the page."""
        response = self.client.get(path, headers=PAGE)
        assert response.status_code == status, response.text
        return response.text

    def submit(self, path: str, **fields: str) -> str:
        """Post a form as the page itself would, and return where it leads."""
        response = self.client.post(path, data=fields, headers=PAGE | {"sec-fetch-site": "same-origin"})
        assert response.status_code == 303, response.text
        return str(response.headers["location"])


def a_site(*, worker: Heart | None = None, key: str = "", base_url: str = "", **server: Any) -> Site:
    clock = ManualClock()
    ports = build_memory_ports(clock)
    config = Config(workspace=Path("/nowhere"), server=Server(**server), channels={"main": {"network": "x"}})
    runtime = compose(config, ports)
    app = create_app(runtime, worker=worker, key=key)
    client = Client(app, base_url or "http://127.0.0.1:8080")
    return Site(runtime, client, Edition(ports), clock)
