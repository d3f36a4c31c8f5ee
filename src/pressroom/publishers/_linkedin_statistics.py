"""The counts of an organisation's posts. LinkedIn tells a member's app none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from pressroom.engagement import Engagement
from pressroom.errors import Unavailable
from pressroom.http_api import HttpApi

AT_ONCE = 20  # not documented; 2026-11-20
# learn.microsoft.com linkedin/…/organizations/share-statistics, 2026-11-20
_COUNTS = {
    "likes": "likeCount",
    "comments": "commentCount",
    "shares": "shareCount",
    "views": "impressionCount",
    "clicks": "clickCount",
}


def measure(api: HttpApi, organization: str, urns: Sequence[str]) -> dict[str, Engagement]:
    """Return what LinkedIn tells of these posts; one that it leaves out is left out, since that is not nought."""
    found: dict[str, Engagement] = {}
    for kind, parameter in (("share", "shares"), ("ugcPost", "ugcPosts")):
        asked = [urn for urn in urns if urn.startswith(f"urn:li:{kind}:")]
        if asked:
            found |= dict(_read(api, organization, kind, parameter, asked))
    return found


def _read(
    api: HttpApi, organization: str, kind: str, parameter: str, urns: list[str]
) -> Iterator[tuple[str, Engagement]]:
    listed = ",".join(quote(urn, safe="") for urn in urns)
    document = api.document(
        "GET",
        "/rest/organizationalEntityShareStatistics?q=organizationalEntity"
        f"&organizationalEntity={quote(organization, safe='')}&{parameter}=List({listed})",
        "count what people did with posts",
    )
    elements = document.get("elements")
    if not isinstance(elements, list):
        raise Unavailable("LinkedIn's statistics cannot be read.", where=api.where, todo="They are asked for again.")
    for element in elements:
        urn, totals = element.get(kind), element.get("totalShareStatistics")
        if urn in urns and isinstance(totals, dict):
            yield urn, Engagement(**{name: _count(totals.get(theirs)) for name, theirs in _COUNTS.items()})


def _count(value: Any) -> int | None:
    return max(value, 0) if isinstance(value, int) else None
