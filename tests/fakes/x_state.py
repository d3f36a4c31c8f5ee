"""What the fake X remembers: accounts, tokens, media, posts, and what each call cost."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

ACCESS_TOKEN_SECONDS = 2 * 60 * 60  # docs.x.com OAuth 2.0, 2026-11-20
ALL_SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")


@dataclass
class Account:
    """A user of X who has connected an app, with that app's keys."""

    id: str
    username: str
    api_key: str
    api_secret: str
    access_token: str
    access_token_secret: str
    client_id: str
    client_secret: str | None
    scopes: tuple[str, ...] = ALL_SCOPES
    is_premium: bool = False
    is_revoked: bool = False


@dataclass
class Token:
    """An OAuth 2 access or refresh token."""

    text: str
    account_id: str
    scopes: tuple[str, ...]
    expires_at: float | None = None
    """None for a refresh token, whose lifetime X does not state."""
    is_void: bool = False
    """Used (a refresh token is good for once) or replaced."""


@dataclass
class Media:
    """An uploaded file; its bytes are in the request that brought it."""

    id: str
    account_id: str
    media_key: str
    category: str
    mime: str
    size_bytes: int
    width: int
    height: int
    sha256: str
    expires_at: float
    alt_text: str | None = None
    post_id: str | None = None


@dataclass
class Post:
    """A post that X accepted; `text` is as it was sent, `shown_text` as the API gives it back."""

    id: str
    account_id: str
    text: str
    shown_text: str
    media_ids: list[str]
    created_at: float
    request_number: int
    made_with_ai: bool = False
    metrics: dict[str, int] = field(default_factory=dict)


@dataclass
class Charge:
    """What one call cost, in thousandths of a dollar."""

    what: str
    mills: int
    at: float


@dataclass
class State:
    """All of it, as plain values."""

    accounts: list[Account] = field(default_factory=list)
    access_tokens: list[Token] = field(default_factory=list)
    refresh_tokens: list[Token] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    last_id: int = 0

    def new_id(self, now: float) -> str:
        """An id that grows with time, as X's do: milliseconds since its epoch, shifted."""
        self.last_id = max(self.last_id + 1, int(now * 1000 - 1_288_834_974_657) << 22)
        return str(self.last_id)

    def issue_tokens(self, account: Account, scopes: tuple[str, ...], now: float) -> tuple[Token, Token]:
        """A new access token and a new refresh token."""
        access = Token("access-" + secrets.token_urlsafe(24), account.id, scopes, now + ACCESS_TOKEN_SECONDS)
        refresh = Token("refresh-" + secrets.token_urlsafe(24), account.id, scopes)
        self.access_tokens.append(access)
        self.refresh_tokens.append(refresh)
        return access, refresh

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> State:
        def tokens(name: str) -> list[Token]:
            return [Token(**{**token, "scopes": tuple(token["scopes"])}) for token in data[name]]

        return cls(
            [Account(**{**account, "scopes": tuple(account["scopes"])}) for account in data["accounts"]],
            tokens("access_tokens"),
            tokens("refresh_tokens"),
            [Media(**media) for media in data["media"]],
            [Post(**post) for post in data["posts"]],
            [Charge(**charge) for charge in data["charges"]],
            data["last_id"],
        )
