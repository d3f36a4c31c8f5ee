"""What the fake LinkedIn remembers: members, the organisations they run, tokens, images and posts."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

ACCESS_TOKEN_SECONDS = 60 * 24 * 60 * 60  # learn.microsoft.com linkedin/shared/authentication, 2026-11-20
REFRESH_TOKEN_SECONDS = 365 * 24 * 60 * 60
MEMBER_SCOPES = ("openid", "profile", "w_member_social")
ORGANIZATION_SCOPES = ("w_organization_social", "r_organization_social", "rw_organization_admin")


@dataclass
class Member:
    """A member of LinkedIn who has connected an app."""

    id: str
    name: str
    client_id: str
    client_secret: str
    organizations: list[str] = field(default_factory=list)
    """URNs of the pages that the member administers."""
    is_revoked: bool = False

    @property
    def urn(self) -> str:
        return f"urn:li:person:{self.id}"


@dataclass
class Token:
    text: str
    member_id: str
    scopes: tuple[str, ...]
    expires_at: float


@dataclass
class Image:
    """An upload; its bytes are in the request that brought it."""

    urn: str
    owner: str
    upload_path: str
    upload_expires_at: float
    status: str = "WAITING_UPLOAD"
    looks_left: int = 0
    """How often it is still shown as PROCESSING."""
    mime: str = ""
    width: int = 0
    height: int = 0
    sha256: str = ""
    had_bearer: bool = False
    """Whether the upload bore a token."""


@dataclass
class Post:
    """A post that LinkedIn accepted; `commentary` is as it was sent, `text` what people read."""

    urn: str
    author: str
    commentary: str
    text: str
    content: dict[str, Any]
    created_at: float
    request_number: int

    def as_shown(self) -> dict[str, Any]:
        milliseconds = int(self.created_at * 1000)
        shown = {
            "id": self.urn,
            "author": self.author,
            "commentary": self.commentary,
            "visibility": "PUBLIC",
            "lifecycleState": "PUBLISHED",
            "createdAt": milliseconds,
            "publishedAt": milliseconds,
            "lastModifiedAt": milliseconds,
        }
        return shown | ({"content": self.content} if self.content else {})


@dataclass
class State:
    members: list[Member] = field(default_factory=list)
    access_tokens: list[Token] = field(default_factory=list)
    refresh_tokens: list[Token] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    last_id: int = 7_100_000_000_000_000_000

    def new_number(self) -> int:
        self.last_id += 4096
        return self.last_id

    def issue(self, member: Member, scopes: tuple[str, ...], now: float) -> tuple[Token, Token]:
        """A new access token and a new refresh token."""
        access = Token("AQ-access-" + secrets.token_urlsafe(24), member.id, scopes, now + ACCESS_TOKEN_SECONDS)
        refresh = Token("AQ-refresh-" + secrets.token_urlsafe(24), member.id, scopes, now + REFRESH_TOKEN_SECONDS)
        self.access_tokens.append(access)
        self.refresh_tokens.append(refresh)
        return access, refresh

    def member_of(self, token: Token) -> Member:
        return next(member for member in self.members if member.id == token.member_id)

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> State:
        def tokens(name: str) -> list[Token]:
            return [Token(**{**token, "scopes": tuple(token["scopes"])}) for token in data[name]]

        return cls(
            [Member(**member) for member in data["members"]],
            tokens("access_tokens"),
            tokens("refresh_tokens"),
            [Image(**image) for image in data["images"]],
            [Post(**post) for post in data["posts"]],
            data["last_id"],
        )
