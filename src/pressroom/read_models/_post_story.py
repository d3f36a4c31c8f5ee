"""What one post has come to, as the analytics keep it: the document, and how each event changes it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pressroom.events import Event
from pressroom.read_models.base import Document
from pressroom.tally import UNKNOWN

_UNDER_WAY = "requested"
_GOING_ON = ("send_again", "resume")


def begun(event: Event) -> Document:
    """Return the document of a post of which nothing is known but that this event is about it."""
    return {
        "publication_id": event.subject,
        "job_id": event.job_id,
        "pipeline": "",
        "channel": "",
        "network": "",
        "state": _UNDER_WAY,
        "day": utc(event.time)[:10],
        "requested_at": utc(event.time),
        "published_at": None,
        "remote_id": None,
        "url": None,
        "title": "",
        "name": "",
        "text": "",
        "image": None,
        "why": None,
        "attempts": 0,
        "counts": dict(UNKNOWN),
        "as_of": None,
        "noticed": {},
    }


def told(post: Document, event: Event) -> Document:
    """Return the document after an event; the very same one if the event changes nothing."""
    named = {name: post[name] or event.data.get(name, "") for name in ("pipeline", "channel", "network")}
    more = _CHANGES[event.type](post, event)
    return post | named | more


def forgotten(post: Document) -> Document:
    """Return the document without what the post said and showed."""
    return post | {"title": "", "name": "", "text": "", "image": None}


def _requested(post: Document, event: Event) -> dict[str, Any]:
    return {}


def _attempted(post: Document, event: Event) -> dict[str, Any]:
    # The same attempt may be begun again by another worker, so its own number counts.
    return {"attempts": max(post["attempts"], event.data["attempt"])} | _now(post, event, _UNDER_WAY)


def _published(post: Document, event: Event) -> dict[str, Any]:
    data = event.data
    return {
        "state": "published",
        "day": utc(event.time)[:10],
        "published_at": utc(event.time),
        "remote_id": data["remote_id"],
        "url": data["url"],
        "title": data["title"],
        "text": data["text"],
        "image": {**data["media"][0], "alt_text": data["alt_texts"][0]} if data["media"] else None,
        "why": None,
    }


def _rejected(post: Document, event: Event) -> dict[str, Any]:
    return _now(post, event, "rejected", event.data["error"]["what"])


def _held(post: Document, event: Event) -> dict[str, Any]:
    return _now(post, event, "held", event.data["error"]["what"])


def _resolved(post: Document, event: Event) -> dict[str, Any]:
    action = event.data["action"]
    if action == "give_up":
        return _now(post, event, "rejected", "A person gave this post up.")
    return _now(post, event, _UNDER_WAY) if action in _GOING_ON else {}


def _now(post: Document, event: Event, state: str, why: str | None = None) -> dict[str, Any]:
    """Return where the post stands from now on, counted on the day on which that came about; published is final."""
    if post["state"] == "published":
        return {}
    if post["state"] == state:
        return {"why": why}
    return {"state": state, "day": utc(event.time)[:10], "why": why}


def _read(post: Document, event: Event) -> dict[str, Any]:
    """Take the reading as a whole: a count that the network no longer tells is unknown, not what it once was."""
    as_of = utc(datetime.fromisoformat(event.data["as_of"]))
    if post["as_of"] is not None and as_of < post["as_of"]:
        return {}  # it was overtaken by a newer one
    told_of: Mapping[str, Any] = event.data["counts"]
    return {"counts": {name: told_of.get(name) for name in UNKNOWN}, "as_of": as_of}


def _noticed(post: Document, event: Event) -> dict[str, Any]:
    kind = event.data["kind"]
    noticed = post["noticed"] | {kind: post["noticed"].get(kind, 0) + 1}
    return {"noticed": dict(sorted(noticed.items()))}


def utc(moment: datetime) -> str:
    """Write a moment so that texts sort as moments do; one without a zone is meant in UTC."""
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="microseconds")


_CHANGES: Mapping[str, Callable[[Document, Event], dict[str, Any]]] = {
    "PublicationRequested": _requested,
    "PublishAttempted": _attempted,
    "PostPublished": _published,
    "PostRejected": _rejected,
    "PostHeld": _held,
    "PublicationResolved": _resolved,
    "EngagementRead": _read,
    "EngagementNoticed": _noticed,
}
