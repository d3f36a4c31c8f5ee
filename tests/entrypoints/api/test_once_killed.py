"""A request with a key, in real servers over one workspace on disk, one of which is killed at the worst moment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[3]
ORDERS = "/api/v1/orders"
ONCE = {"idempotency-key": "5f8b0c1e"}


@contextmanager
def a_server(workspace: Path, dies: str = "never") -> Iterator[str]:
    """Yield the address of a server of the workspace; `dies`: before or after the commit of a request with a key."""
    command = [sys.executable, "-m", "tests.entrypoints.api.served_program", str(workspace), dies]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port, "the server did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def order(server: str, word: str = "Boo", headers: dict[str, str] = ONCE) -> httpx.Response:
    return httpx.post(f"{server}{ORDERS}", json={"word": word}, headers=headers, timeout=30)


def jobs(server: str) -> list[str]:
    return [item["id"] for item in httpx.get(f"{server}{ORDERS}?limit=200").json()["items"]]


def test_killed_between_the_commit_and_the_answer_the_same_request_gets_that_answer(tmp_path: Path) -> None:
    with a_server(tmp_path, "after") as server, pytest.raises(httpx.TransportError):
        order(server)
    with a_server(tmp_path) as server:
        [job] = jobs(server)
        again = order(server)
        assert again.status_code == 202
        assert again.headers["idempotency-replayed"] == "true"
        assert again.headers["location"] == f"{ORDERS}/{job}"
        assert again.json() == {"id": job, "word": "Boo"}
        assert order(server, "Cake").status_code == 422
        assert jobs(server) == [job]


def test_killed_before_the_commit_the_same_request_is_a_new_one(tmp_path: Path) -> None:
    with a_server(tmp_path, "before") as server, pytest.raises(httpx.TransportError):
        order(server)
    with a_server(tmp_path) as server:
        assert jobs(server) == []
        again = order(server)
        assert again.status_code == 202
        assert "idempotency-replayed" not in again.headers
        assert jobs(server) == [again.json()["id"]]


def test_the_same_requests_to_two_servers_at_once_start_one_job_each(tmp_path: Path) -> None:
    def until_answered(server: str, number: int) -> tuple[int, str]:
        for _ in range(100):
            answer = order(server, f"word {number}", {"idempotency-key": f"key {number}"})
            if answer.status_code != 409:
                break
        assert answer.status_code == 202, answer.text
        return number, answer.json()["id"]

    with a_server(tmp_path) as one, a_server(tmp_path) as other, ThreadPoolExecutor(12) as pool:
        asked = [(server, number) for number in range(12) for server in (one, other, one, other)]
        answers = list(pool.map(lambda each: until_answered(*each), asked))
        assert len(set(answers)) == 12
        assert sorted({id for _, id in answers}) == sorted(jobs(one))
