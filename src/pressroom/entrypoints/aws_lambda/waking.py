"""Lets jobs go on that waited for an event or a person: words from the queue `wake`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pressroom.entrypoints.aws_lambda._batches import Received, each
from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.entrypoints.aws_lambda._waking import wake

NEEDS = timedelta(seconds=10)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take events of jobs, and words `{job_id, beside}`; what tells of no job wakes none."""
    with invoked("waking", context) as call:

        def deal(received: Received) -> None:
            if received.job_id:
                wake(call.deployed, received.job_id, received.beside)

        return each(call, event, deal, needs=NEEDS)
