"""The event: a fact in the past tense, immutable, in a CloudEvents 1.0 envelope. Says nothing about storing it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pressroom.ids import new_id

SOURCE = "pressroom"
_TYPE = re.compile(r"^[A-Z][A-Za-z0-9]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened. `data` is JSON and carries keys of assets, never their bytes."""

    type: str
    """Past tense, in capitals: `PostPublished`."""
    subject: str
    """The id or key of the thing it happened to."""
    time: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    job_id: str | None = None
    cause_id: str | None = None
    """The event that led to this one."""
    id: str = field(default_factory=lambda: new_id("evt"))
    source: str = SOURCE
    position: int | None = None
    """Its place in the log; None until it is stored."""

    def __post_init__(self) -> None:
        if not _TYPE.match(self.type):
            raise ValueError(f"an event's type reads like PostPublished, not {self.type!r}")
        if self.time.tzinfo is None:
            raise ValueError(f"the time of {self.type} lacks a zone")

    def as_cloudevent(self) -> dict[str, Any]:
        """Return the event in CloudEvents' JSON format; job and cause are extension attributes."""
        envelope: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": dict(self.data),
        }
        # CloudEvents allows lower-case letters and digits only in attribute names.
        if self.job_id is not None:
            envelope["jobid"] = self.job_id
        if self.cause_id is not None:
            envelope["causeid"] = self.cause_id
        return envelope

    def as_dict(self) -> dict[str, Any]:
        """Return the event as listings show it: the envelope with `job_id`, `cause_id` and `position`."""
        envelope = self.as_cloudevent()
        envelope.pop("jobid", None), envelope.pop("causeid", None)
        return envelope | {"job_id": self.job_id, "cause_id": self.cause_id, "position": self.position}
