"""Sends requests each when it is due, whether or not those before it are answered, on connections that stay open.

`python -m bench.support.open_loop` reads one plan as JSON and writes the answers as JSON. It is a process of its own
and speaks HTTP by itself, so that what is measured is the server: a client library would take longer than the answer.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

_LEAD_SECONDS = 0.2
_KEPT_SECONDS = 4.0
"""How long an idle connection is kept: less than the server keeps it."""


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds since the plan's beginning."""

    due: float
    sent: float
    done: float
    status: int
    body: str

    @property
    def seconds(self) -> float:
        """From the moment it was due, so that nobody gains by being too busy to be asked."""
        return self.done - self.due


def send(port: int, requests: Sequence[Asked], per_second: float, headers: dict[str, str]) -> list[Answered]:
    """Send them from another process; return what each was answered, in their order."""
    plan = {
        "port": port,
        "per_second": per_second,
        "headers": headers,
        "requests": [asdict(request) for request in requests],
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.support.open_loop"], input=json.dumps(plan).encode(), capture_output=True
    )
    if done.returncode:
        raise RuntimeError(f"The requests could not be sent: {done.stderr.decode()[-2000:]}")
    return [Answered(**answer) for answer in json.loads(done.stdout)]


class _Client:
    """A pool of connections as HTTP clients keep it: an idle one is taken, else another is opened."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port = port
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, number: int, asked: dict[str, str]) -> tuple[int, bytes]:
        reader, writer = await self._connection()
        body = asked["body"].encode()
        head = f"{asked['method']} {asked['path']} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\n{self._headers}"
        if body:
            head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
            head += f"idempotency-key: {number}-{time.time_ns()}\r\n"
        writer.write(f"{head}\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        lines = answer.decode("latin-1").split("\r\n")
        length = next(int(line[15:]) for line in lines if line.lower().startswith("content-length:"))
        found = await reader.readexactly(length)
        self._idle.append((time.perf_counter(), reader, writer))
        return int(lines[0].split()[1]), found

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            since, reader, writer = self._idle.pop()
            if time.perf_counter() - since < _KEPT_SECONDS:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)


async def _run(plan: dict[str, Any]) -> list[dict[str, Any]]:
    client = _Client(plan["port"], plan["headers"])
    began = time.perf_counter() + _LEAD_SECONDS

    async def one(number: int, asked: dict[str, str]) -> dict[str, Any]:
        due = number / plan["per_second"]
        await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
        sent = time.perf_counter() - began
        status, body = await client.ask(number, asked)
        done = time.perf_counter() - began
        return {"due": due, "sent": sent, "done": done, "status": status, "body": body.decode()}

    return await asyncio.gather(*(one(*each) for each in enumerate(plan["requests"])))


if __name__ == "__main__":
    json.dump(asyncio.run(_run(json.load(sys.stdin))), sys.stdout)
