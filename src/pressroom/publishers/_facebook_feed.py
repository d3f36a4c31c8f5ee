"""Looks on the Page for a post that we sent and had no answer to: by its photos, which no other has, or its words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from pressroom.errors import Unavailable
from pressroom.http_api import HttpApi
from pressroom.publications import Receipt
from pressroom.publishers._meta_graph import TooMany, listed, moment
from pressroom.publishers._meta_text import is_same_text
from pressroom.publishers.base import Absent, CannotTell, Found, Reading

_FIELDS = "id,message,created_time,permalink_url,from,attachments{target{id},subattachments{target{id}}}"
_PAGE_SIZE = "25"


def find(api: HttpApi, page_id: str, text: str, photo_ids: Collection[str], since: datetime) -> Reading:
    """Look among the Page's posts that are not older than `since`."""
    looks_alike: list[Receipt] = []
    surely = None
    try:
        for shown in _posts(api, page_id, since):
            attached = set(_attached(shown))
            if attached & set(photo_ids):
                return Found(receipt(shown))
            if not is_same_text(text, str(shown.get("message") or "")) or _is_visitors(shown, page_id):
                continue
            if attached and photo_ids:
                continue  # the same words with other photos: another post
            looks_alike.append(receipt(shown))
            surely = None if photo_ids or attached or not text.strip() else looks_alike[-1]
    except TooMany:
        return CannotTell(f"The Page has more posts since {since:%Y-%m-%d %H:%M} UTC than Pressroom reads.")
    if not looks_alike:
        return Absent()
    if surely is not None and len(looks_alike) == 1:
        return Found(surely)
    return CannotTell(
        "Facebook shows posts that could be this one, and nothing that tells them apart.",
        {"candidates": [{"remote_id": one.remote_id, "url": one.url, "at": one.at.isoformat()} for one in looks_alike]},
    )


def receipt(shown: dict[str, Any]) -> Receipt:
    post_id, url = str(shown["id"]), shown.get("permalink_url")
    is_address = isinstance(url, str) and url.startswith("https://")
    return Receipt(remote_id=post_id, url=str(url) if is_address else address(post_id), at=_created_at(shown))


def address(post_id: str) -> str:
    """Return an address that leads to a post by its id alone."""
    return f"https://www.facebook.com/{post_id}"


def _posts(api: HttpApi, page_id: str, since: datetime) -> Iterator[dict[str, Any]]:
    parameters = {"fields": _FIELDS, "since": str(int(since.timestamp())), "limit": _PAGE_SIZE}
    for shown in listed(api, f"/{page_id}/feed", "show the Page's posts", **parameters):
        if _created_at(shown) >= since:
            yield shown


def _attached(shown: dict[str, Any]) -> Iterator[str]:
    """Give the ids of what is attached to a post, each photo of several among it."""
    for attachment in _data(shown.get("attachments")):
        target = attachment.get("target")
        if isinstance(target, dict) and target.get("id"):
            yield str(target["id"])
        yield from _attached({"attachments": attachment.get("subattachments")})


def _data(edge: object) -> list[dict[str, Any]]:
    found = edge.get("data") if isinstance(edge, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _is_visitors(shown: dict[str, Any], page_id: str) -> bool:
    author = shown.get("from")
    return isinstance(author, dict) and str(author.get("id", page_id)) != page_id


def _created_at(shown: dict[str, Any]) -> datetime:
    found = moment(shown.get("created_time"))
    if found is None or not shown.get("id"):
        raise Unavailable("Facebook showed a post without its id or time.", todo="It is tried again later.")
    return found
