"""Photos of one post, uploaded unpublished and kept, so that a later try attaches the same ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import PostRejected
from pressroom.fitting import fit_text
from pressroom.http_api import HttpApi
from pressroom.publications import Post, PostMedia
from pressroom.publishers._meta_graph import made_id
from pressroom.publishers.base import ImageRules, Keep, ReadMedia

_KEPT_FOR = timedelta(hours=20)
"""Unpublished photos are removed by Facebook after some time, which is not documented; others speak of a day."""


def upload_all(
    api: HttpApi,
    rules: ImageRules,
    alt_text_limit: int,
    post: Post,
    read: ReadMedia,
    prepared: dict[str, Any],
    keep: Keep,
) -> dict[str, Any]:
    """Upload what is not yet, or perhaps no longer, there; keep the id of each photo that was ever ours."""
    for place, item in enumerate(post.media):
        photos: list[dict[str, Any]] = list(prepared.get("photos", ()))
        if place < len(photos) and _is_usable(photos[place], item, api.clock.now()):
            continue
        photo = _upload(api, prepared["account"], rules, alt_text_limit, item, read(item))
        photos[place : place + 1] = [photo]
        prepared = {**prepared, "photos": photos, "photo_ids": [*prepared.get("photo_ids", ()), photo["id"]]}
        keep(prepared)
    return prepared


def uploaded_since(prepared: dict[str, Any]) -> datetime | None:
    """Return when the oldest photo that is to be attached was uploaded: no post can bear it that is older."""
    times = [datetime.fromisoformat(photo["uploaded_at"]) for photo in prepared.get("photos", ())]
    return min(times) if times else None


def _is_usable(photo: dict[str, Any], item: PostMedia, now: datetime) -> bool:
    is_same = photo["asset"] == _asset(item) and photo["alt_text"] == item.alt_text
    return is_same and now - datetime.fromisoformat(photo["uploaded_at"]) < _KEPT_FOR


def _upload(
    api: HttpApi, page_id: str, rules: ImageRules, alt_text_limit: int, item: PostMedia, data: bytes
) -> dict[str, Any]:
    if len(data) > rules.max_bytes:
        raise PostRejected(
            f"The picture {item.key} has {len(data):,} bytes; Facebook takes {rules.max_bytes:,}.",
            where=item.key,
            todo="Make a smaller variant of it.",
        )
    fields = {"published": "false"}
    if item.alt_text.strip():
        fields["alt_text_custom"] = fit_text(item.alt_text, alt_text_limit, len)
    asked_at = api.clock.now()
    photo_id = made_id(
        api,
        f"/{page_id}/photos",
        "upload a photo",
        data=fields,
        files={"source": (f"photo.{item.media_type.rpartition('/')[2]}", data, item.media_type)},
    )
    return {"asset": _asset(item), "id": photo_id, "uploaded_at": asked_at.isoformat(), "alt_text": item.alt_text}


def _asset(item: PostMedia) -> str:
    return f"{item.key}@{item.revision}"
