"""Executions of state machines on Step Functions: named by us, so that a second start does no harm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pressroom.backends._aws_troubles import Answered, plain_troubles
from pressroom.backends.aws_clients import AwsClients
from pressroom.deployment.names import Names

_NOBODY_WAITS = ("TaskDoesNotExist", "TaskTimedOut", "InvalidToken")
RUNNING = "RUNNING"


class StepFunctions:
    """Implements `Executions`.

    A role needs `states:StartExecution` on the state machines, `states:DescribeExecution` on their executions and
    `states:SendTaskSuccess`.
    """

    def __init__(self, clients: AwsClients) -> None:
        self._clients, self._names = clients, Names(clients.settings.name)

    def start(self, pipeline: str, name: str, input: Mapping[str, Any]) -> bool:
        machine = self._arn("stateMachine", self._names.state_machine(pipeline))
        try:
            with plain_troubles("Step Functions", machine, "states:StartExecution", ("ExecutionAlreadyExists",)):
                self._client.start_execution(stateMachineArn=machine, name=name, input=json.dumps(dict(input)))
        except Answered:
            return False
        return True

    def is_running(self, pipeline: str, name: str) -> bool | None:
        execution = self._arn("execution", self._names.state_machine(pipeline), name)
        try:
            with plain_troubles("Step Functions", execution, "states:DescribeExecution", ("ExecutionDoesNotExist",)):
                return bool(self._client.describe_execution(executionArn=execution)["status"] == RUNNING)
        except Answered:
            return None

    def answer(self, token: str, output: Mapping[str, Any]) -> bool:
        try:
            with plain_troubles(
                "Step Functions", "a waiting task", "states:SendTaskSuccess", _NOBODY_WAITS, tells_values=True
            ):
                self._client.send_task_success(taskToken=token, output=json.dumps(dict(output)))
        except Answered:
            return False
        return True

    def _arn(self, kind: str, *parts: str) -> str:
        meta = self._client.meta
        place = (meta.partition, "states", meta.region_name, self._clients.account())
        return ":".join(("arn", *place, kind, *parts))

    @property
    def _client(self) -> Any:
        return self._clients("stepfunctions")
