"""Runs one step of a job, or its deadline: a task of the state machines."""

from __future__ import annotations

from typing import Any

from pressroom.deployment.standing import Question
from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.entrypoints.aws_lambda._standing import run


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take `{job_id, path}` and return how the node then stands."""
    with invoked("steps", context) as call:
        question = Question.read(event)
        return call.answers(question, run(call.deployed.runtime, question, call.lease))
