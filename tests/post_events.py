"""The events that tell what became of posts, as publishing, polling and webhooks write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.events import Event
from pressroom.tally import UNKNOWN

NOON = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)
REFUSED = {"what": "It is too long.", "where": "main", "todo": "Shorten it.", "kind": "PostRejected", "detail": ""}


class PostEvents:
    """Tells of one post: `channel` and `pipeline` are its own, `job_id` is that of its number unless given."""

    def __init__(
        self,
        number: int = 1,
        channel: str = "main",
        *,
        pipeline: str = "daily_post",
        job_id: str = "",
        network: str = "",
    ) -> None:
        self.id = f"pub_{number:04}"
        self.job_id = job_id or f"job_{number:04}"
        self.named = {"channel": channel, "network": network or f"net_{channel}", "pipeline": pipeline}

    def event(self, type_: str, at: datetime, /, **data: Any) -> Event:
        return Event(type=type_, subject=self.id, time=at, job_id=self.job_id, data=data)

    def requested(self, at: datetime = NOON) -> Event:
        return self.event("PublicationRequested", at, publication_id=self.id, **self.named)

    def attempted(self, number: int = 1, at: datetime = NOON) -> Event:
        return self.event("PublishAttempted", at, channel=self.named["channel"], attempt=number)

    def published(self, at: datetime = NOON, **more: Any) -> Event:
        told = {
            "publication_id": self.id,
            **self.named,
            "remote_id": f"remote_{self.id}",
            "url": f"https://{self.named['network']}.example/{self.id}",
            "text": f"The words of {self.id} #cake",
            "title": f"Title of {self.id}",
            "media": [{"key": f"images/{self.id}.jpg", "revision": 1, "width": 1600, "height": 900}],
            "alt_texts": ["A cake"],
            "about": {"day": f"{at:%Y-%m-%d}"},
        }
        return self.event("PostPublished", at, **(told | more))

    def rejected(self, at: datetime = NOON) -> Event:
        return self.event("PostRejected", at, channel=self.named["channel"], error=REFUSED)

    def held(self, at: datetime = NOON, why: str = "Nobody can tell.") -> Event:
        return self.event("PostHeld", at, channel=self.named["channel"], error=REFUSED | {"what": why}, known={})

    def resolved(self, action: str, at: datetime = NOON) -> Event:
        return self.event("PublicationResolved", at, channel=self.named["channel"], action=action)

    def read(self, at: datetime = NOON + timedelta(hours=1), **counts: int | None) -> Event:
        """Tell of a reading; counts that are not named are unknown."""
        data = {"remote_id": f"remote_{self.id}", "counts": {**UNKNOWN, **counts}, "as_of": at.isoformat()}
        return self.event("EngagementRead", at, publication_id=self.id, **self.named, **data)

    def noticed(self, kind: str, at: datetime = NOON + timedelta(hours=1), notice_id: str = "n1") -> Event:
        data = {
            "remote_id": f"remote_{self.id}",
            "notice_id": notice_id,
            "kind": kind,
            "at": at.isoformat(),
            "text": "!",
        }
        return self.event("EngagementNoticed", at, publication_id=self.id, **self.named, **data)

    def expired(self, at: datetime = NOON + timedelta(days=30)) -> Event:
        return Event(type="JobExpired", subject=self.job_id, time=at, job_id=self.job_id)
