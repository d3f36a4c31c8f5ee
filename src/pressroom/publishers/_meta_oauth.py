"""What connecting an account has in common on Meta's networks: the app's keys, and short tokens made long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import ConfigurationError, Unavailable
from pressroom.http_api import HttpApi
from pressroom.publishers import _meta_errors
from pressroom.publishers.base import Channel
from pressroom.signing import NoSignIn


def app_keys(channel: Channel, service: str) -> tuple[str, str]:
    """Return the app's id and secret; raises `ConfigurationError` if one is missing."""
    client_id = (channel.secret("client_id") or "").strip()
    client_secret = (channel.secret("client_secret") or channel.secret("app_secret") or "").strip()
    missing = [name for name, value in (("client_id", client_id), ("client_secret", client_secret)) if not value]
    if missing:
        names = " and ".join(f"channels.{channel.name}.{name}" for name in missing)
        raise ConfigurationError(
            f"To connect an account of {service}, the secrets of your app at Meta are needed: {names} is missing.",
            where=f"channel {channel.name}",
            todo="Store it with `pressroom secrets set NAME`; it stands in the app's settings at Meta.",
        )
    return client_id, client_secret


def unsigned_api(channel: Channel, service: str, base_url: str) -> HttpApi:
    """Return the API for calls that carry a token of their own, before one is stored."""
    section = f"channels.{channel.name}"
    return HttpApi(
        service=service,
        where=f"channel {channel.name}",
        base_url=base_url,
        timeout=timedelta(seconds=channel.settings.timeout_seconds),
        clock=channel.clock,
        sign_in=NoSignIn,
        words=_meta_errors.words_of,
        explain=lambda call, answer: _meta_errors.explain(call, answer, channel.clock.now(), section),
    )


def token_in(document: dict[str, Any], service: str) -> str:
    """Return the token of a token endpoint's answer, which one network puts into a list."""
    data = document.get("data")
    first = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else document
    token = first.get("access_token")
    if not isinstance(token, str) or not token.strip():
        raise Unavailable(f"{service} gave no access token.", todo="Connect the account again.")
    return token.strip()


def longer_token(api: HttpApi, url: str, parameters: dict[str, str], now: datetime) -> tuple[str, datetime | None]:
    """Exchange a token that lives for an hour for one that lives for sixty days; return it and its end."""
    document = api.document("GET", url, "make the access token a long-lived one", params=parameters)
    seconds = document.get("expires_in")
    end = now + timedelta(seconds=seconds) if isinstance(seconds, int | float) and seconds > 0 else None
    return token_in(document, api.service), end
