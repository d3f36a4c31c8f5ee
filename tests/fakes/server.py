"""A threaded HTTP/1.1 server on loopback whose connections can be cut at exact points; the base of every fake."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fakes.connection import Connection, Listener
from tests.fakes.faults import Fault, FaultScript, RandomFaults, ScriptedFault
from tests.fakes.messages import Answer, Refused, Request, json_answer

REMEMBERED_BODY_BYTES = 64 * 1024 * 1024
"""Bodies of the oldest requests are let go beyond this, so that a long soak does not fill the memory."""


class FakeServer:
    """A service that listens on loopback while it is entered; a fake adds `answer` and what it holds."""

    body_limit_bytes = 32 * 1024 * 1024

    def __init__(self, *, port: int = 0, state_file: Path | None = None) -> None:
        self.requests: list[Request] = []
        self.faults = FaultScript()
        self.crashes: list[BaseException] = []
        """Bugs of the fake itself; leaving the `with` block raises the first."""
        self.lock = threading.RLock()
        self._changed = threading.Condition(self.lock)
        self._released = threading.Condition()
        self._releases = 0
        self._stopping = False
        self._port = port
        self._state_file = state_file
        self._is_dirty = False
        self._clock_ahead = 0.0
        self._count = 0
        self._remembered_bytes = 0
        self._forgotten = 0
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    # What a fake overrides

    def answer(self, request: Request) -> Answer:
        """Carry out a request; called with the lock held. Raise `Refused` to say no."""
        raise Refused(json_answer(404, {"error": "not found"}))

    def refusal(self, fault: Fault, request: Request) -> Answer:
        """The answer of this service for a fault that is a status; here without the service's own words."""
        return json_answer(fault.status, {"error": fault.value})

    def usual_status(self, request: Request) -> int:
        """The status of a success, for junk and empty answers to requests that were not carried out."""
        return 200

    def holdings(self) -> dict[str, Any]:
        """What the service holds, by name, for `GET /_fake/NAME`."""
        return {}

    def dump(self) -> dict[str, Any]:
        """Everything that must outlive the process."""
        return {}

    def load(self, state: dict[str, Any]) -> None:
        """Take back what `dump` gave."""

    def reset(self) -> None:
        """Forget everything that was sent and scripted; accounts and credentials start anew."""
        with self.lock:
            self.requests.clear()
            self._remembered_bytes = self._forgotten = 0
            self.faults.clear()
            self.faults.struck.clear()
            self.mark_changed()
            self._persist()

    # What a test uses

    @property
    def base_url(self) -> str:
        if self._listener is None:
            raise RuntimeError("The fake is not running; enter it with `with` first.")
        return f"http://127.0.0.1:{self._listener.server_address[1]}"

    def script(
        self,
        fault: Fault,
        *,
        method: str = "*",
        path: str = "*",
        times: int | None = 1,
        skip: int = 0,
        seconds: float | None = None,
    ) -> None:
        """Let the next `times` matching requests meet this fault."""
        self.faults.add(ScriptedFault(fault, method, path, times, skip, seconds))

    def script_randomly(
        self,
        rate: float,
        *,
        seed: int = 0,
        faults: Sequence[Fault] = tuple(Fault),
        method: str = "*",
        path: str = "*",
        max_seconds: float = 0.5,
    ) -> None:
        """Let matching requests meet one of these faults with a probability."""
        self.faults.add(RandomFaults(rate, seed, faults, method, path, max_seconds))

    def release(self) -> None:
        """End every wait of a fault that struck before now."""
        with self._released:
            self._releases += 1
            self._released.notify_all()

    def wait_until(self, claim: Callable[[], object], timeout: float = 10.0) -> None:
        """Wait for something to become true of the fake."""
        until = time.monotonic() + timeout
        with self._changed:
            while not claim():
                if time.monotonic() > until:
                    raise TimeoutError(f"The fake did not come to the expected state within {timeout} s.")
                self._changed.wait(0.02)  # not every claim is about something that is announced

    def now(self) -> float:
        """Unix time as the service sees it: the wall clock and what `advance` added."""
        return time.time() + self._clock_ahead

    def advance(self, seconds: float) -> None:
        """Let time pass for expiry, windows and read lag; scripted waits are in real seconds."""
        with self.lock:
            self._clock_ahead += seconds

    # Life

    def start(self) -> Self:
        if self._state_file is not None and self._state_file.exists():
            self.load(json.loads(self._state_file.read_text()))
        self._listener = Listener(self._port, self)
        self._thread = threading.Thread(target=self._listener.accept_until_stopped, name="fake")
        self._thread.start()
        return self

    def stop(self) -> None:
        """Cut every connection and wait for the threads; requests that would be carried out later are not."""
        if self._listener is None or self._thread is None:
            return
        with self._released:
            self._stopping = True
            self._released.notify_all()
        self._listener.stop_accepting()
        self._thread.join()
        self._listener.cut_all()
        self._listener.server_close()
        self._listener = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self.crashes and error is None:
            raise self.crashes[0]

    # What the connection asks of it

    def record(self, connection: Connection, body: bytes) -> Request:
        """Put a request on the list; one whose body was never read has an empty one."""
        path, _, query = connection.path.partition("?")
        headers = {name.lower(): value for name, value in connection.headers.items()}
        with self._changed:
            self._count += 1
            request = Request(self._count, connection.command, path, query, headers, body, time.time())
            self.requests.append(request)
            self._remembered_bytes += len(body)
            while self._remembered_bytes > REMEMBERED_BODY_BYTES:
                old = self.requests[self._forgotten]
                self._remembered_bytes -= len(old.body)
                self.requests[self._forgotten] = old.without_body()
                self._forgotten += 1
            self._changed.notify_all()
            return request

    def process(self, request: Request) -> Answer:
        """Carry a request out, and have its effect on the disk before anybody hears of it."""
        with self._changed:
            try:
                return self.answer(request)
            except Refused as refused:
                return refused.answer
            finally:
                self._persist()
                self._changed.notify_all()

    def mark_changed(self) -> None:
        """Say that what `dump` gives has changed."""
        self._is_dirty = True

    def pause_ticket(self) -> int:
        """The point in time from which a `release` counts for a wait."""
        with self._released:
            return self._releases

    def pause(self, ticket: int, seconds: float | None) -> bool:
        """Wait for some seconds or a release; False if the fake stops instead."""
        with self._released:
            self._released.wait_for(lambda: self._stopping or self._releases != ticket, seconds)
            return not self._stopping

    def _persist(self) -> None:
        if self._state_file is None or not self._is_dirty:
            return
        draft = self._state_file.with_name(self._state_file.name + ".new")
        with draft.open("w") as file:
            json.dump(self.dump(), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._state_file)
        directory = os.open(self._state_file.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        self._is_dirty = False
