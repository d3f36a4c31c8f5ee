"""Reads a Slack channel back: the message that bears our key, and what people did with one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.engagement import Engagement
from pressroom.errors import Unavailable
from pressroom.http_api import HttpApi
from pressroom.publications import Receipt
from pressroom.publishers._slack_api import Refusal, ask
from pressroom.publishers.base import Absent, CannotTell, Found, Reading

EVENT_TYPE = "pressroom_post"
"""Of the metadata with our key; nobody sees it."""
CLOCK_SKEW = timedelta(minutes=2)
MAY_NOT_READ = ("missing_scope", "not_in_channel", "channel_not_found", "no_permission")
# Up to 999 a call, of which some apps get 15 whatever they ask for; docs.slack.dev conversations.history, 2026-11-20
_PAGE, _MOST_PAGES = 100, 20


def metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def receipt(workspace: str, channel_id: str, ts: str, at: datetime) -> Receipt:
    """Return the proof; its id says channel and message, as Slack needs both."""
    url = f"{workspace.rstrip('/')}/archives/{channel_id}/p{ts.replace('.', '')}"
    return Receipt(remote_id=f"{channel_id}/{ts}", url=url, at=at)


def find(api: HttpApi, channel_id: str, key: str, workspace: str, since: datetime) -> Reading:
    """Look for the message with our key among those of the channel since then."""
    unreadable = 0
    try:
        for shown in _messages(api, channel_id, since - CLOCK_SKEW):
            ours = shown.get("metadata")
            if not isinstance(ours, dict) or ours.get("event_type") != EVENT_TYPE:
                continue
            payload = ours.get("event_payload")
            if isinstance(payload, dict) and payload.get("key") == key:
                return Found(receipt(workspace, channel_id, str(shown["ts"]), _time(str(shown["ts"]))))
            unreadable += not isinstance(payload, dict) or "key" not in payload
    except Refusal as refusal:
        return CannotTell(f"the app may not read the channel ({refusal.error}).", {"channel": channel_id})
    if unreadable:
        return CannotTell("Slack shows messages of ours without their keys.", {"channel": channel_id})
    return Absent()


def _messages(api: HttpApi, channel_id: str, since: datetime) -> Iterator[dict[str, Any]]:
    query = {
        "channel": channel_id,
        "oldest": f"{since.timestamp():.6f}",
        "limit": str(_PAGE),
        "include_all_metadata": "true",
    }
    for _ in range(_MOST_PAGES):
        document, _answer = ask(
            api, "GET", "conversations.history", "show the channel's messages", tell=MAY_NOT_READ, params=query
        )
        found = document.get("messages")
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Unavailable("Slack's messages cannot be read.", where=api.where, todo="It is tried again later.")
        yield from found
        following = document.get("response_metadata")
        cursor = str(following.get("next_cursor") or "") if isinstance(following, dict) else ""
        if not cursor:
            return
        query["cursor"] = cursor
    raise Unavailable(
        f"The channel has more messages since {since:%Y-%m-%d %H:%M} UTC than Pressroom reads.",
        where=api.where,
        todo="Look for the post at Slack.",
    )


def measure(api: HttpApi, remote_id: str) -> Engagement | None:
    """Return the reactions and replies of one message; None if it is gone."""
    channel_id, _, ts = remote_id.partition("/")
    query = {"channel": channel_id, "oldest": ts, "latest": ts, "inclusive": "true", "limit": "1"}
    document, _ = ask(api, "GET", "conversations.history", "count what people did with a message", params=query)
    shown = next((one for one in document.get("messages") or () if isinstance(one, dict) and one.get("ts") == ts), None)
    if shown is None:
        return None
    reactions = [one for one in shown.get("reactions") or () if isinstance(one, dict)]
    likes = sum(int(one.get("count") or 0) for one in reactions)
    # A message that is read whole and has no count of replies has none.
    return Engagement(likes=likes, comments=int(shown.get("reply_count") or 0))


def _time(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
