"""The counts of posts on X: public metrics, read for up to a hundred posts in one call."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pressroom.engagement import Engagement
from pressroom.http_api import HttpApi

AT_ONCE = 100  # ids; docs.x.com GET /2/tweets, 2026-11-20
PRICE = Decimal("0.005")  # US dollars a post read; docs.x.com pricing, 2026-11-20


def read_counts(api: HttpApi, ids: Sequence[str]) -> dict[str, Engagement]:
    parameters = {"ids": ",".join(ids), "tweet.fields": "public_metrics"}
    document = api.document("GET", "/2/tweets", "tell the counts of posts", params=parameters)
    found = document.get("data")
    return {
        str(post["id"]): _counts(post["public_metrics"])
        for post in (found if isinstance(found, list) else [])
        if isinstance(post, dict) and post.get("id") and isinstance(post.get("public_metrics"), dict)
    }


def _counts(metrics: dict[str, Any]) -> Engagement:
    reposts, quotes = _number(metrics, "retweet_count"), _number(metrics, "quote_count")
    return Engagement(
        likes=_number(metrics, "like_count"),
        comments=_number(metrics, "reply_count"),
        shares=None if reposts is None and quotes is None else (reposts or 0) + (quotes or 0),
        views=_number(metrics, "impression_count"),
        saves=_number(metrics, "bookmark_count"),
    )


def _number(metrics: dict[str, Any], name: str) -> int | None:
    found = metrics.get(name)
    return found if isinstance(found, int) and found >= 0 else None
