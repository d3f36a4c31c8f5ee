"""Where each thing stands in the table of state. What belongs to a job shares its hash key, and is found by it."""

from __future__ import annotations

from pressroom.backends.dynamodb.calls import Key
from pressroom.deliveries import Delivery, Task

ONLY = "-"
"""The range key of what stands alone."""
HIGHEST = "\U0010ffff"
"""Sorts behind everything that a key may hold."""


def of_job(job_id: str) -> str:
    return f"job#{job_id}"


def job(job_id: str) -> Key:
    return (of_job(job_id), "job")


def holder(job_key: str) -> Key:
    """Return where it stands which job holds this key."""
    return (f"jobkey#{job_key}", ONLY)


def words(job_id: str) -> Key:
    """Return where it stands under which beginnings the job's words are kept."""
    return (of_job(job_id), "words")


def step(job_id: str, path: str) -> Key:
    return (of_job(job_id), f"step#{path}")


def publication(job_id: str, publication_id: str) -> Key:
    return (of_job(job_id), f"publication#{publication_id}")


def publication_by_id(publication_id: str) -> Key:
    return (f"publication#{publication_id}", ONLY)


def publication_by_key(key: str) -> Key:
    return (f"publicationkey#{key}", ONLY)


def of_event(event_id: str) -> str:
    return f"event#{event_id}"


def delivery(delivery: Delivery, id: int) -> Key:
    """Return the key of a delivery, made of what names it: its job or its event, and the step or the subscriber.

    Its queue is no part of it, since it may wait on another one.
    """
    return (of_delivery(delivery), f"{waiting(delivery.name)}{id:017}")


def of_delivery(delivery: Delivery) -> str:
    event_id = delivery.event.id if delivery.event else None
    if event_id is not None and (delivery.task is Task.EVENT or delivery.job_id is None):
        return of_event(event_id)
    return of_job(delivery.job_id) if delivery.job_id is not None else "nobody"


def waiting(name: str) -> str:
    return f"waiting#{name}#"


def letter(of: str, id: int) -> Key:
    return (of, f"dead#{id:017}")


def letter_by_id(id: int) -> Key:
    return (f"dead#{id:017}", ONLY)


def asset(key: str, revision: int) -> Key:
    return (f"asset#{key}", f"{revision:010}")


def claim(key: str) -> Key:
    return (f"claim#{key}", ONLY)


def cost(id: str) -> Key:
    return (f"cost#{id}", ONLY)


def schedule(name: str) -> Key:
    return ("schedules", name)


def cursor(name: str) -> Key:
    return (f"cursor#{name}", ONLY)


def channel(name: str) -> Key:
    return (f"channel#{name}", ONLY)


def left_to_do(what: str) -> Key:
    """Return where it stands that a change has more to come than its transaction held."""
    return ("left to do", what)
