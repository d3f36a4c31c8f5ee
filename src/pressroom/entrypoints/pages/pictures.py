"""Finds what a page shows as pictures, each with a signed URL that lives a little longer than the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pressroom.entrypoints.api.shrinking import UNSHOWN, WIDTHS
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


def shown(runtime: Runtime, key: str, revision: int, media_type: str, alt_text: str, width: int, height: int) -> Shown:
    """Return a picture as a page shows it: one that few browsers can show as a small JPEG of it."""
    url = url_of(runtime, key, revision)
    if media_type not in UNSHOWN:
        return Shown(url, alt_text, width, height, key)
    share = min(1.0, WIDTHS[-1] / width) if width else 1.0
    return Shown(f"{url}&width={WIDTHS[-1]}", alt_text, round(width * share), round(height * share), key)


def of_post(runtime: Runtime, post: Post) -> list[Shown]:
    return [
        shown(runtime, one.key, one.revision, one.media_type, one.alt_text, one.width, one.height) for one in post.media
    ]


def of_job(runtime: Runtime, job_id: str) -> list[Shown]:
    """Return the pictures that a job made, the first one first; those whose time is over are left out."""
    now = runtime.ports.clock.now()
    return [
        shown(
            runtime,
            one.key,
            one.revision,
            one.media_type,
            str(one.about.get("alt_text") or f"Picture without a description: {one.key}"),
            one.width or 0,
            one.height or 0,
        )
        for one in runtime.ports.assets.of_job(job_id)
        if one.media_type.startswith("image/") and not is_over(one, now)
    ]


def is_over(asset: Asset, now: datetime) -> bool:
    """Say whether an asset's time is over, although nobody has removed it yet."""
    return asset.expires_at is not None and asset.expires_at <= now
