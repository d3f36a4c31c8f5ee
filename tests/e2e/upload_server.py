"""A program: serves a workspace whose pipeline an upload starts; kills itself in the middle of one if told to."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import uvicorn

from pressroom.backends.files import FileBlobs
from pressroom.clocks import SystemClock
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.entrypoints.api import upload_puts, uploads
from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.cli._serving import listen
from pressroom.runtimes.embedded import open_ports
from pressroom.worker import Worker
from tests.uploading import looking


def main(workspace: Path, dies: str) -> None:
    ports = open_ports(workspace, {}, SystemClock())
    runtime = compose(Config(workspace=workspace), ports, {"look_at": looking(max_bytes=10_000_000)})
    if dies == "before the commit":
        place = FileBlobs._place

        def placed(*arguments: object) -> None:
            place(*arguments)  # type: ignore[arg-type]
            os.kill(os.getpid(), signal.SIGKILL)

        FileBlobs._place = placed  # type: ignore[method-assign, assignment]
    elif dies == "after the commit":
        commit = runtime.runner.execution.commit

        def committed(*arguments: object) -> None:
            commit(*arguments)  # type: ignore[arg-type]
            os.kill(os.getpid(), signal.SIGKILL)

        runtime.runner.execution.commit = committed  # type: ignore[method-assign, assignment]
    else:
        Worker(runtime).start()
    with listen("127.0.0.1", 0) as bound:
        sys.stdout.write(f"{bound.getsockname()[1]}\n")
        sys.stdout.flush()
        app = create_app(runtime, modules=[uploads, upload_puts])
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run([bound])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
