"""Whether a bot of Slack may do what a channel needs, found out without posting."""

from __future__ import annotations

from collections.abc import Iterator

from pressroom.http_api import HttpApi
from pressroom.publishers._slack_api import Refusal, ask
from pressroom.publishers._slack_history import MAY_NOT_READ
from pressroom.publishers.base import Finding
from pressroom.unencrypted import is_open_to_listeners

_NEEDED = ("chat:write",)
_FOR_PICTURES = ("files:write", "files:read")


def check_bot(api: HttpApi, channel_id: str) -> Iterator[Finding]:
    """Give one line for the token, one for what it may not do, one for the channel; raises what `ask` raises."""
    if is_open_to_listeners(api.base_url):
        what = f"{api.base_url} is not encrypted: the token can be read on the way."
        yield Finding(ok=True, what=what, todo="Use https:// for anything that is not on this machine.")
    document, answer = ask(api, "POST", "auth.test", "say whose token it is")
    yield Finding(ok=True, what=f"Slack accepts the token of {document.get('user')} in {document.get('team')}.")
    # Slack names the rights of the token in each answer.
    scopes = set(answer.headers.get("x-oauth-scopes", "").replace(" ", "").split(","))
    if scopes - {""}:
        if missing := [scope for scope in _NEEDED if scope not in scopes]:
            todo = "Add it to the app's bot token scopes, install the app again and store its new token."
            yield Finding(ok=False, what=f"The token lacks the scope {', '.join(missing)}.", todo=todo)
        if missing := [scope for scope in _FOR_PICTURES if scope not in scopes]:
            todo = "Add them to the app's bot token scopes and install the app again, if posts are to have pictures."
            yield Finding(ok=True, what=f"Without {' and '.join(missing)} posts can have no pictures.", todo=todo)
    try:
        ask(
            api,
            "GET",
            "conversations.history",
            "show the channel's messages",
            tell=MAY_NOT_READ,
            params={"channel": channel_id, "limit": "1"},
        )
    except Refusal as refusal:
        what = f"The app may not read the channel {channel_id} ({refusal.error})."
        todo = (
            "Invite it there, with channels:history or groups:history: else a post without an answer is held for you."
        )
        yield Finding(ok=True, what=what, todo=todo)
