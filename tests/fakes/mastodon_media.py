"""Uploads: what a Mastodon server takes as a picture, and how long it works on it."""

from __future__ import annotations

from typing import Any

from tests.fakes.mastodon_errors import invalid, not_found
from tests.fakes.mastodon_state import Account, Media, State
from tests.fakes.messages import Answer, Request, json_answer, parse_multipart

# docs.joinmastodon.org user/posting, 2026-11-20
MAX_IMAGE_BYTES = 16 * 1024 * 1024
MAX_PIXELS = 33_177_600  # mastodon app/models/media_attachment.rb, 2026-11-20
MAX_DESCRIPTION = 1_500
KEPT_SECONDS = 24 * 60 * 60
"""For what no status refers to."""
TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/heic", "image/heif")


def upload(request: Request, account: Account, state: State, now: float, working_seconds: float) -> Answer:
    """`POST /api/v2/media`: 200 for what is ready at once, 202 for what is worked on."""
    try:
        parts = {part.name: part for part in parse_multipart(request)}
    except ValueError as error:
        raise invalid(f"File can't be blank ({error})") from error
    for name in parts.keys() - {"file", "description", "focus", "thumbnail"}:
        raise invalid(f"unknown parameter {name}")
    if "file" not in parts or not parts["file"].data:
        raise invalid("File can't be blank")
    file = parts["file"]
    if file.content_type not in TYPES:
        raise invalid("File content type is invalid, File is invalid")
    if len(file.data) > MAX_IMAGE_BYTES:
        raise invalid("File file size must be less than 16 MB")
    texts = {name: parts[name].data.decode() for name in ("description", "focus") if name in parts}
    if len(texts.get("description", "")) > MAX_DESCRIPTION:
        raise invalid(f"Description is too long (maximum is {MAX_DESCRIPTION} characters)")
    size = _size_of(file.data)
    if size is None and not working_seconds:
        raise invalid("File content type is invalid, File is invalid")
    if size and size[0] * size[1] > MAX_PIXELS:
        raise invalid(f"File {size[0]}x{size[1]} images are not supported")
    media = Media(
        state.new_id(now),
        account.id,
        file.content_type,
        len(file.data),
        *(size or (0, 0)),
        texts.get("description"),
        texts.get("focus"),
        now,
        now + working_seconds,
        is_broken=size is None,
    )
    state.media.append(media)
    return json_answer(202 if working_seconds else 200, shown(media, now))


def look(media_id: str, account: Account, state: State, now: float) -> Answer:
    """`GET /api/v1/media/:id`: 206 while the server works on it, 422 if it cannot read it."""
    media = find(media_id, account, state, now)
    if media is None or media.status_id:
        raise not_found()
    if media.ready_at > now:
        return json_answer(206, shown(media, now))
    if media.is_broken:
        raise invalid("File content type is invalid, File is invalid")
    return json_answer(200, shown(media, now))


def find(media_id: str, account: Account, state: State, now: float) -> Media | None:
    """The upload, if it is this account's and not removed."""
    for media in state.media:
        if media.id == media_id and media.account_id == account.id:
            return media if media.status_id or media.at > now - KEPT_SECONDS else None
    return None


def shown(media: Media, now: float) -> dict[str, Any]:
    url = f"https://files.mastodon.example/media/{media.id}" if media.ready_at <= now else None
    return {"id": media.id, "type": "image", "url": url, "description": media.description}


def _size_of(data: bytes) -> tuple[int, int] | None:
    import pyvips

    try:
        image = pyvips.Image.new_from_buffer(data, "", access="sequential", fail_on="truncated")
        image.avg()
    except pyvips.Error:
        return None
    return image.width, image.height
