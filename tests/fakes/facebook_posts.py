"""Photos and posts of a Page: what Facebook takes as one, and how it gives a post back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.meta_errors import graph_error, invalid_parameter
from tests.fakes.meta_messages import timestamp
from tests.fakes.meta_pictures import Unreachable, fetch, look_at
from tests.fakes.meta_state import DAY_SECONDS, Account

FORMATS = ("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff")  # photo uploads, 2026-11-20
MAX_BYTES = 4_000_000
MAX_PHOTOS = 10


@dataclass
class Photo:
    id: str
    alt_text: str
    uploaded_at: float
    post_id: str | None = None


@dataclass
class Post:
    id: str
    message: str
    link: str
    photo_ids: list[str]
    created_at: float
    request_number: int
    author: str = ""
    """The number of a visitor who wrote it; empty for the Page itself."""
    likes: int = 0
    comments: int = 0
    shares: int = 0
    views: int = 0
    clicks: int = 0


def read_photo(values: dict[str, Any], photo_id: str, now: float) -> Photo:
    """The photo of an upload; refused if Facebook would not take it."""
    data = values.get("source")
    if "url" in values:
        try:
            data = fetch(values["url"], MAX_BYTES)
        except Unreachable:
            raise graph_error("(#324) Missing or invalid image file", 324, 2069019) from None
    if not isinstance(data, bytes):
        raise graph_error("(#324) Requires upload file", 324)
    if len(data) > MAX_BYTES:
        message = "Your photos couldn't be uploaded. Photos should be smaller than 4 MB."
        raise graph_error(message, 1366046, user_message=message)
    looked = look_at(data)
    if looked is None or looked.kind not in FORMATS:
        raise graph_error("Your photos couldn't be uploaded. Save them as JPG, PNG, GIF or TIFF.", 1366046)
    return Photo(photo_id, str(values.get("alt_text_custom", "")), now)


def attach(media: list[Any], photos: list[Photo], now: float) -> list[Photo]:
    """The photos that a new post names; each is good for one post, and not for ever."""
    if len(media) > MAX_PHOTOS:
        raise invalid_parameter(f"Param attached_media takes {MAX_PHOTOS} at most")
    found = []
    for entry in media:
        if not isinstance(entry, dict) or set(entry) != {"media_fbid"}:
            raise invalid_parameter("Param attached_media must hold objects with media_fbid")
        photo = next((photo for photo in photos if photo.id == str(entry["media_fbid"])), None)
        if photo is None or photo.uploaded_at <= now - DAY_SECONDS:
            raise invalid_parameter("Invalid media_fbid")
        if photo.post_id is not None:
            message = "These photos were already posted."
            raise graph_error(message, 1366051, user_message=message)
        found.append(photo)
    if len({photo.id for photo in found}) != len(found):
        raise invalid_parameter("A photo is attached twice")
    return found


def show(post: Post, account: Account, tells_photos: bool) -> dict[str, Any]:
    """Every field of a post that this fake knows."""
    number = post.id.rpartition("_")[2]
    shown: dict[str, Any] = {
        "id": post.id,
        "message": post.message or None,
        "created_time": timestamp(post.created_at),
        "permalink_url": f"https://www.facebook.com/{account.id}/posts/{number}",
        "from": {"id": post.author or account.id, "name": account.name},
        "is_published": True,
        "shares": {"count": post.shares} if post.shares else None,
        "comments": {"data": [], "summary": {"total_count": post.comments}},
        "reactions": {"data": [], "summary": {"total_count": post.likes}},
        "attachments": None,
    }
    if not tells_photos:
        return shown
    targets = [{"target": {"id": photo_id}} for photo_id in post.photo_ids]
    if len(targets) == 1:
        shown["attachments"] = {"data": targets}
    elif targets:
        shown["attachments"] = {"data": [{"target": {"id": number}, "subattachments": {"data": targets}}]}
    elif post.link:
        shown["attachments"] = {"data": [{"url": post.link}]}
    return shown
