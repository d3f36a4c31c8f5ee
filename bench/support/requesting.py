"""Calls of the HTTP API from the bench's own process, and what the kernel says of the server's memory."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.support import processes

Document = dict[str, Any]
_OVER = ("completed", "failed", "cancelled", "expired", "held", "skipped")
LOOK_SECONDS = 0.02


def call(port: int, method: str, path: str, body: bytes | Document | None = None, **headers: str) -> tuple[int, bytes]:
    """Make one call on a connection of its own."""
    if isinstance(body, dict):
        body, headers = json.dumps(body).encode(), {"content-type": "application/json", **headers}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def call_json(
    port: int, method: str, path: str, body: bytes | Document | None = None, *, expected: int = 200
) -> Document:
    status, answer = call(port, method, path, body)
    if status != expected:
        raise processes.Ended(f"{method} {path} answered {status}: {answer[:500]!r}")
    document: Document = json.loads(answer)
    return document


def completed(port: int, path: str, patience: float = 120) -> Document:
    """Ask for a job until it has ended; raises unless it is complete."""
    until = time.monotonic() + patience
    while (found := call_json(port, "GET", path))["status"] not in _OVER:
        if time.monotonic() > until:
            raise processes.Ended(f"{path} has not ended within {patience:.0f} s: {found}")
        time.sleep(LOOK_SECONDS)
    if found["status"] != "completed":
        raise processes.Ended(f"{path} ended as {found['status']}: {found.get('error')}")
    return found


def resident_bytes(process: subprocess.Popen[bytes], *, peak: bool = False) -> int:
    """Return the resident memory of one process, or the most that it ever was, as the kernel counts it."""
    name = "VmHWM" if peak else "VmRSS"
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def forget_peak(process: subprocess.Popen[bytes]) -> None:
    """Let the most resident memory that there ever was count from now on."""
    Path(f"/proc/{process.pid}/clear_refs").write_text("5", encoding="ascii")


def has_loaded(process: subprocess.Popen[bytes], library: str) -> bool:
    """Say whether a shared library of that name is mapped into the process."""
    return library in Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
