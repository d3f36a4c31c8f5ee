"""Run in a process of its own: a server over a workspace on disk, that kills itself around the commit of a request."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import uvicorn

from pressroom.changes import Change
from pressroom.clocks import SystemClock
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.cli._serving import listen
from pressroom.runtimes.embedded import open_ports
from tests.entrypoints.api.desk import printing, routes


def dying(commit: Callable[[Change], None], when: str) -> Callable[[Change], None]:
    """Return a commit that a request with a claim does not survive."""

    def committing(change: Change) -> None:
        if change.claims and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(change)
        if change.claims and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    return committing


def main(workspace: Path, dies: str) -> None:
    runtime = compose(Config(workspace=workspace), open_ports(workspace, {}, SystemClock()), {"printing": printing()})
    runtime.bus.commit = dying(runtime.bus.commit, dies)  # type: ignore[assignment, method-assign]
    app = create_app(runtime, modules=[SimpleNamespace(router=routes())])
    with listen("127.0.0.1", 0) as bound:
        print(bound.getsockname()[1], flush=True)  # noqa: T201 - the test waits for this line
        uvicorn.Server(uvicorn.Config(app, log_config=None, server_header=False)).run([bound])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
