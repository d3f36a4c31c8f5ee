"""Long-lived tokens of Meta's networks: when one ends, and its renewal before that where it can be renewed.

The end stands beside the token as `access_token_expires_at`, with a fingerprint of the token that it is of: somebody
may have stored another token since.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pressroom.errors import PressroomError
from pressroom.http_api import HttpApi
from pressroom.log import log
from pressroom.oauth import TokenInfo
from pressroom.publishers._meta_graph import moment
from pressroom.publishers.base import Channel

EXPIRES_AT = "access_token_expires_at"
_RENEWED_BEFORE = timedelta(days=7)
"""A token lives for 60 days and can be renewed from its second day on; Threads, long-lived tokens, 2026-11-20."""
_ASKED_AGAIN_AFTER = timedelta(days=1)
"""A token of which no end is known may be too young to be renewed: one is, after a day."""


def with_end(token: str, expires_at: datetime | None) -> dict[str, str]:
    """Return the secrets to be stored together for a token: itself, and when it ends."""
    if expires_at is None:
        return {"access_token": token}
    return {"access_token": token, EXPIRES_AT: f"{expires_at.isoformat()} {_fingerprint(token)}"}


def end_of_token(channel: Channel) -> datetime | None:
    """Return when the stored token ends; None if that is not known, or known of another token only."""
    token, noted = channel.secret("access_token"), channel.secret(EXPIRES_AT)
    if not token or not noted:
        return None
    text, _, fingerprint = noted.strip().partition(" ")
    return moment(text) if fingerprint in ("", _fingerprint(token.strip())) else None


def token_info(channel: Channel, *, renews_itself: bool) -> list[TokenInfo]:
    end = end_of_token(channel)
    if end is None:
        return []
    todo = f"Connect the account again and store channels.{channel.name}.access_token."
    return [TokenInfo(kind="access token", expires_at=end, renews_itself=renews_itself, todo=todo)]


@dataclass
class Renewal:
    """Renews the channel's token when its end is near, or not known. One for each publisher."""

    channel: Channel
    api: HttpApi
    url: str
    grant_type: str
    _asked_at: datetime | None = field(default=None, init=False)

    def run(self) -> None:
        """Have a fresh token stored if it is time. Never raises: the token that is there may be good for days yet.

        If it is not, the next call says so.
        """
        token, now = self.channel.secret("access_token"), self.channel.clock.now()
        if not token or not self._is_due(now):
            return
        with self.channel.secrets.lock(f"channels.{self.channel.name}.tokens"):
            if self.channel.secret("access_token") != token or not self._is_due(now):
                return  # somebody else was faster
            self._asked_at = now
            try:
                self._renew(token.strip(), now)
            except PressroomError as error:
                log.warning("the access token could not be renewed yet", where=self.api.where, why=error.what)

    def _is_due(self, now: datetime) -> bool:
        if self._asked_at is not None and now - self._asked_at < _ASKED_AGAIN_AFTER:
            return False
        end = end_of_token(self.channel)
        return end is None or end - now < _RENEWED_BEFORE

    def _renew(self, token: str, now: datetime) -> None:
        document = self.api.document(
            "GET", self.url, "renew the access token", params={"grant_type": self.grant_type, "access_token": token}
        )
        renewed, seconds = document.get("access_token"), document.get("expires_in")
        if not isinstance(renewed, str) or not renewed.strip() or not isinstance(seconds, int | float):
            log.warning("the renewed access token could not be read; the old one stays", where=self.api.where)
            return
        stored = with_end(renewed.strip(), now + timedelta(seconds=seconds))
        self.channel.secrets.set_many({f"channels.{self.channel.name}.{name}": value for name, value in stored.items()})


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:12]
