"""Calls of the HTTP API from the bench's own process."""

from __future__ import annotations

import http.client
import json
import time
from contextlib import closing
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
