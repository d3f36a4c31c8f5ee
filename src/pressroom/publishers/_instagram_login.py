"""The two ways to sign in to Instagram: with an Instagram account alone, or with the Facebook Page it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pressroom.errors import AccountDisconnected, PostRejected
from pressroom.http_api import HttpApi
from pressroom.publishers._meta_graph import id_in, read

Way = Literal["instagram", "facebook"]


@dataclass(frozen=True, kw_only=True)
class Login:
    """What differs between the ways; Instagram platform, overview and business login, 2026-11-20."""

    host: str
    authorize_url: str
    token_url: str
    """With `{base}` for the host and `{version}` for the version."""
    scopes: tuple[str, ...]
    account_fields: str
    """Of `/me`, that name the Instagram account."""
    renews: bool
    """Whether a token can be renewed; a Page's does not end."""


LOGINS: dict[str, Login] = {
    "instagram": Login(
        host="https://graph.instagram.com",
        authorize_url="https://www.instagram.com/oauth/authorize",
        token_url="https://api.instagram.com/oauth/access_token",
        scopes=(
            "instagram_business_basic",
            "instagram_business_content_publish",
            "instagram_business_manage_insights",
        ),
        account_fields="user_id,username",
        renews=True,
    ),
    "facebook": Login(
        host="https://graph.facebook.com",
        authorize_url="https://www.facebook.com/{version}/dialog/oauth",
        token_url="https://graph.facebook.com/{version}/oauth/access_token",
        scopes=(
            "instagram_basic",
            "instagram_content_publish",
            "instagram_manage_insights",
            "pages_show_list",
            "pages_read_engagement",
        ),
        account_fields="instagram_business_account{id,username}",
        renews=False,
    ),
}


def account_of(api: HttpApi, login: Login, channel: str) -> dict[str, str]:
    """Return the id and the name of the Instagram account that a token is of."""
    try:
        document = read(api, "/me", "say whose account it is", fields=login.account_fields)
    except PostRejected as error:
        raise AccountDisconnected(error.what, where=error.where, todo=error.todo, detail=error.detail) from error
    found = _account_in(document)
    if not found["id"]:
        raise AccountDisconnected(
            "Instagram does not name the account that the access token is of.",
            where=api.where,
            todo=f'Set user_id = "…" in [channels.{channel}] to the number of the Instagram account.',
        )
    return found


def _account_in(document: dict[str, Any]) -> dict[str, str]:
    data = document.get("data")
    told = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else document
    of_page = told.get("instagram_business_account")
    told = of_page if isinstance(of_page, dict) else {"id": told.get("user_id"), "username": told.get("username")}
    return {"id": id_in(told), "username": str(told.get("username") or "")}
