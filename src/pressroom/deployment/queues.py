"""The queues of a deployment: one for each pipeline, channel and subscriber of the bus, each with its dead letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

VISIBILITY = timedelta(seconds=900)
"""As long as a function may run at most, so that a message is not handed out twice while one does."""
RETENTION = timedelta(days=4)
DEAD_RETENTION = timedelta(days=14)
"""The longest that SQS keeps anything.
docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide, 2026-11-20"""
LONG_POLLING = timedelta(seconds=20)
RECEIVES = 10
"""Then a message is dead. It is only the word: what it is about stays stored, and housekeeping sends the word again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    name: str
    read_by: str
    """The function's name."""
    batch: int = 10
    """Messages that the function is given at once, at most."""
    at_once: int = 10
    """Batches that are under way at the same time, at most; 2 is the least that AWS takes."""
    visibility: timedelta = VISIBILITY
    topic_filter: tuple[str, ...] = ()
    """Of what is sent to the topic, it gets what has one of these as its attribute `queue`."""

    @property
    def dead(self) -> str:
        return f"{self.name}-dead"

    def as_variables(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "dead": self.dead,
            "read_by": self.read_by,
            "batch": self.batch,
            "at_once": self.at_once,
            "visibility_seconds": int(self.visibility.total_seconds()),
            "retention_seconds": int(RETENTION.total_seconds()),
            "dead_retention_seconds": int(DEAD_RETENTION.total_seconds()),
            "polling_seconds": int(LONG_POLLING.total_seconds()),
            "receives": RECEIVES,
            "topic_filter": list(self.topic_filter),
        }
