"""Executions on Step Functions, as an emulator has them: named by us, asked for, and answered by their tokens."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.step_functions import StepFunctions
from pressroom.errors import ConfigurationError
from tests import emulated_aws, lambdas
from tests.on_aws import ROLE, until


@pytest.fixture
def clients() -> AwsClients:
    return emulated_aws.clients()


def _machine(clients: AwsClients, state: dict[str, Any]) -> StepFunctions:
    """Create the state machine of a pipeline called `reading`, of one state."""
    definition = json.dumps({"StartAt": "Only", "States": {"Only": state}})
    name = f"{clients.settings.name}-reading"
    clients("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=ROLE)
    return StepFunctions(clients)


def test_a_second_start_of_the_same_name_says_so_and_does_no_harm(clients: AwsClients) -> None:
    executions = _machine(clients, {"Type": "Succeed"})
    assert executions.start("reading", "job_1", {"job_id": "job_1"})
    until(lambda: executions.is_running("reading", "job_1") is False)
    assert not executions.start("reading", "job_1", {"job_id": "job_1", "again": True})
    assert executions.start("reading", "job_1.1", {"job_id": "job_1"})


def test_whether_an_execution_runs_is_told_of_each(clients: AwsClients) -> None:
    executions = _machine(clients, {"Type": "Wait", "Seconds": 3600, "End": True})
    assert executions.is_running("reading", "job_1") is None
    executions.start("reading", "job_1", {})
    assert executions.is_running("reading", "job_1") is True
    arn = f"arn:aws:states:eu-central-1:{clients.account()}:execution:{clients.settings.name}-reading:job_1"
    clients("stepfunctions").stop_execution(executionArn=arn)
    until(lambda: executions.is_running("reading", "job_1") is False)


def test_an_answer_lets_the_task_go_on_and_a_second_one_finds_nobody(clients: AwsClients) -> None:
    tokens: list[str] = []
    given = threading.Event()

    def pause(event: Any, context: Any) -> None:
        tokens.append(event["task_token"])
        given.set()

    function = f"{clients.settings.name}-pause"
    lambdas.install({function: pause})
    executions = _machine(
        clients,
        {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": {"FunctionName": lambdas.arn(function), "Payload": {"task_token.$": "$$.Task.Token"}},
            "End": True,
        },
    )
    executions.start("reading", "job_1", {})
    assert given.wait(20)
    assert executions.answer(tokens[0], {"go": "on"})
    until(lambda: executions.is_running("reading", "job_1") is False)
    assert not executions.answer(tokens[0], {"go": "on"})
    assert not executions.answer("no token at all", {"go": "on"})


def test_a_pipeline_that_is_not_deployed_is_an_error_that_says_what_to_do(clients: AwsClients) -> None:
    with pytest.raises(ConfigurationError) as caught:
        StepFunctions(clients).start("reading", "job_1", {})
    assert caught.value.todo
