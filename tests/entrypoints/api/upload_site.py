"""A server that takes uploads: asked without a network, or over a real socket that can be slow, lie and vanish."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn
from fastapi import FastAPI

from pressroom.backends.files import FileBlobs
from pressroom.backends.memory import build_memory_ports
from pressroom.clocks import SystemClock
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.entrypoints.api import upload_puts, uploads
from pressroom.entrypoints.api.app import create_app
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import Pipeline
from pressroom.ports import Clock
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock
from tests.entrypoints.site import KEY, Client
from tests.uploading import PNG, looking

TYPE = {"Content-Type": "image/png"}


@dataclass
class UploadSite:
    runtime: Runtime
    app: FastAPI
    client: Client
    folder: Path
    """Of the store."""

    def ask(self, **wish: Any) -> dict[str, Any]:
        answer = self.client.post("/api/v1/uploads", json={"pipeline": "look_at", **wish}, headers=KEY_HEADERS)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    def put(self, url: str, data: Any = PNG, headers: Any = TYPE) -> httpx.Response:
        return self.client.request("PUT", path_of(url), content=data, headers=headers)

    def job(self, asked: Mapping[str, Any]) -> Job:
        job = self.runtime.ports.jobs.get(asked["job_id"])
        assert job is not None
        return job

    def still_waits(self, asked: Mapping[str, Any]) -> bool:
        """Say whether nothing of any file was kept, and the job waits as it did."""
        left = [path for path in self.folder.rglob("*") if path.is_file()]
        return not left and self.job(asked).status is JobStatus.UPLOAD_PENDING


KEY_HEADERS = {"authorization": f"Bearer {KEY}"}


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def a_site(
    folder: Path, pipeline: Pipeline | None = None, clock: Clock | None = None, base_url: str = "", **server: Any
) -> UploadSite:
    clock = clock or ManualClock()
    ports = replace(build_memory_ports(clock), blobs=FileBlobs(folder, b"k" * 32, clock))
    config = Config.model_validate({"workspace": folder, "server": server})
    runtime = compose(config, ports, {"look_at": pipeline or looking()})
    app = create_app(runtime, key=KEY, modules=[uploads, upload_puts])
    return UploadSite(runtime, app, Client(app, base_url or "http://127.0.0.1:8080"), folder)


@contextmanager
def served(folder: Path, pipeline: Pipeline | None = None) -> Iterator[tuple[UploadSite, tuple[str, int]]]:
    """Serve a site on a real socket, as `pressroom up` does; yields where."""
    site = a_site(folder, pipeline, SystemClock())
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = uvicorn.Server(
            uvicorn.Config(site.app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
        thread.start()
        try:
            yield site, bound.getsockname()
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()


@dataclass
class Line:
    """A connection on which a client may send what it likes."""

    socket: socket.socket

    def begin(self, url: str, **headers: str) -> None:
        given = {"Host": "127.0.0.1", **TYPE} | {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"PUT {path_of(url)} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items() if value)]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def chunk(self, data: bytes) -> None:
        self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def answer(self) -> tuple[int, dict[str, Any]]:
        """Read one answer: its status and its document."""
        with self.socket.makefile("rb") as file:
            status = int(file.readline().split()[1])
            length = 0
            while (line := file.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            return status, json.loads(file.read(length)) if length else {}


@contextmanager
def a_line(address: tuple[str, int]) -> Iterator[Line]:
    with socket.create_connection(address, timeout=30) as connection:
        yield Line(connection)
