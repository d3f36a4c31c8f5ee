"""What every fake of Meta remembers: accounts of one app, and their access tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

HOUR_SECONDS = 60 * 60
DAY_SECONDS = 24 * HOUR_SECONDS
LONG_LIFE_SECONDS = 60 * DAY_SECONDS  # long-lived tokens, 2026-11-20
APP_ID = "990602627938098"
APP_SECRET = "app-secret-of-pressroom"


@dataclass
class Account:
    """A Page, an Instagram account or a Threads profile that has connected the app."""

    id: str
    name: str
    scopes: tuple[str, ...]
    is_restricted: bool = False


@dataclass
class Token:
    """An access token; a Page's own never ends."""

    text: str
    account_id: str
    scopes: tuple[str, ...]
    issued_at: float
    expires_at: float | None
    is_void: bool = False


def new_token(account: Account, now: float, life_seconds: float | None, scopes: tuple[str, ...] | None = None) -> Token:
    end = None if life_seconds is None else now + life_seconds
    return Token("EAA" + secrets.token_urlsafe(40), account.id, scopes or account.scopes, now, end)
