"""Serves a workspace until it is told to stop: the socket, the signals, and the pages and the API in a thread."""

from __future__ import annotations

import json
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import uvicorn

    from pressroom.entrypoints.api.health import Heart
    from pressroom.entrypoints.cli._call import Call
    from pressroom.runtime import Runtime

CLOSE_SECONDS = 3
"""How long a request under way may take to finish once the server is told to stop."""


SWITCH_SECONDS = 0.0005
"""How long a thread that computes may keep the interpreter from one that waits for it."""


class Serves(Protocol):
    @property
    def is_alive(self) -> bool: ...

    def stop(self, timeout: float | None = None) -> bool: ...


class Starts(Serves, Protocol):
    def start(self) -> None: ...


class Stop:
    """Set by SIGTERM or Ctrl-C. The second time they end the process at once, as they do by themselves."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self, number: int = signal.SIGTERM, frame: FrameType | None = None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_DFL)
        self._asked.set()

    def end(self) -> None:
        """Ask to stop otherwise than by a signal; from any thread."""
        self._asked.set()

    def wait(self, timeout: float | None = None) -> bool:
        return self._asked.wait(timeout)


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Turn SIGTERM and Ctrl-C into a wish to stop while the block runs."""
    stop = Stop()
    before = {each: signal.signal(each, stop.ask) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def answering_first() -> Iterator[None]:
    """Let threads that wait for the interpreter have it soon, while the block runs.

    To answer a request, or to commit, takes it several times, and to wait Python's own five milliseconds each time
    would be too long: whoever commits keeps all other processes from it.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def listen(host: str, port: int) -> socket.socket:
    """Return a bound socket; a port that is taken or an address that is not ours is an error that says so."""
    import errno

    from pressroom.errors import ConfigurationError

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.create_server((host, port), family=family, backlog=2048)
        # asyncio does not see that this is TCP, and Nagle's algorithm would hold each kept-alive answer for 40 ms.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return bound
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            what = f"The port {port} on {host} is taken by another program."
            todo = "Choose another with --port (0 takes any free one), or stop that program."
        elif error.errno == errno.EACCES:
            what = f"The port {port} is reserved for the administrator."
            todo = "Choose one above 1023 with --port."
        else:
            what = f"{host}:{port} cannot be listened on: {error.strerror or error}."
            todo = "Give an address of this machine with --host: 127.0.0.1, or 0.0.0.0 for all of them."
        raise ConfigurationError(what, where=f"{host}:{port}", todo=todo) from error


@contextmanager
def listening(call: Call, host: str | None, port: int | None) -> Iterator[socket.socket]:
    """Listen where the options say, else the settings, and let the runtime's settings say so too.

    Who must show a key is decided by the address that is really listened on.
    """
    from pressroom.entrypoints.cli._workspace import settings

    server = settings(call, serves=True).server
    with listen(host or server.host, server.port if port is None else port) as bound:
        call.overrides["PRESSROOM_SERVER__HOST"] = json.dumps(host or server.host)
        call.overrides["PRESSROOM_SERVER__PORT"] = str(bound.getsockname()[1])
        yield bound


def url_of(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{host}:{port}"


class Pages:
    """The HTTP server in a thread of its own."""

    def __init__(self, runtime: Runtime, worker: Heart | None, bound: socket.socket) -> None:
        import uvicorn

        from pressroom.entrypoints.api.app import create_app

        self._socket = bound
        self._app = app = create_app(runtime, worker=worker)
        self._server: uvicorn.Server = uvicorn.Server(
            uvicorn.Config(
                app, log_config=None, access_log=False, timeout_graceful_shutdown=CLOSE_SECONDS, server_header=False
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=([bound],), name="pages", daemon=True)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float | None = None) -> bool:
        from pressroom.entrypoints.api.app import let_go

        self._server.should_exit = True
        let_go(self._app)
        self._thread.join(timeout)
        self._socket.close()
        return not self._thread.is_alive()


def stop_all(parts: Sequence[Serves], seconds: float) -> bool:
    """Stop the parts at the same time, within `seconds` altogether; say whether all could finish."""
    ends = time.monotonic() + seconds
    finished: list[bool] = []
    threads = [
        threading.Thread(target=lambda part=part: finished.append(part.stop(seconds)), daemon=True) for part in parts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()) + 1)
    return len(finished) == len(parts) and all(finished)
