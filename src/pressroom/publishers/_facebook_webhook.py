"""What Facebook tells of a Page's posts: comments, reactions and shares. Webhooks for Pages, 2026-11-20."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pressroom.engagement import Notice
from pressroom.publishers._meta_graph import moment
from pressroom.publishers._meta_webhook import changes, inner, made_id, text_of

_KINDS = {"comment": "comment", "like": "like", "reaction": "like", "share": "share"}


def reads(page_id: str) -> Callable[[dict[str, Any]], Iterator[Notice]]:
    """Return what splits a body into notices; with an id, those of other Pages of the app are left out."""

    def read(document: dict[str, Any]) -> Iterator[Notice]:
        if document.get("object") != "page":
            return
        for field, value, entry in changes(document, page_id):
            item = str(value.get("item", ""))
            post_id = text_of(value, "post_id", "parent_id")
            # What is taken back or edited is not one more.
            if field != "feed" or item not in _KINDS or value.get("verb") != "add" or not post_id:
                continue
            at = value.get("created_time", entry.get("time"))
            who = text_of(inner(value, "from"), "id") or text_of(value, "sender_id", "user_id")
            own_id = text_of(value, "comment_id") if item == "comment" else text_of(value, "share_id")
            reaction = text_of(value, "reaction_type")
            yield Notice(
                id=own_id or made_id(post_id, item, who, reaction, at),
                remote_id=post_id,
                kind=_KINDS[item],
                at=moment(at),
                text=text_of(value, "message") if item == "comment" else "",
                data={"reaction": reaction} if reaction else {},
            )

    return read
