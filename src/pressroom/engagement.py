"""What people did with a post: its counts as a network tells them, and the notices that a network sends of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """The counts of one post so far. None: the network does not tell; never 0 for that."""

    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    """Reposts and quotes together."""
    views: int | None = None
    clicks: int | None = None
    saves: int | None = None

    def as_dict(self) -> dict[str, int | None]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Engagement:
        return cls(**{name: data.get(name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that somebody did with one post, as a network told us of it."""

    id: str
    """The same for the same happening, however often the network tells of it."""
    remote_id: str
    """The network's id of our post."""
    kind: str
    """Which count it is about, in the singular: like, comment, share, view, click, save; or the network's own word."""
    at: datetime | None = None
    """When it happened, if the network says so."""
    text: str = ""
    """Of a comment."""
    data: dict[str, Any] = field(default_factory=dict)
    """What else is worth keeping; nothing that names a person beyond what the network shows to everybody."""
