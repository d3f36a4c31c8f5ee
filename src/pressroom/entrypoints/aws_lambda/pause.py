"""Keeps the token of a task that waits for an event or a person, and answers it at once if that has come."""

from __future__ import annotations

from typing import Any

from pressroom.deployment.standing import Question
from pressroom.entrypoints.aws_lambda import _tokens
from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.entrypoints.aws_lambda._waking import answer_if_there_is_news


def handler(event: dict[str, Any], context: Any) -> None:
    """Take `{job_id, path, task_token}`."""
    with invoked("pause", context) as call:
        question = Question.read(event)
        _tokens.keep(call.deployed.runtime.ports.tables, question)
        # In this order: what came before the token was kept found none to answer, and is seen here.
        answer_if_there_is_news(call.deployed, question)
