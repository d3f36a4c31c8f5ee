"""The counts of a Page's posts. Facebook tells them a day late, and views only of Pages that enough people like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pressroom.engagement import Engagement
from pressroom.errors import AccountDisconnected, PostRejected
from pressroom.http_api import HttpApi
from pressroom.publishers._meta_errors import NoSuchObject
from pressroom.publishers._meta_graph import read
from pressroom.publishers._meta_insights import values

_COUNTS = "id,shares,comments.limit(0).summary(true),reactions.limit(0).summary(true)"
# Page and post insights, 2026-11-20: `post_impressions*` is gone
_METRICS = "post_media_view,post_clicks"


def measured(api: HttpApi, post_ids: Sequence[str]) -> dict[str, Engagement]:
    """Return the counts by id; a post that is gone is left out, what is not told is None."""
    found = {}
    for post_id in post_ids:
        try:
            counts = read(api, f"/{post_id}", "count what people did with a post", fields=_COUNTS)
        except NoSuchObject:
            continue
        insights = _insights(api, post_id)
        found[post_id] = Engagement(
            likes=_total(counts.get("reactions")),
            comments=_total(counts.get("comments")),
            shares=_whole(counts.get("shares"), "count"),
            views=insights.get("post_media_view"),
            clicks=insights.get("post_clicks"),
        )
    return found


def _insights(api: HttpApi, post_id: str) -> dict[str, int]:
    """Return the insights; none where the app lacks the right to them, or the Page the likes."""
    try:
        return values(read(api, f"/{post_id}/insights", "tell a post's insights", metric=_METRICS))
    except (AccountDisconnected, PostRejected):
        return {}


def _total(edge: object) -> int | None:
    return _whole(edge.get("summary"), "total_count") if isinstance(edge, dict) else None


def _whole(values: object, name: str) -> int | None:
    found: Any = values.get(name) if isinstance(values, dict) else None
    return found if isinstance(found, int) and found >= 0 else None
