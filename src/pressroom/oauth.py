"""How an account is connected to a channel by OAuth 2: what differs between networks, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What a finished connection comes to: secrets to be stored together under the channel's section."""

    secrets: dict[str, str] = field(repr=False)
    """By their names under `channels.NAME`: access_token, refresh_token."""
    account: str = ""
    """Whose account it is, for people: "@pressroom"."""
    expires_at: datetime | None = None
    settings: dict[str, str] = field(default_factory=dict)
    """What the user should now write into the channel's section, such as the page's id; shown, not written."""


Finish = Callable[[dict[str, Any]], Connected]
"""Makes the answer of the token endpoint into what is stored: may exchange it for a longer-lived token first.

Called with the endpoint's document; raises what `http_api` raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """The authorization code flow of one network, for one channel."""

    authorize_url: str
    token_url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...]
    scope_separator: str = " "
    uses_pkce: bool = True
    client_in_header: bool = False
    """Whether id and secret go as Basic authentication to the token endpoint, not in its form."""
    more: dict[str, str] = field(default_factory=dict)
    """Further parameters of the authorization page."""
    finish: Finish


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenInfo:
    """What is known of a channel's credentials, for warnings; never the secret itself."""

    kind: str
    """For people: "access token", "API version 202607"."""
    expires_at: datetime
    renews_itself: bool = False
    """Whether Pressroom renews it before that by itself."""
    todo: str = ""
    """What a person has to do before it ends."""
