"""The publication: one post on one channel with its state, its attempts and its receipt. No protocol here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from pressroom.errors import Problem

FIRST = "1"
"""The last part of the key of a job's only post on a channel."""
GIVEN_UP = "GivenUp"
"""The kind of the problem of a post that a person does not want any more: no redrive sends it."""


class PublicationState(StrEnum):
    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    """Waiting for its time, its pace, a rate limit or a retry; nothing was sent that could be public."""
    PUBLISHING = "publishing"
    """An attempt was begun and its outcome is not yet known."""
    PUBLISHED = "published"
    REJECTED = "rejected"
    HELD = "held"

    @property
    def is_final(self) -> bool:
        return self in (PublicationState.PUBLISHED, PublicationState.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMedia:
    """One picture of a post: which asset, and what it shows."""

    key: str
    revision: int
    media_type: str
    width: int
    height: int
    alt_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a post is besides where it goes to one reader, in a mail: other channels know nothing of it."""

    to: str
    """The reader: "Ada <ada@example.com>"."""
    html: str = ""
    """The whole page; `cid:picture-1` stands for the first picture. Empty for the words in plain dress."""
    unsubscribe_url: str = ""
    """Takes a POST by which the reader leaves, without a question and without a login; RFC 8058."""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is to be sent, already written for its channel."""

    text: str
    media: tuple[PostMedia, ...] = ()
    link: str = ""
    title: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    """What the pipeline knows of it and the network does not need: the day, the theme."""
    publish_at: datetime | None = None
    """Not before; None for as soon as the channel lets it."""
    by_hand: bool = False
    """A person has changed it since: it stays as it is now, whatever the draft says."""
    letter: Letter | None = None

    def as_dict(self) -> dict[str, Any]:
        # Not `asdict`, which looks into everything within and copies it: this is stored at each step of a publication.
        return {each.name: getattr(self, each.name) for each in fields(self)} | {
            "media": [{each.name: getattr(item, each.name) for each in fields(item)} for item in self.media],
            "about": dict(self.about),
            "publish_at": self.publish_at.isoformat() if self.publish_at else None,
            "letter": asdict(self.letter) if self.letter else None,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Post:
        return cls(
            text=data["text"],
            media=tuple(PostMedia(**item) for item in data.get("media", ())),
            link=data.get("link", ""),
            title=data.get("title", ""),
            about=dict(data.get("about", {})),
            publish_at=datetime.fromisoformat(data["publish_at"]) if data.get("publish_at") else None,
            by_hand=bool(data.get("by_hand", False)),
            letter=Letter(**data["letter"]) if data.get("letter") else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that the post is there."""

    remote_id: str
    url: str
    at: datetime
    limit_ends_at: datetime | None = None
    """When the next post may be sent, if this one has used up a rate limit; the channel keeps to it, no proof does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One time that the call which makes the post public was begun."""

    number: int
    started_at: datetime
    """When the call was made for the first time."""
    outcome: str = ""
    """Empty while unknown; else `published`, `refused` or `absent`."""
    repeated_at: datetime | None = None
    """When the same call was last made again, on a network that knows our key."""
    is_repeatable: bool = True
    """False once the network has refused the call made again: what became of the first one must be looked for."""
    absent_at: tuple[datetime, ...] = ()
    """The readings, after the settling time, that did not find the post."""

    @property
    def last_call_at(self) -> datetime:
        return self.repeated_at or self.started_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    id: str
    key: str
    """Job, channel and post version: the same key is the same publication."""
    job_id: str
    pipeline: str
    channel: str
    network: str
    post: Post
    state: PublicationState
    created_at: datetime
    updated_at: datetime
    prepared: dict[str, Any] = field(default_factory=dict)
    """What preparation has got so far: media ids, a container id, a record key of our own."""
    attempts: tuple[Attempt, ...] = ()
    receipt: Receipt | None = None
    problem: Problem | None = None
    """Why it is rejected, held or waiting."""
    due_at: datetime | None = None
    """When it is tried next, while scheduled."""
    version: int = 0
    """Counts changes; the compare-and-set of every change."""

    @property
    def step(self) -> str:
        """The path of the step that sends it, for one of several on a channel; empty where it is the only one."""
        start = f"{self.job_id}:{self.channel}:"
        part = self.key.removeprefix(start) if self.key.startswith(start) else FIRST
        return "" if part == FIRST else part

    def is_sent_by(self, path: str) -> bool:
        """Say whether the step at this path sends it: its own, or the turn of a `ForEach` over channels."""
        return path == self.step if self.step else path.endswith(f"[{self.channel}]")

    @property
    def open_attempt(self) -> Attempt | None:
        """The attempt whose outcome nobody knows yet."""
        return self.attempts[-1] if self.attempts and not self.attempts[-1].outcome else None

    def as_published(self) -> dict[str, Any]:
        """Return what `PostPublished` says; only for a publication with a receipt.

        A letter is between us and its reader: no event keeps its words and pictures, and no gallery shows them.
        """
        assert self.receipt is not None
        told = Post(text="", about=self.post.about) if self.post.letter else self.post
        return {
            "publication_id": self.id,
            "channel": self.channel,
            "network": self.network,
            "pipeline": self.pipeline,
            "remote_id": self.receipt.remote_id,
            "url": self.receipt.url,
            "text": told.text,
            "title": told.title,
            "media": [
                {"key": item.key, "revision": item.revision, "width": item.width, "height": item.height}
                for item in told.media
            ],
            "alt_texts": [item.alt_text for item in told.media],
            "about": told.about,
        }

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "job_id": self.job_id,
            "pipeline": self.pipeline,
            "channel": self.channel,
            "network": self.network,
            "state": self.state.value,
            "remote_id": self.receipt.remote_id if self.receipt else None,
            "url": self.receipt.url if self.receipt else None,
            "published_at": self.receipt.at.isoformat() if self.receipt else None,
            "attempts": len(self.attempts),
            "attempt_history": [
                {
                    "number": attempt.number,
                    "started_at": attempt.started_at.isoformat(),
                    "outcome": attempt.outcome or "unknown",
                    "absent_at": [at.isoformat() for at in attempt.absent_at],
                }
                for attempt in self.attempts
            ],
            "problem": self.problem.as_dict() if self.problem else None,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "post": self.post.as_dict(),
            "created_at": self.created_at.isoformat(),
        }
