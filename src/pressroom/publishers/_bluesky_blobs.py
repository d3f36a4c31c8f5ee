"""Uploads of one post to Bluesky, each kept as soon as it is there, and made anew once it may be dropped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import PostRejected, Unavailable
from pressroom.http_api import HttpApi
from pressroom.ports import Clock
from pressroom.publications import Post, PostMedia
from pressroom.publishers.base import ImageRules, Keep, ReadMedia

# A server may drop what no record refers to, not before an hour; atproto.com/specs/blob, 2026-11-20
_SAFE_LIFE = timedelta(minutes=50)


class Uploads:
    """Of one channel. Remembers what the server said it no longer has; forgetting it costs one more refusal."""

    def __init__(self, api: HttpApi, clock: Clock, rules: ImageRules) -> None:
        self._api, self._clock, self._rules = api, clock, rules
        self._gone: set[str] = set()

    def upload_all(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        """Upload what is not yet, or perhaps no longer, there. The same bytes are the same blob again."""
        blobs = [dict(item) for item in prepared.get("blobs", ())]
        for place, item in enumerate(post.media):
            if place < len(blobs) and self._is_usable(blobs[place], item):
                continue
            blobs[place : place + 1] = [self._upload(item, read(item))]
            prepared = {**prepared, "blobs": list(blobs)}
            keep(prepared)
        return prepared

    def lost(self, prepared: dict[str, Any]) -> None:
        """Note that the server no longer has at least one upload of this post: all of them are made anew."""
        self._gone |= {cid_of(item) for item in prepared.get("blobs", ())}

    def _is_usable(self, blob: dict[str, Any], item: PostMedia) -> bool:
        if blob["asset"] != _asset(item) or cid_of(blob) in self._gone:
            return False
        return datetime.fromisoformat(blob["at"]) > self._clock.now() - _SAFE_LIFE

    def _upload(self, item: PostMedia, data: bytes) -> dict[str, Any]:
        if len(data) > self._rules.max_bytes:
            # The server would say so only when the post is made.
            raise PostRejected(
                f"The picture {item.key} has {len(data):,} bytes; Bluesky takes {self._rules.max_bytes:,}.",
                where=item.key,
                todo="Make a smaller variant of it.",
            )
        asked_at = self._clock.now()
        answer = self._api.document(
            "POST",
            "/com.atproto.repo.uploadBlob",
            "upload a picture",
            content=data,
            headers={"content-type": item.media_type},
        )
        blob = answer.get("blob")
        if not isinstance(blob, dict) or not isinstance(blob.get("ref"), dict) or not blob["ref"].get("$link"):
            raise Unavailable(
                "Bluesky took a picture and did not say under which name.", todo="It is tried again later."
            )
        made = {"asset": _asset(item), "blob": blob, "at": asked_at.isoformat()}
        self._gone.discard(cid_of(made))
        return made


def cid_of(upload: dict[str, Any]) -> str:
    return str(upload["blob"]["ref"]["$link"])


def _asset(item: PostMedia) -> str:
    return f"{item.key}@{item.revision}"
