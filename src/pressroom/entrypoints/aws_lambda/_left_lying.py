"""Sends the word again for deliveries that are due and that nobody claimed: a word may have been lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pressroom.channel_desk import QUEUE_PREFIX, ROOM_PREFIX
from pressroom.deliveries import Delivery, Task
from pressroom.handing_over import deal_with
from pressroom.log import log
from pressroom.waiting_rooms import WaitingRooms

if TYPE_CHECKING:
    from pressroom.runtimes.aws import Deployed

PATIENCE = timedelta(minutes=1)
"""So long a word may be under way before it is taken for lost."""
LATE = timedelta(minutes=10)
"""After this a step is taken for one that the execution under way will not come to."""
MOST = 200
"""Deliveries that one look deals with; the next is a minute later."""


def deal_with_what_is_left(deployed: Deployed, lease: timedelta) -> int:
    """Run the deadlines that have passed, and send the word for everything else; return how many there were."""
    ports = deployed.runtime.ports
    left = ports.queue.overdue(ports.clock.now() - PATIENCE, limit=MOST)
    woken: dict[str, str] = {}
    for delivery in left:
        if delivery.task is Task.DEADLINE:
            _run_deadline(deployed, delivery, lease)
        elif delivery.task is Task.EVENT:
            _tell_subscriber(deployed, delivery)
        elif not _stands_in_line(deployed, delivery):
            _tell_channel(deployed, delivery)
        else:
            continue
        if delivery.job_id:
            woken[delivery.job_id] = woken.get(delivery.job_id) or _beside(deployed, delivery)
    for job_id, beside in woken.items():
        word = {"job_id": job_id} | ({"beside": beside} if beside else {})
        deployed.words.send(deployed.names.queue("wake"), word)
    if woken:
        log.info("words were sent again", deliveries=len(left), jobs=len(woken))
    return len(left)


def _beside(deployed: Deployed, delivery: Delivery) -> str:
    """Return why a step needs an execution although one may run, if nobody has come for it for long; else nothing."""
    due_at = delivery.available_at or delivery.created_at
    is_late = due_at is not None and deployed.runtime.ports.clock.now() - due_at > LATE
    return f"late-{delivery.id}-{delivery.attempt}" if is_late and delivery.task is Task.STEP else ""


def _run_deadline(deployed: Deployed, delivery: Delivery, lease: timedelta) -> None:
    """Run it here: no execution may be under way to ask for it, as before an upload has come."""
    claimed = deployed.runtime.ports.queue.claim_one(delivery.name, lease, job_id=delivery.job_id)
    if claimed is not None:
        deal_with(deployed.runtime, claimed)


def _tell_subscriber(deployed: Deployed, delivery: Delivery) -> None:
    if delivery.event is not None:
        queue = deployed.names.subscription_queue(delivery.name)
        deployed.words.send(queue, {"detail": delivery.event.as_cloudevent()})


def _tell_channel(deployed: Deployed, delivery: Delivery) -> None:
    """Let a post's channel have the word, without a token: its execution may sleep until a time that was changed."""
    channel = _channel(delivery)
    if channel:
        word = {"job_id": delivery.job_id, "path": delivery.name}
        deployed.words.send(deployed.names.channel_queue(channel), word)


def _stands_in_line(deployed: Deployed, delivery: Delivery) -> bool:
    """Say whether a post waits for its channel to let it go, which its execution asks for by itself."""
    if not delivery.queue.startswith(ROOM_PREFIX) or _channel(delivery) not in deployed.runtime.publishing.channels():
        return False
    now = deployed.runtime.ports.clock.now()
    return not WaitingRooms(deployed.runtime).stands_still(delivery.queue, delivery.available_at or now, PATIENCE)


def _channel(delivery: Delivery) -> str:
    for prefix in (QUEUE_PREFIX, ROOM_PREFIX):
        if delivery.queue.startswith(prefix):
            return delivery.queue.removeprefix(prefix)
    return ""
