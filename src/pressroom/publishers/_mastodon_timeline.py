"""Looks among the account's own statuses for one that we sent and had no answer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.errors import Unavailable
from pressroom.http_api import HttpApi
from pressroom.ports import Clock
from pressroom.publications import Receipt
from pressroom.publishers._mastodon_api import clock_ahead, items_of
from pressroom.publishers._mastodon_text import is_same_text
from pressroom.publishers.base import Absent, CannotTell, Found, Reading

_SKEW = timedelta(minutes=2)
"""For what is left between the clocks once the server's is known, and for servers that do not tell."""
_AT_ONCE = 40  # the most that a server gives; docs.joinmastodon.org methods/accounts, 2026-11-20
_MOST_PAGES = 25

Told = Callable[[dict[str, Any]], Receipt]
"""Makes a status that was found into its proof."""


class _TooManyStatuses(Exception):
    pass


def find_by_media(
    api: HttpApi, clock: Clock, account_id: str, ids: Sequence[str], since: datetime, told: Told
) -> Reading:
    """Look for the status that bears one of our uploads: no other can have it."""
    ours = set(ids)
    try:
        for shown in _own_statuses(api, clock, account_id, since):
            if ours & {str(one.get("id")) for one in shown.get("media_attachments") or ()}:
                return Found(told(shown))
    except _TooManyStatuses as error:
        return CannotTell(str(error))
    return Absent()


def find_by_text(
    api: HttpApi, clock: Clock, account_id: str, text: str, warning: str, since: datetime, told: Told
) -> Reading:
    """Look for the one status without pictures that has the same words and is not older than our first try."""
    seen = []
    try:
        for shown in _own_statuses(api, clock, account_id, since):
            is_other = shown.get("media_attachments") or shown.get("in_reply_to_id") or shown.get("reblog")
            is_same = not is_other and str(shown.get("spoiler_text") or "") == warning
            if is_same and is_same_text(text, str(shown.get("content") or "")):
                seen.append(told(shown))
    except _TooManyStatuses as error:
        return CannotTell(str(error))
    if not seen:
        return Absent()
    if len(seen) == 1:
        return Found(seen[0])
    return CannotTell(
        "Mastodon shows several posts with these words, and nothing that tells them apart.",
        {"candidates": [{"remote_id": one.remote_id, "url": one.url, "at": one.at.isoformat()} for one in seen]},
    )


def created_at(shown: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(shown["created_at"]))
    except (KeyError, ValueError) as error:
        raise Unavailable("Mastodon showed a post without its time.", todo="It is tried again later.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _own_statuses(api: HttpApi, clock: Clock, account_id: str, since: datetime) -> Iterator[dict[str, Any]]:
    """Give the account's statuses since then by the server's clock, the newest first."""
    parameters = {"limit": str(_AT_ONCE), "exclude_reblogs": "true"}
    for _ in range(_MOST_PAGES):
        answer = api.call(
            "GET", f"/api/v1/accounts/{account_id}/statuses", "show the account's own posts", params=parameters
        )
        page = items_of(answer)
        if page is None:
            raise Unavailable("Mastodon did not show the account's own posts.", todo="It is tried again later.")
        first = since + clock_ahead(answer, clock.now()) - _SKEW
        for shown in page:
            if created_at(shown) < first:
                return
            yield shown
        if not page:
            return
        parameters["max_id"] = str(page[-1]["id"])
    raise _TooManyStatuses(f"The account has more posts since {since:%Y-%m-%d %H:%M} UTC than Pressroom reads.")
