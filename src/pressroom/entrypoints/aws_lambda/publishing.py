"""Publishes posts of one channel: words from its queue, each of them answered to the state machine that sent it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pressroom.deployment.standing import Question
from pressroom.entrypoints.aws_lambda._batches import Received, each
from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.entrypoints.aws_lambda._standing import run

NEEDS = timedelta(seconds=120)
"""For one post: its pictures are uploaded, and the network may be slow."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take words `{job_id, path, task_token}`; one that housekeeping sent has no token, and nobody is answered."""
    with invoked("publishing", context) as call:

        def publish(received: Received) -> None:
            question = Question.read(received.word)
            answer = call.answers(question, run(call.deployed.runtime, question, call.lease))
            if question.task_token:
                call.deployed.executions.answer(question.task_token, answer)

        return each(call, event, publish, needs=NEEDS)
