"""The command `pressroom` as a user runs it: workspaces, timed calls, and a server that answers."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.support import ports, processes

PRESSROOM = str(Path(sys.executable).with_name("pressroom"))


def call(*words: str) -> str:
    """Run a command to its end; return what it printed. Raises with its own words if it fails."""
    done = subprocess.run([PRESSROOM, *words], capture_output=True, text=True)
    if done.returncode:
        raise processes.Ended(f"pressroom {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def call_json(*words: str) -> Any:
    return json.loads(call(*words, "--json"))


def seconds_of(*words: str) -> float:
    began = time.perf_counter()
    call(*words)
    return time.perf_counter() - began


class Server:
    """`pressroom up` or `pressroom demo` on a port; every fetch makes a connection of its own."""

    def __init__(self, command: Sequence[str], workspace: Path, port: int | None = None) -> None:
        """`port`: the one that the workspace's settings name; by default any that is free."""
        self._port = port or ports.free()
        self._log = workspace.with_suffix(".log")
        began = time.perf_counter()
        self.process = processes.start(
            [PRESSROOM, *command, "--workspace", str(workspace), "--port", str(self._port)], self._log
        )
        processes.wait_until("the pages answer", self._answers, self.process, self._log, 120)
        self.started_in = time.perf_counter() - began
        """Seconds from the command to the first answer."""

    def seconds_of(self, path: str) -> float:
        """Fetch a page; return how long the whole answer took. Raises if it is not a good one."""
        began = time.perf_counter()
        status = self._fetch(path)
        took = time.perf_counter() - began
        if status != 200:
            raise processes.Ended(f"{path} answered {status}.")
        return took

    def stop(self) -> None:
        processes.stop(self.process)

    def _answers(self) -> bool:
        try:
            return self._fetch("/healthz") == 200
        except OSError:
            return False

    def _fetch(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        with closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status
