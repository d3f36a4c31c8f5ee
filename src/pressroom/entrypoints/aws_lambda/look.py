"""Says how a node of a job stands, or the job as a whole: a task of the state machines that changes nothing."""

from __future__ import annotations

from typing import Any

from pressroom.deployment.standing import Question
from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.entrypoints.aws_lambda._standing import ask


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take `{job_id, path}` and return how the node stands."""
    with invoked("look", context) as call:
        question = Question.read(event)
        return call.answers(question, ask(call.deployed.runtime, question))
