"""Uploads of one post to Mastodon, each kept as soon as it is there, and looked at until the server has read it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import Deferred, PostRejected, Unavailable
from pressroom.fitting import fit_text
from pressroom.http_api import HttpApi
from pressroom.ports import Clock
from pressroom.publications import Post, PostMedia
from pressroom.publishers._mastodon_api import NotThere
from pressroom.publishers.base import ImageRules, Keep, ReadMedia

# A server removes what no status refers to after about a day; docs.joinmastodon.org methods/statuses, 2026-11-20
_SAFE_LIFE = timedelta(hours=12)
_FIRST_LOOK, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=1)
_PATIENCE = timedelta(hours=1)
"""With a server that does not come to an end with a picture."""


def upload_all(
    api: HttpApi,
    clock: Clock,
    rules: ImageRules,
    alt_text_limit: int,
    post: Post,
    read: ReadMedia,
    prepared: dict[str, Any],
    keep: Keep,
) -> dict[str, Any]:
    """Upload what is not yet, or no longer, there, and keep every id that was ever ours.

    Raises `Deferred` while the server still works on a picture: no worker waits for that.
    """
    uploads: list[dict[str, Any]] = [dict(item) for item in prepared.get("media", ())]
    ids: list[str] = list(prepared.get("media_ids", ()))

    def store() -> None:
        nonlocal prepared
        kept = {"media": [dict(item) for item in uploads], "media_ids": list(ids)}
        prepared = {"media_since": uploads[0]["at"], **prepared, **kept}
        keep(prepared)

    for place, item in enumerate(post.media):
        if place < len(uploads) and _is_usable(uploads[place], item, clock.now()):
            continue
        upload = _upload(api, clock, rules, alt_text_limit, item, read(item))
        uploads[place : place + 1] = [upload]
        ids.append(upload["id"])
        store()
    for upload in uploads:
        if upload["is_ready"]:
            continue
        try:
            upload["is_ready"] = _is_ready(api, upload["id"])
        except NotThere:
            upload["asset"] = ""
            store()
            raise Unavailable("Mastodon lost a picture that it had taken.", todo="It is uploaded again.") from None
        if not upload["is_ready"]:
            raise _not_yet(upload, clock.now())
        store()
    return prepared


def _is_usable(upload: dict[str, Any], item: PostMedia, now: datetime) -> bool:
    age = now - datetime.fromisoformat(upload["at"])
    return upload["asset"] == _asset(item) and age < (_SAFE_LIFE if upload["is_ready"] else _PATIENCE)


def _upload(
    api: HttpApi, clock: Clock, rules: ImageRules, alt_text_limit: int, item: PostMedia, data: bytes
) -> dict[str, Any]:
    if len(data) > rules.max_bytes:
        raise PostRejected(
            f"The picture {item.key} has {len(data):,} bytes; Mastodon takes {rules.max_bytes:,}.",
            where=item.key,
            todo="Make a smaller variant of it.",
        )
    asked_at = clock.now()
    answer = api.call(
        "POST",
        "/api/v2/media",
        "upload a picture",
        ok=(200, 202),
        data={"description": fit_text(item.alt_text, alt_text_limit, len)} if item.alt_text else {},
        files={"file": (f"picture.{item.media_type.rpartition('/')[2]}", data, item.media_type)},
    )
    found = answer.document() or {}
    if not found.get("id"):
        raise Unavailable("Mastodon took a picture and did not say under which id.", todo="It is tried again later.")
    is_ready = answer.status == 200
    return {"asset": _asset(item), "id": str(found["id"]), "at": asked_at.isoformat(), "is_ready": is_ready}


def _is_ready(api: HttpApi, media_id: str) -> bool:
    """Ask once: 206 for a picture that is still worked on; one that cannot be read is refused."""
    answer = api.call("GET", f"/api/v1/media/{media_id}", "say whether a picture is ready", ok=(200, 206))
    return answer.status == 200


def _not_yet(upload: dict[str, Any], now: datetime) -> Deferred:
    """Look again when twice as much time has gone by, and at least once a minute."""
    since = now - datetime.fromisoformat(upload["at"])
    until = now + min(max(since, _FIRST_LOOK), _LONGEST_WAIT)
    return Deferred(until, "Mastodon is still reading a picture of this post.", todo="It goes on by itself.")


def _asset(item: PostMedia) -> str:
    return f"{item.key}@{item.revision}"
