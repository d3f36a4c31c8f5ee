"""The gallery: one document a picture that was posted, with every place where it is to be seen."""

from __future__ import annotations

from pressroom.events import Event
from pressroom.read_models.base import Document, Lookup, ReadModel


class Gallery(ReadModel):
    types = ("PostPublished", "JobExpired")

    def apply(self, event: Event, lookup: Lookup) -> dict[str, Document | None]:
        """A job's id sorts by time, so the newest job's picture comes first."""
        key = event.job_id or ""
        if event.type == "JobExpired":
            return {key: None} if lookup(key) else {}
        data = event.data
        if not data.get("media"):
            return {}
        known = lookup(key) or {
            "job_id": key,
            "title": data["title"],
            "caption": data["text"],
            "day": data["about"].get("day", ""),
            "image": {**data["media"][0], "alt_text": data["alt_texts"][0]},
            "published_at": event.time.isoformat(),
            "posts": [],
        }
        post = {"channel": data["channel"], "network": data["network"], "url": data["url"]}
        others = [other for other in known["posts"] if other["channel"] != post["channel"]]
        return {key: {**known, "posts": [*others, post]}}
