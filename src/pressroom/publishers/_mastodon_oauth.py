"""How an account is connected to a channel in a browser: the authorization code flow of its own server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pressroom.errors import AccountDisconnected, ConfigurationError, Unavailable
from pressroom.http_answers import Deadline
from pressroom.oauth import Connected, OAuth
from pressroom.publishers._mastodon_api import mastodon_api
from pressroom.publishers.base import Channel

if TYPE_CHECKING:
    import httpx

# docs.joinmastodon.org api/oauth-scopes, 2026-11-20; `read:accounts` tells whose account it is, also on servers that
# are older than the scope `profile`.
SCOPES = ("read:accounts", "read:statuses", "write:media", "write:statuses")


@dataclass(frozen=True)
class NewToken:
    """Implements `SignIn` for a token that is not stored yet."""

    token: str = field(repr=False)
    can_renew = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.token,)

    def sign(self, request: httpx.Request) -> str:
        request.headers["authorization"] = f"Bearer {self.token}"
        return self.token

    def renew(self, refused: str, deadline: Deadline) -> None:
        raise AccountDisconnected("A token of Mastodon cannot be renewed.", todo="Connect the account once more.")


def oauth(channel: Channel) -> OAuth:
    """Return the flow; raises `ConfigurationError` if the app's id or secret is missing."""
    base_url = channel.settings.base_url
    found = {name: (channel.secret(name) or "").strip() for name in ("client_id", "client_secret")}
    for name, value in found.items():
        if not value:
            raise ConfigurationError(
                f"The secret channels.{channel.name}.{name} is not set.",
                where=f"channel {channel.name}",
                todo=f"Make an app at {base_url}/settings/applications with the scopes {' '.join(SCOPES)}, then "
                f"`pressroom secrets set channels.{channel.name}.{name}`.",
            )

    def finish(document: dict[str, Any]) -> Connected:
        token = str(document.get("access_token") or "")
        if not token:
            raise Unavailable("Mastodon gave no access token.", todo="Connect the account once more.")
        api = mastodon_api(channel, NewToken(token))
        account = api.document("GET", "/api/v1/accounts/verify_credentials", "say whose account it is")
        # Tokens have no end unless the account or the server ends them; facts of 2026-11-20, seen in other code.
        return Connected(secrets={"access_token": token}, account=name_of(account, base_url))

    return OAuth(
        authorize_url=f"{base_url}/oauth/authorize",
        token_url=f"{base_url}/oauth/token",
        scopes=SCOPES,
        finish=finish,
        client_id=found["client_id"],
        client_secret=found["client_secret"],
    )


def name_of(account: dict[str, Any], base_url: str) -> str:
    """Return an account's whole name: `@pressroom@mastodon.example`."""
    url = str(account.get("url") or "")
    host = urlsplit(url).hostname or urlsplit(base_url).hostname or ""
    return f"@{account.get('username') or account.get('acct') or '?'}@{host}"
