"""A real server on a real disk is killed in the middle of an upload; the client tries the same address again."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from pressroom.clocks import SystemClock
from pressroom.jobs import JobStatus
from pressroom.runtimes.embedded import open_ports
from tests.entrypoints.api.upload_site import a_line, path_of

DATA = bytes(range(256)) * 8_000


@contextmanager
def server(workspace: Path, dies: str = "") -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    program = [sys.executable, "-m", "tests.e2e.upload_server", str(workspace), dies]
    with subprocess.Popen(program, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def ask(port: int) -> dict[str, Any]:
    wish = {"pipeline": "look_at", "bytes": len(DATA)}
    return dict(httpx.post(f"http://127.0.0.1:{port}/api/v1/uploads", json=wish).json())


def put(port: int, asked: dict[str, Any]) -> int:
    url = f"http://127.0.0.1:{port}{path_of(asked['upload_url'])}"
    return httpx.put(url, content=DATA, headers=asked["headers"]).status_code


def check(workspace: Path, asked: dict[str, Any]) -> None:
    """Wait until the job has ended, then look that it has its file, once, and nothing else lies about."""
    ports = open_ports(workspace, {}, SystemClock())
    try:
        ends = time.monotonic() + 90
        while (job := ports.jobs.get(asked["job_id"])) and not job.status.has_ended and time.monotonic() < ends:
            time.sleep(0.02)
        assert job is not None
        assert (job.status, job.result["seen"]) == (JobStatus.COMPLETED, len(DATA))
        assert [event.type for event in ports.events.of_job(job.id)].count("UploadStored") == 1
        ports.jobs.rebuild(job.id)
        assert ports.jobs.get(job.id) == job
        assert ports.blobs.get(asked["key"], 1) == DATA
        ports.blobs.drop_abandoned()
        files = [path.name for path in (workspace / "assets").rglob("*") if path.is_file()]
        assert files == [f"{job.id}.png"]
    finally:
        ports.close()


def test_a_kill_in_the_middle_of_the_body_leaves_nothing_that_is_in_the_way(tmp_path: Path) -> None:
    with server(tmp_path) as (process, port):
        asked = ask(port)
        with a_line(("127.0.0.1", port)) as line:
            line.begin(asked["upload_url"], Content_Length=str(len(DATA)))
            line.send(DATA[:1_000_000])
            while not list((tmp_path / "assets").rglob("*")):
                time.sleep(0.01)
            process.kill()
            process.wait(30)
    with server(tmp_path) as (_, port):
        assert put(port, asked) == 201
        check(tmp_path, asked)


@pytest.mark.parametrize(("dies", "told"), [("before the commit", 201), ("after the commit", 409)])
def test_a_kill_between_the_bytes_and_the_answer_starts_the_job_once(tmp_path: Path, dies: str, told: int) -> None:
    with server(tmp_path, dies) as (process, port):
        asked = ask(port)
        with pytest.raises(httpx.TransportError):
            put(port, asked)
        assert process.wait(30) == -9
    with server(tmp_path) as (_, port):
        assert put(port, asked) == told
        check(tmp_path, asked)
