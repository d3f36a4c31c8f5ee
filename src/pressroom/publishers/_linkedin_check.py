"""Whether LinkedIn accepts a channel's token for its author, found out without publishing."""

from __future__ import annotations

from urllib.parse import quote

from pressroom.http_api import HttpApi
from pressroom.publishers.base import Finding


def check_author(api: HttpApi, author: str, channel: str) -> Finding:
    """Return what LinkedIn says; raises what it means if it does not accept the token."""
    if author.startswith("urn:li:organization:"):
        return _check_organization(api, author)
    answer = api.call("GET", "/v2/userinfo", "say whose account it is", ok=(200, 403))
    if answer.status == 403:
        what = "LinkedIn accepts the access token, and does not say whose it is."
        todo = "Connect the account with the scopes openid and profile to have that looked at."
        return Finding(ok=True, what=what, todo=todo)
    member = answer.document() or {}
    urn = f"urn:li:person:{member.get('sub')}"
    if author != urn:
        what = f"The setting author is {author}, and the access token is that of {urn}."
        return Finding(ok=False, what=what, todo=f'Set author = "{urn}" in [channels.{channel}].')
    return Finding(ok=True, what=f"LinkedIn accepts the access token of {member.get('name') or author}.")


def _check_organization(api: HttpApi, author: str) -> Finding:
    path = f"/rest/posts?q=author&author={quote(author, safe='')}&start=0&count=1&sortBy=LAST_MODIFIED"
    headers = {"x-restli-method": "FINDER"}
    answer = api.call("GET", path, "show the organisation's posts", ok=(200, 403), headers=headers)
    if answer.status == 403:
        what = f"LinkedIn accepts the access token, and does not show the posts of {author}."
        todo = "Ask for the scope r_organization_social: without it a post that had no answer waits for a person."
        return Finding(ok=True, what=what, todo=todo)
    return Finding(ok=True, what=f"LinkedIn accepts the access token for {author}.")
