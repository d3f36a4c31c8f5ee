"""The functions and pollers that tests of the AWS runtime put in the place of Lambda."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from typing import Any

import pytest

from pressroom.backends.aws_clients import AwsClients
from tests import emulated_aws, lambdas

PATIENCE_SECONDS = 30


@pytest.fixture
def clients() -> AwsClients:
    return emulated_aws.clients()


def queue(clients: AwsClients) -> tuple[str, str]:
    """Return the URL and the ARN of a new queue."""
    url = clients("sqs").create_queue(QueueName=f"{clients.settings.name}-work")["QueueUrl"]
    got = clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, got["Attributes"]["QueueArn"]


class Taker:
    """A function that writes down which messages it was given, and fails those that say so once."""

    def __init__(self, expected: int) -> None:
        self.bodies: list[str] = []
        self.receives: list[str] = []
        self.done = threading.Event()
        self._expected, self._failed = expected, set[str]()

    def __call__(self, event: Any, context: Any) -> Any:
        failures = []
        for record in event["Records"]:
            self.bodies.append(record["body"])
            self.receives.append(record["attributes"]["ApproximateReceiveCount"])
            if record["body"].startswith("bad") and record["body"] not in self._failed:
                self._failed.add(record["body"])
                failures.append({"itemIdentifier": record["messageId"]})
        if len(self.bodies) >= self._expected:
            self.done.set()
        return {"batchItemFailures": failures}


@pytest.mark.parametrize("named", [lambda name: name, lambdas.arn])
def test_a_function_of_this_process_answers_under_its_name_and_its_arn(clients: AwsClients, named: Any) -> None:
    name = f"{clients.settings.name}-double"
    lambdas.install({name: lambda event, context: {"twice": 2 * event["n"], "by": context.function_name}})
    answered = clients("lambda").invoke(FunctionName=named(name), Payload=json.dumps({"n": 21}))
    assert json.loads(answered["Payload"].read()) == {"twice": 42, "by": name}
    assert "FunctionError" not in answered


def test_what_a_function_raises_is_answered_as_lambda_does(clients: AwsClients) -> None:
    name = f"{clients.settings.name}-fails"

    def fails(event: Any, context: Any) -> None:
        raise KeyError("colour")

    lambdas.install({name: fails})
    answered = clients("lambda").invoke(FunctionName=name, Payload=b"{}")
    said = json.loads(answered["Payload"].read())
    assert answered["FunctionError"] == "Unhandled"
    assert (said["errorType"], said["errorMessage"]) == ("KeyError", "'colour'")


def test_an_answer_that_is_no_json_is_an_error(clients: AwsClients) -> None:
    name = f"{clients.settings.name}-odd"
    lambdas.install({name: lambda event, context: object()})
    answered = clients("lambda").invoke(FunctionName=name, Payload=b"{}")
    assert json.loads(answered["Payload"].read())["errorType"] == "TypeError"


def test_of_a_batch_only_what_failed_comes_again(clients: AwsClients) -> None:
    url, arn = queue(clients)
    name, taker = f"{clients.settings.name}-taker", Taker(expected=4)
    lambdas.install({name: taker})
    for body in ("good", "bad", "better"):
        clients("sqs").send_message(QueueUrl=url, MessageBody=body)
    with lambdas.polling(clients, lambdas.EventSource(arn, name), visibility=1):
        assert taker.done.wait(PATIENCE_SECONDS)
    assert sorted(taker.bodies) == ["bad", "bad", "better", "good"]
    assert sorted(taker.receives) == ["1", "1", "1", "2"]
    left = clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == left["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_a_mapping_that_was_created_is_polled_and_moto_itself_hands_nothing_over(clients: AwsClients) -> None:
    url, arn = queue(clients)
    name, taker = f"{clients.settings.name}-mapped", Taker(expected=1)
    lambdas.install({name: taker})
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("index.py", "")
    role = clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = {"ZipFile": package.getvalue()}
    clients("lambda").create_function(FunctionName=name, Role=role, Runtime="python3.12", Handler="index.h", Code=code)
    clients("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName=name, BatchSize=5)
    clients("sqs").send_message(QueueUrl=url, MessageBody="good")
    assert taker.bodies == []
    assert [(source.function, source.batch_size) for source in lambdas.mappings(clients, clients.settings.name)] == [
        (name, 5)
    ]
    with lambdas.polling(clients):
        assert taker.done.wait(PATIENCE_SECONDS)
    assert taker.receives == ["1"]
