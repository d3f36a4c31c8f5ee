"""An account is connected in a real browser: from our page to the network's, and back from another site."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, Request, expect

from pressroom.entrypoints.api.app import create_app
from tests.browser import browser as browser
from tests.newcomer import Newcomer, a_newcomer


@dataclass
class Served:
    newcomer: Newcomer
    url: str
    """With the name `localhost`, to which a fake at 127.0.0.1 is another site."""


@contextmanager
def served() -> Iterator[Served]:
    with a_newcomer() as newcomer, socket.create_server(("127.0.0.1", 0)) as bound:
        server = uvicorn.Server(uvicorn.Config(create_app(newcomer.runtime), log_config=None))
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        try:
            yield Served(newcomer, f"http://localhost:{bound.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def site() -> Iterator[Served]:
    with served() as one:
        yield one


def test_the_browser_goes_to_the_network_and_comes_back_connected(browser: Browser, site: Served) -> None:
    newcomer = site.newcomer
    newcomer.pause()
    newcomer.x.register_redirect(f"{site.url}/channels/main/connected")
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    complaints: list[str] = []
    requests: list[Request] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: requests.append(request))
    page.goto("/channels")
    card = page.get_by_role("article", name="main", exact=True)
    expect(card.locator(".address")).to_have_text(f"{site.url}/channels/main/connected")
    page.get_by_role("button", name="Connect at X").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connected as @pressroom.")
    assert page.url == f"{site.url}/channels/main/connected"
    (came_back,) = [request for request in requests if "/connected?" in request.url]
    assert came_back.all_headers()["sec-fetch-site"] == "cross-site"
    assert newcomer.secret("refresh_token")
    # The way back does not lead into the code again.
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connected as @pressroom.")
    page.get_by_role("link", name="To the channels").click()
    expect(card.locator(".status")).to_have_text("Open")
    assert complaints == []
    context.close()
