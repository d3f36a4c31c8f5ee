"""Finds what a page shows as pictures, each with a signed URL that lives a little longer than the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pressroom.media import Asset
from pressroom.publications import Post
from pressroom.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on a page."""

    url: str
    alt_text: str
    width: int
    height: int
    key: str


def url_of(runtime: Runtime, key: str, revision: int) -> str:
    """Return a signed URL of an asset; the same one all day, so that browsers keep the picture."""
    midnight = runtime.ports.clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return runtime.ports.blobs.sign(key, revision, midnight + timedelta(days=2))


def of_post(runtime: Runtime, post: Post) -> list[Shown]:
    return [
        Shown(url_of(runtime, one.key, one.revision), one.alt_text, one.width, one.height, one.key)
        for one in post.media
    ]


def of_job(runtime: Runtime, job_id: str) -> list[Shown]:
    """Return the pictures that a job made, the first one first; those whose time is over are left out."""
    now = runtime.ports.clock.now()
    return [
        Shown(
            url_of(runtime, one.key, one.revision),
            str(one.about.get("alt_text") or f"Picture without a description: {one.key}"),
            one.width or 0,
            one.height or 0,
            one.key,
        )
        for one in runtime.ports.assets.of_job(job_id)
        if one.media_type.startswith("image/") and not _is_over(one, now)
    ]


def _is_over(asset: Asset, now: datetime) -> bool:
    return asset.expires_at is not None and asset.expires_at <= now
