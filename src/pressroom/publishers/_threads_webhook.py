"""What Threads tells of a profile's posts: replies to them. Webhooks for Threads, 2026-11-20."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pressroom.engagement import Notice
from pressroom.publishers._meta_graph import moment
from pressroom.publishers._meta_webhook import changes, inner, made_id, text_of


def reads(user_id: str) -> Callable[[dict[str, Any]], Iterator[Notice]]:
    """Return what splits a body into notices; with an id, replies to posts of others are left out."""

    def read(document: dict[str, Any]) -> Iterator[Notice]:
        for field, value in _changes(document):
            root = inner(value, "root_post")
            owner = text_of(root, "owner_id")
            post_id = text_of(root, "id") or text_of(inner(value, "replied_to"), "id")
            if field != "replies" or not post_id or (user_id and owner not in ("", user_id)):
                continue
            text, at = text_of(value, "text"), text_of(value, "timestamp")
            own_id = text_of(value, "id") or made_id(post_id, text, at)
            yield Notice(id=own_id, remote_id=post_id, kind="comment", at=moment(at), text=text)

    return read


def _changes(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the changes of a body: Threads sends one under `values`, and the networks beside it lists of entries."""
    values = document.get("values")
    for change in values if isinstance(values, list) else [values]:
        if isinstance(change, dict) and isinstance(change.get("value"), dict):
            yield str(change.get("field", "")), change["value"]
    for field, value, _ in changes(document, ""):
        yield field, value
