"""Which events the bus hands to which queue, as EventBridge's patterns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SOURCE = "pressroom"
"""Of every event of ours on the bus."""
JOB_REQUESTED = "JobRequested"
LETS_GO_ON = (
    *("DeliveryDiscarded", "DeliveryRedriven", "JobCancelled", "JobExpired", "JobResumed"),
    *("PostApproved", "PostRefused", "PublicationChanged", "PublicationResolved"),
)
"""What somebody did outside the execution of a job that may wait for just that."""
UPLOADS = "uploads/"
"""The prefix of the keys that clients upload to."""


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    pattern: dict[str, Any]
    queue: str
    """The name of the queue that gets what matches."""
    bus: str = ""
    """Empty for the account's own bus, where S3 and other services of AWS tell what happened."""

    def as_variables(self) -> dict[str, Any]:
        pattern = json.dumps(self.pattern, sort_keys=True)
        return {"name": self.name, "pattern": pattern, "queue": self.queue, "bus": self.bus}


def requests_of(pipeline: str) -> dict[str, Any]:
    """Match what starts a job of a pipeline."""
    return {"source": [SOURCE], "detail-type": [JOB_REQUESTED], "detail": {"data": {"pipeline": [pipeline]}}}


def uploads_stored(event: str) -> dict[str, Any]:
    """Match every stored upload: only the job knows which pipeline it is for."""
    return {"source": [SOURCE], "detail-type": [event]}


def of_types(types: Iterable[str]) -> dict[str, Any]:
    """Match the events that a subscriber wants; all of ours if it names none."""
    names = sorted(types)
    return {"source": [SOURCE]} | ({"detail-type": names} if names else {})


def uploaded(bucket: str) -> dict[str, Any]:
    """Match what a client has put into the bucket by itself."""
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": UPLOADS}]}},
    }
