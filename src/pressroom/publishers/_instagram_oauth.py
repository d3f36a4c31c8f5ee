"""Connecting an Instagram account, with Instagram's own login or with that of its Facebook Page."""

from __future__ import annotations

from typing import Any

from pressroom.errors import AccountDisconnected
from pressroom.http_api import HttpApi
from pressroom.oauth import Connected, OAuth
from pressroom.publishers._instagram_login import Login
from pressroom.publishers._meta_graph import listed
from pressroom.publishers._meta_oauth import app_keys, longer_token, token_in, unsigned_api
from pressroom.publishers._meta_tokens import with_end
from pressroom.publishers.base import Channel


def account_oauth(channel: Channel, login: Login, base_url: str, version: str, user_id: str) -> OAuth:
    """`base_url` is without the version; one that is not the login's own stands in for its token endpoint too."""
    client_id, client_secret = app_keys(channel, "Instagram")
    is_own = base_url == login.host
    authorize_url = login.authorize_url if is_own else f"{base_url}/oauth/authorize"
    token_url = login.token_url if is_own else f"{base_url}/oauth/access_token"
    api = unsigned_api(channel, "Instagram", f"{base_url}/{version}")

    def finish(document: dict[str, Any]) -> Connected:
        token = token_in(document, "Instagram")
        if login.renews:
            return _own(api, base_url, client_secret, token)
        return _of_page(api, client_id, client_secret, token, user_id)

    return OAuth(
        authorize_url=authorize_url.format(version=version),
        token_url=token_url.format(version=version),
        client_id=client_id,
        client_secret=client_secret,
        scopes=login.scopes,
        scope_separator=",",
        uses_pkce=False,
        finish=finish,
    )


def _own(api: HttpApi, base_url: str, client_secret: str, token: str) -> Connected:
    parameters = {"grant_type": "ig_exchange_token", "client_secret": client_secret, "access_token": token}
    token, end = longer_token(api, f"{base_url}/access_token", parameters, api.clock.now())
    me = api.document("GET", "/me", "say whose account it is", params=_as(token, "user_id,username"))
    return Connected(
        secrets=with_end(token, end),
        account=f"@{me.get('username')}",
        expires_at=end,
        settings={"user_id": str(me.get("user_id", ""))},
    )


def _of_page(api: HttpApi, client_id: str, client_secret: str, token: str, user_id: str) -> Connected:
    parameters = {
        "grant_type": "fb_exchange_token",
        "client_id": client_id,
        "client_secret": client_secret,
        "fb_exchange_token": token,
    }
    token, _ = longer_token(api, "/oauth/access_token", parameters, api.clock.now())
    fields = "id,name,access_token,instagram_business_account{id,username}"
    accounts = {
        str(account["id"]): (str(account.get("username") or account["id"]), str(page["access_token"]))
        for page in listed(api, "/me/accounts", "list the Pages", **_as(token, fields), limit="100")
        if page.get("access_token") and isinstance(account := page.get("instagram_business_account"), dict)
    }
    meant = [user_id] if user_id in accounts else ([] if user_id else list(accounts))
    if len(meant) != 1:
        known = ", ".join(f"@{name} ({number})" for number, (name, _) in accounts.items()) or "none"
        raise AccountDisconnected(
            f"Which Instagram account is meant cannot be told; those of the Pages are: {known}.",
            where=api.where,
            todo="Set user_id in the channel's section to one of them and connect it again.",
        )
    name, page_token = accounts[meant[0]]
    return Connected(secrets={"access_token": page_token}, account=f"@{name}", settings={"user_id": meant[0]})


def _as(token: str, fields: str) -> dict[str, str]:
    return {"fields": fields, "access_token": token}
