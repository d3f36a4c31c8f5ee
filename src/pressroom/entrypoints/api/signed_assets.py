"""An asset as a document: what is known of a revision, with a signed URL that ends."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from pressroom.media import Asset
from pressroom.runtime import Runtime


def asset_document(runtime: Runtime, asset: Asset) -> dict[str, Any]:
    """Return a revision with its URL: the same one all day, for two days, and never longer than it is kept."""
    midnight = runtime.ports.clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = midnight + timedelta(days=2)
    if asset.expires_at is not None:
        ends = min(ends, asset.expires_at)
    url = runtime.ports.blobs.sign(asset.key, asset.revision, ends)
    return asset.as_dict() | {"url": url, "url_expires_at": ends.isoformat()}
