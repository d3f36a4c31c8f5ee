"""Lambda as tests see it: functions of this process, called by moto's server, and the pollers of their queues.

It is this that such tests exercise, and not Lambda itself: no time-outs, no roles, no packages.
"""

from __future__ import annotations

import functools
import itertools
import json
import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pressroom.backends.aws_clients import AwsClients
from pressroom.clocks import SystemClock
from pressroom.ports import Clock
from tests import aws_calls
from tests.emulated_aws import REGION

Handler = Callable[[Any, Any], Any]

_installed: dict[str, Handler] = {}
_clocks: dict[str, Clock] = {}
_requests = itertools.count(1)


@dataclass
class LambdaContext:
    """What Lambda tells a function beside the event."""

    function_name: str
    remaining_ms: int = 900_000
    memory_limit_in_mb: int = 512
    function_version: str = "$LATEST"
    aws_request_id: str = field(default_factory=lambda: f"request-{next(_requests)}")

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:123456789012:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


def install(handlers: Mapping[str, Handler]) -> None:
    """Let these functions be what answers under their names, in Step Functions, for `Invoke` and for pollers.

    They need not be created in Lambda for that. Names of one test are no other's: take `emulated_aws.deployment`'s.
    """
    _teach_moto()
    _installed.update(handlers)


def keep_time(state_machine: str, clock: Clock) -> None:
    """Let the Wait states of a machine go by this clock, which may be one that is moved by hand."""
    _teach_moto()
    _clocks[state_machine] = clock


def arn(function: str) -> str:
    return LambdaContext(function).invoked_function_arn


def call(function: str, event: Any) -> tuple[Any, bool]:
    """Call a function by its name or ARN; return what it answers, and whether that is an error."""
    name = _name(function)
    try:
        # As over the wire: what is no JSON is found out here.
        given = json.loads(json.dumps(event))
        with aws_calls.called_by(name):
            answered = _installed[name](given, LambdaContext(name))
        return json.loads(json.dumps(answered)), False
    except Exception as error:  # noqa: BLE001 - Lambda answers with whatever a function raises
        trace = traceback.format_exc().splitlines()
        return {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": trace}, True


def _name(function: str) -> str:
    """Return the name in an ARN, or in a name with an alias or a version."""
    parts = function.split(":")
    return parts[6] if len(parts) > 6 else parts[0]


@functools.cache
def _teach_moto() -> None:
    from moto.awslambda_simple.models import LambdaSimpleBackend
    from moto.sqs.models import Queue
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp

    usual = LambdaSimpleBackend.invoke

    def invoke(
        self: Any, function_name: str, qualifier: Any, body: Any, headers: Any, response_headers: dict[str, Any]
    ) -> Any:
        if _name(function_name) not in _installed:
            return usual(self, function_name, qualifier, body, headers, response_headers)
        answered, is_error = call(function_name, json.loads(body or "{}"))
        if is_error:
            response_headers["x-amz-function-error"] = "Unhandled"
        return json.dumps(answered).encode()

    def wait(self: Any, env: Any) -> None:
        """Wait until the moment itself, by the test's clock: moto's own way leaves out what is less than a second."""
        self.string.eval(env)
        until = datetime.fromisoformat(env.stack.pop())
        clock = _clocks.get(env.states.context_object.context_object_data["StateMachine"]["Name"], SystemClock())
        while env.is_running() and clock.now() < until:
            time.sleep(0.01)

    # It writes whole machines into the log when one of them fails, as ours do on purpose.
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
    LambdaSimpleBackend.invoke = invoke  # type: ignore[method-assign]
    Timestamp._eval_body = wait  # type: ignore[method-assign]
    # Its own push counts a message as received once more than it was, and loses what a batch hands back.
    Queue.lambda_event_source_mappings = property(lambda self: {}, lambda self, value: None)  # type: ignore[assignment]


# --- queues


@dataclass(frozen=True)
class EventSource:
    """A queue whose messages a function is given: an event source mapping."""

    queue_arn: str
    function: str
    batch_size: int = 10


def mappings(clients: AwsClients, prefix: str = "") -> list[EventSource]:
    """Return the mappings that were created in Lambda, of the functions that are installed and begin so."""
    pages = clients("lambda").get_paginator("list_event_source_mappings").paginate()
    found = [each for page in pages for each in page["EventSourceMappings"] if ":sqs:" in each["EventSourceArn"]]
    return [
        EventSource(each["EventSourceArn"], name, each.get("BatchSize", 10))
        for each in found
        if (name := _name(each["FunctionArn"])) in _installed and name.startswith(prefix)
    ]


@contextmanager
def polling(clients: AwsClients, *given: EventSource, visibility: int | None = None) -> Iterator[None]:
    """Hand messages to their functions while the block runs: of these mappings, or of all the deployment's own.

    What fails stays on its queue and comes back after the queue's visibility time-out, or after `visibility` seconds.
    """
    stopping = threading.Event()
    threads = [
        threading.Thread(target=_poll, args=(clients, mapping, visibility, stopping), daemon=True)
        for mapping in given or mappings(clients, clients.settings.name)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def _poll(clients: AwsClients, mapping: EventSource, visibility: int | None, stopping: threading.Event) -> None:
    sqs = clients("sqs")
    url = sqs.get_queue_url(QueueName=mapping.queue_arn.rpartition(":")[2])["QueueUrl"]
    timeout = {} if visibility is None else {"VisibilityTimeout": visibility}
    while not stopping.is_set():
        received = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=min(mapping.batch_size, 10),
            WaitTimeSeconds=1,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
            **timeout,
        ).get("Messages", [])
        if received:
            for message in _handled(mapping, received):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _handled(mapping: EventSource, received: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the messages that the function is done with."""
    answered, is_error = call(mapping.function, {"Records": [_record(mapping, message) for message in received]})
    if is_error:
        return []
    failed = {failure["itemIdentifier"] for failure in (answered or {}).get("batchItemFailures", [])}
    return [message for message in received if message["MessageId"] not in failed]


def _record(mapping: EventSource, message: dict[str, Any]) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {key[0].lower() + key[1:]: value for key, value in each.items()} for name, each in attributes.items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.queue_arn,
        "awsRegion": REGION,
    }
