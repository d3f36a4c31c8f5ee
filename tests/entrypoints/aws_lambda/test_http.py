"""The HTTP API and the pages behind API Gateway: its own form of requests, keys for all, and streams that end."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pressroom.api_keys import ApiKeys, Scope
from pressroom.config import load_values
from pressroom.entrypoints.aws_lambda import http
from pressroom.entrypoints.aws_lambda._opened import SERVED_TO_ALL
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, memory_runtime
from tests.carried import carried
from tests.engine import Calls, a_pipeline
from tests.lambdas import LambdaContext

CONTEXT = LambdaContext("press-http", remaining_ms=29_000)
HOST = "abc123.execute-api.eu-central-1.amazonaws.com"


@pytest.fixture(autouse=True)
def event_loop() -> Iterator[None]:
    """Give the test the loop that a function has as long as it lives, and close it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def runtime() -> Iterator[Runtime]:
    made = memory_runtime(a_pipeline(*Calls().steps("draw")), clock=ManualClock(), server={"host": "0.0.0.0"})
    with carried(made):
        yield made


@pytest.fixture
def key(runtime: Runtime) -> str:
    _, text = ApiKeys(runtime.ports.tables, runtime.ports.clock).create("tests", [Scope.READ, Scope.WRITE])
    return text


def _ask(method: str, path: str, *, key: str = "", body: Any = None, query: str = "", **headers: str) -> dict[str, Any]:
    """Return what the function answers to a request in the format 2.0 of API Gateway."""
    given = {"host": HOST, "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https"} | headers
    if key:
        given["authorization"] = f"Bearer {key}"
    if body is not None:
        given["content-type"] = "application/json"
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": given,
        "requestContext": {
            "domainName": HOST,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "stage": "$default",
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    return http.handler(event, CONTEXT)


def test_without_any_key_that_would_open_it_the_api_is_closed(runtime: Runtime) -> None:
    assert _ask("GET", "/api/v1/jobs")["statusCode"] == 403


def test_a_wrong_key_is_refused_once_there_is_a_right_one(runtime: Runtime) -> None:
    runtime.ports.secrets.set("server.key", "a-key-that-is-long-enough")
    assert _ask("GET", "/api/v1/jobs")["statusCode"] == 401
    assert _ask("GET", "/api/v1/jobs", key="another-key-of-this-length")["statusCode"] == 401
    assert _ask("GET", "/api/v1/jobs", key="a-key-that-is-long-enough")["statusCode"] == 200


def test_a_function_counts_as_reached_from_outside_whatever_the_settings_say() -> None:
    config = load_values({"server": {"host": "127.0.0.1"}}, SERVED_TO_ALL, Path())
    assert config.server.host == "0.0.0.0"


def test_a_job_is_asked_for_and_looked_at(runtime: Runtime, key: str) -> None:
    asked = _ask("POST", "/api/v1/pipelines/work_through/jobs", key=key, body={"input": {}})
    assert asked["statusCode"] in (201, 202), asked["body"]
    [job] = runtime.ports.jobs.find()
    shown = _ask("GET", f"/api/v1/jobs/{job.id}", key=key)
    assert (shown["statusCode"], shown["isBase64Encoded"]) == (200, False)
    assert json.loads(shown["body"])["id"] == job.id


def test_what_is_no_text_is_handed_on_as_base64(runtime: Runtime) -> None:
    answer = _ask("GET", "/static/newsreader-latin.woff2")
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    assert base64.b64decode(answer["body"])[:4] == b"wOF2"


def test_a_stream_tells_what_there_is_and_ends_so_that_its_reader_comes_back(runtime: Runtime, key: str) -> None:
    [job] = runtime.runner.request("work_through", {})
    begun = time.monotonic()
    answer = _ask("GET", "/api/v1/events/stream", key=key, query="after=0", accept="text/event-stream")
    assert time.monotonic() - begun < 5, "API Gateway gives up after half a minute"
    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"].startswith("text/event-stream")
    assert "JobRequested" in answer["body"]
    assert job.id in answer["body"]
    assert "retry:" in answer["body"]


def test_a_replay_is_not_begun_where_it_could_not_end_and_the_answer_says_how_it_can(runtime: Runtime) -> None:
    _, admin = ApiKeys(runtime.ports.tables, runtime.ports.clock).create("admin", [Scope.ADMIN])
    answer = _ask("POST", "/api/v1/replay", key=admin, body={"into": "gallery"})
    assert 400 <= answer["statusCode"] < 500
    assert "pressroom --runtime aws replay --into gallery" in answer["body"]


def test_a_server_is_made_once_for_many_requests(runtime: Runtime, key: str) -> None:
    _ask("GET", "/api/v1/jobs", key=key)
    begun = time.process_time()
    _ask("GET", "/api/v1/jobs", key=key)
    assert time.process_time() - begun < 0.25
