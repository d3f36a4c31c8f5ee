"""Connecting a Threads profile: its own login, and a token that lives for sixty days."""

from __future__ import annotations

from typing import Any

from pressroom.oauth import Connected, OAuth
from pressroom.publishers._meta_oauth import app_keys, longer_token, token_in, unsigned_api
from pressroom.publishers._meta_tokens import with_end
from pressroom.publishers.base import Channel

# Threads API, get access tokens and permissions, 2026-11-20
SCOPES = ("threads_basic", "threads_content_publish", "threads_manage_insights", "threads_read_replies")


def profile_oauth(channel: Channel, authorize_url: str, base_url: str, version: str) -> OAuth:
    """`base_url` is without the version."""
    client_id, client_secret = app_keys(channel, "Threads")
    api = unsigned_api(channel, "Threads", f"{base_url}/{version}")

    def finish(document: dict[str, Any]) -> Connected:
        parameters = {
            "grant_type": "th_exchange_token",
            "client_secret": client_secret,
            "access_token": token_in(document, "Threads"),
        }
        token, end = longer_token(api, f"{base_url}/access_token", parameters, channel.clock.now())
        fields = {"fields": "id,username", "access_token": token}
        me = api.document("GET", "/me", "say whose profile it is", params=fields)
        return Connected(
            secrets=with_end(token, end),
            account=f"@{me.get('username')}",
            expires_at=end,
            settings={"user_id": str(me.get("id", ""))},
        )

    return OAuth(
        authorize_url=authorize_url,
        token_url=f"{base_url}/oauth/access_token",
        client_id=client_id,
        client_secret=client_secret,
        scopes=SCOPES,
        scope_separator=",",
        uses_pkce=False,
        finish=finish,
    )
