"""A deployment in memory: the functions' own runtime, and carriers that remember what they were given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pressroom.deployment.names import Names
from pressroom.deployment.standing import Question
from pressroom.entrypoints.aws_lambda._opened import container
from pressroom.runtime import Runtime
from pressroom.runtimes.aws import Deployed

ACCOUNT = "123456789012"


@dataclass
class RecordedExecutions:
    """Implements `Executions`: which were started, which of them run, and how tokens were answered."""

    running: dict[tuple[str, str], bool] = field(default_factory=dict)
    started: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    nobody_waits_for: set[str] = field(default_factory=set)

    def start(self, pipeline: str, name: str, input: Mapping[str, Any]) -> bool:
        if (pipeline, name) in self.running:
            return False
        self.running[pipeline, name] = True
        self.started.append((pipeline, name, dict(input)))
        return True

    def is_running(self, pipeline: str, name: str) -> bool | None:
        return self.running.get((pipeline, name))

    def answer(self, token: str, output: Mapping[str, Any]) -> bool:
        if token in self.nobody_waits_for:
            return False
        self.answers.append((token, dict(output)))
        return True


@dataclass
class RecordedWords:
    """Implements `Words`."""

    sent: list[tuple[str, dict[str, Any], timedelta]] = field(default_factory=list)
    shown_again: list[tuple[str, str, timedelta]] = field(default_factory=list)

    def send(self, queue: str, word: Mapping[str, Any], *, after: timedelta = timedelta(0)) -> None:
        self.sent.append((queue, dict(word), after))

    def show_again(self, queue: str, receipt: str, *, after: timedelta = timedelta(0)) -> None:
        self.shown_again.append((queue, receipt, after))

    def to(self, queue: str) -> list[dict[str, Any]]:
        return [word for name, word, _ in self.sent if name == queue]


@dataclass
class Carried:
    runtime: Runtime
    executions: RecordedExecutions = field(default_factory=RecordedExecutions)
    words: RecordedWords = field(default_factory=RecordedWords)

    @property
    def deployed(self) -> Deployed:
        return Deployed(
            runtime=self.runtime,
            names=Names("press"),
            executions=self.executions,
            words=self.words,
            redact=str,
            sweep=lambda now: 0,
        )


@contextmanager
def carried(runtime: Runtime) -> Iterator[Carried]:
    """Let the functions of this process work on this runtime while the block runs."""
    made = Carried(runtime)
    container().open_with(lambda: made.deployed)
    try:
        yield made
    finally:
        container().open_with(_nothing)


def _nothing() -> Deployed:
    raise AssertionError("a function was called outside the block that opens a runtime for it")


def asked(job_id: str, path: str = "", token: str = "") -> dict[str, str]:
    """Return what a state machine gives a task."""
    return {"job_id": job_id, "path": path} | ({"task_token": token} if token else {})


def question(job_id: str, path: str = "", token: str = "") -> Question:
    return Question(job_id, path, token)


def batch(queue: str, *bodies: str, receives: int = 1) -> dict[str, Any]:
    """Return what SQS gives a function: messages `m0`, `m1` … of the queue."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": f"r{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": str(receives)},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:eu-central-1:{ACCOUNT}:{queue}",
            }
            for number, body in enumerate(bodies)
        ]
    }
