"""A real server over a real workspace, with a bit of everything in it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import uvicorn

from pressroom.entrypoints.api.app import create_app
from pressroom.publications import PublicationState
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_embedded, put_samples
from pressroom.worker import Worker
from tests.entrypoints.edition import UNKNOWN, Edition


@dataclass
class LiveSite:
    url: str
    runtime: Runtime
    paths: dict[str, str] = field(default_factory=dict)
    """One address of every kind of page, by its name."""


@contextmanager
def serve(workspace: Path) -> Iterator[LiveSite]:
    environment = {"PRESSROOM_SERVER__GALLERY": "true", "PRESSROOM_CHANNELS__MAIN__NETWORK": "x"}
    with open_embedded(workspace, environment) as runtime, socket.create_server(("127.0.0.1", 0)) as bound:
        put_samples(runtime)
        site = LiveSite(f"http://127.0.0.1:{bound.getsockname()[1]}", runtime)
        site.paths = fill(runtime)
        worker = Worker(runtime)
        app = create_app(runtime, worker=worker)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([bound],))
        worker.start()
        thread.start()
        try:
            yield site
        finally:
            server.should_exit = True
            thread.join()
            worker.stop()


def fill(runtime: Runtime) -> dict[str, str]:
    edition = Edition(runtime.ports)
    posted = edition.job("Cake", text="National Cake Day! #Cake https://example.com/cake", pictures=2)
    edition.job("Antidisestablishmentarianism" * 3, pipeline="photo_feed")
    held = edition.job("Bread", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN)
    failed = edition.job("Mousse", ends="JobFailed", ago=timedelta(days=1))
    dead = edition.dead(failed)
    edition.pause("main", "X no longer accepts the channel's token.")
    return {
        "jobs": "/",
        "posted job": f"/jobs/{posted}",
        "held job": f"/jobs/{held}",
        "failed job": f"/jobs/{failed}",
        "feed": "/preview",
        "post": f"/preview/{runtime.ports.publications.of_job(posted)[0].id}",
        "held": "/held",
        "dead": "/dead",
        "dead letter": f"/dead/{dead}",
        "channels": "/channels",
        "gallery": "/gallery",
        "not found": "/nowhere",
    }
