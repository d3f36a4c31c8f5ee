"""Small valid records for the contracts; every value can be replaced by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from pressroom.changes import Change, change_job
from pressroom.costs import Cost
from pressroom.deliveries import Delivery, Task
from pressroom.errors import Problem
from pressroom.events import Event
from pressroom.jobs import StepRecord, StepStatus
from pressroom.media import Asset
from pressroom.ports import EventLog, Queue
from pressroom.publications import Post, PostMedia, Publication, PublicationState

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
"""When the contracts' manual clock begins."""
LEASE = timedelta(seconds=60)
PROBLEM = Problem("The network was away.", "publish_post[main]", "Wait.", "Unavailable", "HTTP 503")


def an_event(**values: Any) -> Event:
    given: dict[str, Any] = {"type": "PhotoArrived", "subject": "inbox/photo.jpg", "time": NOW}
    return Event(**(given | values))


def requested(job_id: str, *, time: datetime = NOW, pipeline: str = "daily_post", **data: Any) -> Event:
    return an_event(type="JobRequested", subject=job_id, job_id=job_id, time=time, data={"pipeline": pipeline} | data)


def a_new_job(job_id: str, **values: Any) -> Change:
    """Return the change that requests a job; `key`, `expires_at` and `input` are as in the event."""
    return change_job(None, [requested(job_id, **values)])


def happened(type: str, job_id: str, **data: Any) -> Event:
    """Return a further event of a job."""
    return an_event(type=type, subject=job_id, job_id=job_id, data=data)


def a_step(job_id: str, path: str = "draw", **values: Any) -> StepRecord:
    return StepRecord(**({"job_id": job_id, "path": path, "status": StepStatus.READY} | values))


def a_delivery(name: str = "draw", **values: Any) -> Delivery:
    return Delivery(**({"queue": "steps", "task": Task.STEP, "name": name} | values))


def a_publication(id: str, **values: Any) -> Publication:
    media = PostMedia(
        key="images/pet.jpg", revision=1, media_type="image/jpeg", width=1600, height=900, alt_text="A cat in a hat"
    )
    given: dict[str, Any] = {
        "id": id,
        "key": f"key of {id}",
        "job_id": "job_1",
        "pipeline": "daily_post",
        "channel": "main",
        "network": "preview",
        "post": Post(text="Dress up your pet", media=(media,)),
        "state": PublicationState.REQUESTED,
        "created_at": NOW,
        "updated_at": NOW,
        "version": 1,
    }
    return Publication(**(given | values))


def an_asset(key: str = "images/pet.jpg", revision: int = 1, **values: Any) -> Asset:
    given: dict[str, Any] = {
        "key": key,
        "revision": revision,
        "media_type": "image/jpeg",
        "bytes": 3,
        "sha256": "ab" * 32,
        "created_at": NOW,
    }
    return Asset(**(given | values))


def a_cost(id: str, money: str, **values: Any) -> Cost:
    given: dict[str, Any] = {
        "id": id,
        "job_id": "job_1",
        "pipeline": "daily_post",
        "what": "art",
        "unit": "images",
        "quantity": 1,
        "money": Decimal(money),
        "currency": "USD",
        "at": NOW,
    }
    return Cost(**(given | values))


def claim_one(queue: Queue, *queues: str) -> Delivery:
    """Lease the one delivery that must be due there."""
    [delivery] = queue.claim(queues or ("steps",), 1, LEASE)
    return delivery


def number_logged(log: EventLog) -> int:
    """Return how many events there are; positions only grow, and may leave numbers out."""
    return len(log.after(0))
