"""What Instagram tells of an account's posts: comments and mentions. Instagram platform, webhooks, 2026-11-20."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pressroom.engagement import Notice
from pressroom.publishers._meta_graph import moment
from pressroom.publishers._meta_webhook import changes, inner, made_id, text_of

_COMMENTS = ("comments", "live_comments")


def reads(user_id: str) -> Callable[[dict[str, Any]], Iterator[Notice]]:
    """Return what splits a body into notices; with an id, those of other accounts of the app are left out."""

    def read(document: dict[str, Any]) -> Iterator[Notice]:
        if document.get("object") != "instagram":
            return
        for field, value, entry in changes(document, user_id):
            media_id = text_of(inner(value, "media"), "id") or text_of(value, "media_id")
            if not media_id:
                continue
            at = moment(entry.get("time"))
            if field in _COMMENTS:
                text = text_of(value, "text")
                own_id = text_of(value, "id") or made_id(media_id, field, text, entry.get("time"))
                yield Notice(id=own_id, remote_id=media_id, kind="comment", at=at, text=text)
            elif field == "mentions":
                own_id = text_of(value, "comment_id") or made_id(media_id, field, entry.get("time"))
                yield Notice(id=f"mention_{own_id}", remote_id=media_id, kind="mention", at=at)

    return read
