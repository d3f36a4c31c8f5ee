"""What the fake Lightroom remembers: photos with their edits, albums, tokens."""

from __future__ import annotations

import base64
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

ACCESS_TOKEN_SECONDS = 24 * 60 * 60  # of IMS; Adobe Commerce, REST authentication, 2026-11-20
NO_TIME = "0000-00-00T00:00:00"


@dataclass
class Photo:
    """An asset of the catalog; its original is a JPEG as last edited."""

    id: str
    subtype: str
    created: str
    updated: str
    payload: dict[str, Any]
    picture: bytes
    ready_at: float
    """From when the renditions are there that are always made."""
    is_complete: bool = True
    """Whether its original was uploaded."""
    made: dict[str, float] = field(default_factory=dict)
    """Renditions on demand, and from when they are there."""

    @property
    def capture_date(self) -> str:
        return str(self.payload.get("captureDate", NO_TIME))


@dataclass
class Member:
    """A photo in an album."""

    id: str
    photo_id: str
    added_at: str


@dataclass
class Album:
    id: str
    name: str
    subtype: str
    members: list[Member] = field(default_factory=list)


@dataclass
class Token:
    text: str
    expires_at: float | None = None
    is_used: bool = False
    """A refresh token is good for one exchange."""


@dataclass
class State:
    """All of it, as plain values."""

    catalog_id: str = field(default_factory=lambda: secrets.token_hex(16))
    account_id: str = field(default_factory=lambda: secrets.token_hex(16))
    is_revoked: bool = False
    photos: dict[str, Photo] = field(default_factory=dict)
    albums: dict[str, Album] = field(default_factory=dict)
    access_tokens: dict[str, Token] = field(default_factory=dict)
    refresh_tokens: dict[str, Token] = field(default_factory=dict)
    last_change: float = 0.0

    def stamp(self, now: float) -> str:
        """A time of the server, later than every one before."""
        self.last_change = max(now, self.last_change + 0.000_002)
        return spell(self.last_change)

    def issue_tokens(self, now: float) -> tuple[Token, Token]:
        access = Token("access-" + secrets.token_urlsafe(24), now + ACCESS_TOKEN_SECONDS)
        refresh = Token("refresh-" + secrets.token_urlsafe(24))
        self.access_tokens[access.text], self.refresh_tokens[refresh.text] = access, refresh
        return access, refresh

    def dump(self) -> dict[str, Any]:
        document = asdict(self)
        for photo in document["photos"].values():
            photo["picture"] = base64.b64encode(photo["picture"]).decode()
        return document

    @classmethod
    def load(cls, data: dict[str, Any]) -> State:
        photos = {
            id: Photo(**{**one, "picture": base64.b64decode(one["picture"])}) for id, one in data["photos"].items()
        }
        albums = {
            id: Album(**{**one, "members": [Member(**member) for member in one["members"]]})
            for id, one in data["albums"].items()
        }
        tokens = {
            name: {text: Token(**one) for text, one in data[name].items()}
            for name in ("access_tokens", "refresh_tokens")
        }
        return cls(**{**data, "photos": photos, "albums": albums, **tokens})


def new_id() -> str:
    """An id as Lightroom's: 32 hex digits in lower case, without hyphens."""
    return secrets.token_hex(16)


def spell(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
