"""The same start on one machine and on AWS: what is asked over the API of each, and what both tell of a job."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn

from pressroom.api_keys import ApiKeys, Scope
from pressroom.backends.aws_clients import AwsClients
from pressroom.clocks import SystemClock
from pressroom.entrypoints.api.app import create_app
from pressroom.events import Event
from pressroom.jobs import JobStatus
from pressroom.pipeline import Pipeline
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, memory_runtime, work_off
from pressroom.waiting import next_due
from tests import lambdas
from tests.emulated_aws import REGION, endpoint
from tests.entrypoints.site import Client
from tests.fakes.s3 import StrictS3
from tests.on_aws import OnAws

ANSWERED = "AnswerReceived"
_TURN = re.compile(r"\[.+\]$")
HOST = "abc123.execute-api.eu-central-1.amazonaws.com"


def on_one_machine(pipeline: Pipeline, secrets: Mapping[str, str], **sections: Mapping[str, Any]) -> Runtime:
    """Return the runtime in memory, at the time that it is: those who are asked over a network have no other."""
    made = memory_runtime(pipeline, clock=ManualClock(SystemClock().now()), **sections)
    if secrets:
        made.ports.secrets.set_many(dict(secrets))
    return made


def told_on_one_machine(runtime: Runtime, *beside: str) -> list[tuple[str, ...]]:
    """Work until the only job has ended, with every wait over at once, and return what it told."""
    clock = runtime.ports.clock
    assert isinstance(clock, ManualClock)
    for _ in range(100):
        work_off(runtime)
        [job] = runtime.ports.jobs.find()
        if job.status.has_ended:
            break
        due = next_due(runtime)
        assert due is not None, "nothing more happens by itself"
        clock.move_to(max(due, clock.now()))
    assert job.status is JobStatus.COMPLETED, job.error
    return told(runtime, job.id, *beside)


def told(runtime: Runtime, job_id: str, *beside: str) -> list[tuple[str, ...]]:
    """Return the types of a job's events in their order: those of its own, and those of each branch by themselves.

    Between branches there is no order: the turns of a `ForEach`, posts, and `beside`, the steps of a `Parallel`.
    """
    branches: dict[str, list[str]] = {}
    of_event: dict[str, str] = {}
    last: dict[str, Event] = {}
    for event in runtime.ports.events.of_job(job_id):
        branch = of_event[event.id] = _branch(event, of_event, beside)
        if not _is_another_piece(last.get(branch), event):
            branches.setdefault(branch, []).append(event.type)
        last[branch] = event
    return sorted(tuple(types) for types in branches.values())


def _branch(event: Event, of_event: Mapping[str, str], beside: tuple[str, ...]) -> str:
    if event.subject.startswith("pub_"):
        return event.subject
    # An answer is kept under its job and step: `answers/job_1/narrate/voice-1f3a`.
    step = event.subject.split("/")[2] if event.type == ANSWERED else str(event.data.get("step") or "")
    if step:
        turn = _TURN.search(step)
        return turn.group() if turn else step if step in beside else ""
    # What a step stored is told along with its end.
    return of_event.get(event.cause_id or "", "") if event.type == "AssetStored" else ""


def _is_another_piece(before: Event | None, event: Event) -> bool:
    """Whether a generator was asked for the next piece of one text: how many there are, its length says."""
    is_answer = before is not None and before.type == event.type == ANSWERED
    return is_answer and before is not None and before.subject != event.subject


# --- the API of each


def local_api(runtime: Runtime) -> Client:
    return Client(create_app(runtime), "http://127.0.0.1:8080")


@contextmanager
def served(runtime: Runtime, bound: socket.socket) -> Iterator[None]:
    """Let the runtime's own server answer there, for networks that fetch pictures by themselves."""
    server = uvicorn.Server(uvicorn.Config(create_app(runtime), log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([bound],))
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class DeployedApi:
    """The function `http`, asked as API Gateway asks it, with a key that may read and write."""

    def __init__(self, aws: OnAws) -> None:
        self._function = aws.deployment.names.function("http")
        ports = aws.runtime.ports
        _, self._key = ApiKeys(ports.tables, ports.clock).create("tests", [Scope.READ, Scope.WRITE])

    def __call__(self, method: str, address: str, body: Any = None) -> Answer:
        """`address` is a path, or a whole address as an earlier answer gave it."""
        parts = urlsplit(address)
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": parts.path,
            "rawQueryString": parts.query,
            "headers": {
                "host": HOST,
                "x-forwarded-for": "192.0.2.1",
                "x-forwarded-proto": "https",
                "authorization": f"Bearer {self._key}",
                "content-type": "application/json",
            },
            "requestContext": {
                "domainName": HOST,
                "http": {"method": method, "path": parts.path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
                "stage": "$default",
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        with _a_loop():
            answered, is_error = lambdas.call(self._function, event)
        assert not is_error, answered
        return Answer(answered["statusCode"], answered["body"])


@contextmanager
def _a_loop() -> Iterator[None]:
    """Give a function the loop of events that Lambda's process has, and close it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


# --- S3


@contextmanager
def strict_s3() -> Iterator[StrictS3]:
    """Let every client of S3 meet one that looks at each signature; what it lets through, the emulator keeps."""
    usual = AwsClients._make
    with StrictS3(endpoint(), region=REGION) as front, pytest.MonkeyPatch.context() as patch:

        def make(self: AwsClients, service: str) -> Any:
            client = usual(self, service)
            if service != "s3":
                return client
            client.close()
            elsewhere = AwsClients(self.settings.model_copy(update={"endpoint_url": front.base_url}))
            elsewhere._session = self._session
            return usual(elsewhere, service)

        patch.setattr(AwsClients, "_make", make)
        yield front
