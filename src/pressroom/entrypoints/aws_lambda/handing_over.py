"""Hands events to the subscribers of the bus: words from the queue of a subscription."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pressroom.entrypoints.aws_lambda._batches import Received, each
from pressroom.entrypoints.aws_lambda._invocation import Invocation, invoked
from pressroom.handing_over import deal_with
from pressroom.log import log

if TYPE_CHECKING:
    from pressroom.runtimes.aws import Deployed

NEEDS = timedelta(seconds=60)
OF_WAITING_JOBS = "pipeline:"
"""How the subscriptions begin by which a pipeline's jobs get the events that they wait for."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take events that the bus told; each is handed over as its delivery, so that a second word finds none."""
    with invoked("handing_over", context) as call:
        return each(call, event, lambda received: _hand_over(call, received), needs=NEEDS)


def _hand_over(call: Invocation, received: Received) -> None:
    deployed = call.deployed
    name = _subscription(deployed, received.queue)
    if name is None:
        log.warning("nothing here takes events from this queue", queue=received.queue)
        return  # the delivery waits, if there is one: whoever has the subscription is sent the word again
    event_id, queue = str(received.event["id"]), deployed.runtime.ports.queue
    claimed = queue.claim_one(name, call.lease, event_id=event_id)
    if claimed is not None:
        deal_with(deployed.runtime, claimed)
        if received.job_id and name.startswith(OF_WAITING_JOBS):
            deployed.words.send(deployed.names.queue("wake"), {"job_id": received.job_id})
    due = queue.due(name, event_id=event_id)
    if due is not None:
        # A new word, not this one once more: a queue gives up on a word that it has handed out often.
        after = max(due - deployed.runtime.ports.clock.now(), timedelta(0))
        deployed.words.send(received.queue, received.word, after=after)


def _subscription(deployed: Deployed, queue: str) -> str | None:
    """Return the subscription that a queue is for."""
    names = deployed.names
    return next((one for one in deployed.runtime.bus.subscriptions if names.subscription_queue(one) == queue), None)
