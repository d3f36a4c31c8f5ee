"""What the fake Mastodon remembers: accounts, tokens, uploads, statuses, and the keys of the last hour."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

ALL_SCOPES = ("read:accounts", "read:statuses", "write:media", "write:statuses")


@dataclass
class Account:
    id: str
    username: str
    trouble: str = ""
    """What the server says with 403 to everything: "Your login is currently disabled"."""


@dataclass
class Token:
    text: str
    account_id: str
    scopes: tuple[str, ...] = ALL_SCOPES
    is_revoked: bool = False


@dataclass
class Code:
    """Of the authorization code flow: good for one exchange."""

    text: str
    account_id: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str = ""
    is_used: bool = False


@dataclass
class Media:
    id: str
    account_id: str
    mime: str
    size: int
    width: int
    height: int
    description: str | None
    focus: str | None
    at: float
    ready_at: float
    is_broken: bool = False
    """The server finds out while it works on it that it cannot read the file."""
    status_id: str | None = None


@dataclass
class Status:
    id: str
    account_id: str
    text: str
    created_at: float
    media_ids: list[str] = field(default_factory=list)
    visibility: str = "public"
    language: str | None = None
    sensitive: bool = False
    spoiler_text: str = ""
    in_reply_to_id: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    """favourites_count and the like, as a test sets them."""


@dataclass
class State:
    """All of it, as plain values."""

    accounts: list[Account] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    keys: dict[str, tuple[str, float]] = field(default_factory=dict)
    """By account and Idempotency-Key: the status, and when the key is forgotten."""
    last_id: int = 0

    def new_id(self, now: float) -> str:
        """An id that grows with time, as Mastodon's do: milliseconds, shifted."""
        self.last_id = max(self.last_id + 1, int(now * 1000) << 16)
        return str(self.last_id)

    def issue(self, account_id: str, scopes: tuple[str, ...]) -> Token:
        token = Token(secrets.token_urlsafe(32), account_id, scopes)
        self.tokens.append(token)
        return token

    def account(self, account_id: str) -> Account:
        return next(one for one in self.accounts if one.id == account_id)

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> State:
        return cls(
            [Account(**one) for one in data["accounts"]],
            [Token(**one | {"scopes": tuple(one["scopes"])}) for one in data["tokens"]],
            [Code(**one | {"scopes": tuple(one["scopes"])}) for one in data["codes"]],
            [Media(**one) for one in data["media"]],
            [Status(**one) for one in data["statuses"]],
            {key: (status, float(until)) for key, (status, until) in data["keys"].items()},
            data["last_id"],
        )
