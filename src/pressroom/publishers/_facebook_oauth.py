"""Connecting a Page: Facebook Login, a long-lived token, and the Page's own token of it, which does not end."""

from __future__ import annotations

from typing import Any

from pressroom.errors import AccountDisconnected, PostRejected
from pressroom.http_api import HttpApi
from pressroom.oauth import Connected, OAuth
from pressroom.publishers._meta_graph import listed
from pressroom.publishers._meta_oauth import app_keys, longer_token, token_in, unsigned_api
from pressroom.publishers.base import Channel

SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts", "read_insights")


def page_oauth(channel: Channel, authorize_url: str, base_url: str, page_id: str) -> OAuth:
    client_id, client_secret = app_keys(channel, "Facebook")
    api = unsigned_api(channel, "Facebook", base_url)

    def finish(document: dict[str, Any]) -> Connected:
        parameters = {
            "grant_type": "fb_exchange_token",
            "client_id": client_id,
            "client_secret": client_secret,
            "fb_exchange_token": token_in(document, "Facebook"),
        }
        token, _ = longer_token(api, "/oauth/access_token", parameters, channel.clock.now())
        page = _page(api, token, page_id, channel.name)
        return Connected(
            secrets={"access_token": str(page["access_token"]).strip()},
            account=str(page.get("name") or page["id"]),
            settings={"page_id": str(page["id"])},
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


def _page(api: HttpApi, token: str, page_id: str, channel: str) -> dict[str, Any]:
    """Return the Page that is meant: the one of the settings, or the only one."""
    parameters = {"fields": "id,name,access_token", "access_token": token, "limit": "100"}
    pages = [page for page in listed(api, "/me/accounts", "list the Pages", **parameters) if page.get("access_token")]
    meant = [page for page in pages if str(page.get("id")) == page_id] if page_id else pages
    if page_id and not meant:
        meant = _by_its_number(api, token, page_id)
    if len(meant) == 1:
        return meant[0]
    known = ", ".join(f"{page.get('name')} ({page.get('id')})" for page in pages) or "none"
    raise AccountDisconnected(
        f"Which Page is meant cannot be told; the Pages that the app was let at are: {known}.",
        where=f"channel {channel}",
        todo=f"Set page_id in [channels.{channel}] to one of them and connect it again.",
    )


def _by_its_number(api: HttpApi, token: str, page_id: str) -> list[dict[str, Any]]:
    """Return a Page that is not listed: those of a business portfolio are not, although the app was let at them."""
    parameters = {"fields": "id,name,access_token", "access_token": token}
    try:
        page = api.document("GET", f"/{page_id}", "show the Page", params=parameters)
    except (AccountDisconnected, PostRejected):
        return []
    return [page] if page.get("access_token") else []
