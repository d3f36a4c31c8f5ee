"""Uploads of one post to X, each kept as soon as it is there, so that a later try goes on from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import PostRejected, Unavailable
from pressroom.fitting import fit_text
from pressroom.http_api import HttpApi
from pressroom.ports import Clock
from pressroom.publications import Post, PostMedia
from pressroom.publishers.base import ImageRules, Keep, ReadMedia

_SAFE_LIFE = timedelta(minutes=10)
"""An upload that ends sooner is made anew: it must outlive the wait for a rate limit or a token."""
_LIFE_SECONDS = 24 * 60 * 60  # of an upload, where its answer does not say; docs.x.com media, 2026-11-20
# What the one-shot upload takes as `media_type`; of others it looks at the bytes. X OpenAPI, 2026-11-20
_NAMED_TYPES = ("image/jpeg", "image/png", "image/webp")


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
    """Upload and describe what is not yet, or no longer, there; keep each media key that was ever ours."""
    uploads: list[dict[str, Any]] = [dict(item) for item in prepared.get("media", [])]
    keys: list[str] = list(prepared.get("media_keys", []))

    def store() -> dict[str, Any]:
        nonlocal prepared
        prepared = {**prepared, "media": [dict(item) for item in uploads], "media_keys": list(keys)}
        keep(prepared)
        return prepared

    for place, item in enumerate(post.media):
        if place >= len(uploads):
            uploads.append({})
        if not _is_usable(uploads[place], item, clock.now()):
            uploads[place] = _upload(api, clock, rules, item, read(item))
            keys.append(uploads[place]["media_key"])
            store()
        if item.alt_text and not uploads[place]["described"]:
            _describe(api, uploads[place]["id"], fit_text(item.alt_text, alt_text_limit, len))
            uploads[place]["described"] = True
            store()
    return prepared


def _is_usable(upload: dict[str, Any], item: PostMedia, now: datetime) -> bool:
    if upload.get("asset") != _asset(item):
        return False
    return datetime.fromisoformat(upload["expires_at"]) > now + _SAFE_LIFE


def _upload(api: HttpApi, clock: Clock, rules: ImageRules, item: PostMedia, data: bytes) -> dict[str, Any]:
    if len(data) > rules.max_bytes:
        raise PostRejected(
            f"The picture {item.key} has {len(data):,} bytes; X takes {rules.max_bytes:,}.",
            where=item.key,
            todo="Make a smaller variant of it.",
        )
    fields = {"media_category": "tweet_image"}
    if item.media_type in _NAMED_TYPES:
        fields["media_type"] = item.media_type
    asked_at = clock.now()
    document = api.document(
        "POST",
        "/2/media/upload",
        "upload a picture",
        data=fields,
        files={"media": (f"media.{item.media_type.rpartition('/')[2]}", data, item.media_type)},
    )
    found = document.get("data")
    if not isinstance(found, dict) or not found.get("id") or not found.get("media_key"):
        raise Unavailable("X took a picture and did not say under which id.", todo="It is tried again later.")
    _check_processing(found, item)
    return {
        "asset": _asset(item),
        "id": str(found["id"]),
        "media_key": str(found["media_key"]),
        "expires_at": (
            asked_at + timedelta(seconds=float(found.get("expires_after_secs") or _LIFE_SECONDS))
        ).isoformat(),
        "described": False,
    }


def _check_processing(found: dict[str, Any], item: PostMedia) -> None:
    info = found.get("processing_info")
    state = info.get("state") if isinstance(info, dict) else "succeeded"
    if state == "failed":
        raise PostRejected(
            f"X could not process the picture {item.key}.", where=item.key, todo="Try another format or a smaller one."
        )


def _describe(api: HttpApi, media_id: str, alt_text: str) -> None:
    """Store the alt text. Whatever is wrong with it, the post waits: it is neither lost nor sent without."""
    try:
        api.document(
            "POST",
            "/2/media/metadata",
            "store the alt text of a picture",
            json={"id": media_id, "metadata": {"alt_text": {"text": alt_text}}},
        )
    except PostRejected as error:
        raise Unavailable(
            error.what, where=error.where, todo="It is tried again later.", detail=error.detail
        ) from error


def _asset(item: PostMedia) -> str:
    return f"{item.key}@{item.revision}"
