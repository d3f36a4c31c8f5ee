"""Connecting an account of X: authorization code with PKCE, by OAuth 2."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pressroom.errors import AccountDisconnected, ConfigurationError, PressroomError, Unavailable
from pressroom.http_answers import Deadline
from pressroom.http_api import HttpApi
from pressroom.log import log
from pressroom.oauth import Connected, OAuth
from pressroom.publishers._x_api import x_api
from pressroom.publishers.base import Channel

if TYPE_CHECKING:
    import httpx

# docs.x.com OAuth 2.0 authorization code flow with PKCE, 2026-11-20: the page, the scopes, and that a code must be
# exchanged within 30 seconds. Without `offline.access` there is no refresh token.
AUTHORIZE_URL = "https://x.com/i/oauth2/authorize"
SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
OF_OAUTH1 = "access_token_secret"


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
        raise AccountDisconnected("A token that was given a moment ago is refused.", todo="Connect the account again.")


def oauth(channel: Channel, is_x_itself: bool) -> OAuth:
    """Return the flow; a `base_url` that is not X's own stands in for its page too."""
    base_url, section = channel.settings.base_url.rstrip("/"), f"channels.{channel.name}"
    client_id = (channel.secret("client_id") or "").strip()
    if channel.secret(OF_OAUTH1):
        # Both ways keep their token under the same name, and the older one would go on signing with the new token.
        raise ConfigurationError(
            f"The channel {channel.name} signs in with the four keys of OAuth 1.0a, which have no end.",
            where=f"channel {channel.name}",
            todo=f"To connect it with OAuth 2 instead: `pressroom secrets remove {section}.{OF_OAUTH1}`.",
        )
    if not client_id:
        raise ConfigurationError(
            f"To connect an account of X, the client ID of your app is needed: {section}.client_id is missing.",
            where=f"channel {channel.name}",
            todo=f"`pressroom secrets set {section}.client_id`, and for a confidential app {section}.client_secret; "
            "they stand in X's developer portal under *User authentication settings*.",
        )

    def finish(document: dict[str, Any]) -> Connected:
        access, refresh = (str(document.get(name) or "").strip() for name in ("access_token", "refresh_token"))
        if not access or not refresh:
            raise Unavailable(
                f"X gave no {'access' if not access else 'refresh'} token.",
                where=f"channel {channel.name}",
                todo="Look whether the app may ask for offline.access, and connect the account again.",
            )
        account = _account(replace(x_api(channel), sign_in=lambda: NewToken(access)))
        return Connected(
            secrets={"access_token": access, "refresh_token": refresh},
            account=f"@{account['username']}" if account else "",
            settings={"user_id": account["id"]} if account else {},
        )

    return OAuth(
        authorize_url=AUTHORIZE_URL if is_x_itself else f"{base_url}/i/oauth2/authorize",
        token_url=f"{base_url}/2/oauth2/token",
        client_id=client_id,
        client_secret=(channel.secret("client_secret") or "").strip(),
        scopes=SCOPES,
        client_in_header=True,
        finish=finish,
    )


def _account(api: HttpApi) -> dict[str, str] | None:
    """Return whose account it is; None if X does not say, for which good tokens are not thrown away.

    The check that follows asks again, and says what is wrong.
    """
    try:
        data = api.document("GET", "/2/users/me", "say whose account it is").get("data")
    except PressroomError as error:
        log.warning("X did not say whose account was connected", where=api.where, why=error.what)
        return None
    if not isinstance(data, dict) or not data.get("id"):
        return None
    return {"id": str(data["id"]), "username": str(data.get("username") or data["id"])}
