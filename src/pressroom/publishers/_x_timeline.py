"""Looks among the account's own posts for one that we sent and had no answer to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.errors import AccountDisconnected, PostRejected, Unavailable
from pressroom.http_api import HttpApi
from pressroom.publications import Receipt
from pressroom.publishers._x_api import words_in
from pressroom.publishers._x_text import is_same_text, leads_to_same
from pressroom.publishers.base import Absent, CannotTell, Found, Reading

CLOCK_SKEW = timedelta(minutes=2)
"""How far our clock and X's may be apart."""
_FIRST_PAGE, _FURTHER_PAGES = 10, 100
"""Each post that is read costs; mostly the first page is enough. X gives 5 to 100; X OpenAPI, 2026-11-20."""
_MOST_PAGES = 11
_X_EPOCH_MS = 1_288_834_974_657


class _TooManyPosts(Exception):
    pass


@dataclass
class _Seen:
    surely: list[Receipt] = field(default_factory=list)
    perhaps: list[Receipt] = field(default_factory=list)
    """Ours by its words, but with other links: X alone knows what it takes for one."""


def receipt(post_id: str, at: datetime) -> Receipt:
    """Return the proof; this address leads to a post whatever its author's name is by now."""
    return Receipt(remote_id=post_id, url=f"https://x.com/i/web/status/{post_id}", at=at)


def find_by_media(api: HttpApi, user_id: str, keys: Sequence[str], since: datetime) -> Reading:
    """Look for the post that bears one of our uploads: nobody else can have one."""
    ours = set(keys)
    try:
        for shown in _own_posts(api, user_id, since):
            attachments = shown.get("attachments")
            if isinstance(attachments, dict) and ours & set(attachments.get("media_keys") or ()):
                return Found(receipt(str(shown["id"]), _created_at(shown)))
    except _TooManyPosts as error:
        return CannotTell(str(error))
    return Absent()


def uploaded_at(media_key: str) -> datetime | None:
    """Return when X took an upload, by X's own clock: its id counts milliseconds (a snowflake)."""
    number = media_key.rpartition("_")[2]
    return datetime.fromtimestamp(((int(number) >> 22) + _X_EPOCH_MS) / 1000, UTC) if number.isdecimal() else None


def find_by_text(api: HttpApi, user_id: str, text: str, since: datetime) -> Reading:
    """Look for the one post without media that has the same words and is not older than the attempt."""
    seen = _Seen()
    try:
        for shown in _own_posts(api, user_id, since):
            at = _created_at(shown)
            if at < since or shown.get("attachments") or not is_same_text(text, str(shown.get("text", ""))):
                continue
            fits = seen.surely if leads_to_same(text, shown) else seen.perhaps
            fits.append(receipt(str(shown["id"]), at))
    except _TooManyPosts as error:
        return CannotTell(str(error))
    if len(seen.surely) == 1 and not seen.perhaps:
        return Found(seen.surely[0])
    candidates = [*seen.surely, *seen.perhaps]
    if not candidates:
        return Absent()
    return CannotTell(
        "X shows posts that could be this one, and nothing that tells them apart.",
        {"candidates": [{"remote_id": one.remote_id, "url": one.url, "at": one.at.isoformat()} for one in candidates]},
    )


def _own_posts(api: HttpApi, user_id: str, since: datetime) -> Iterator[dict[str, Any]]:
    """Give the account's posts, the newest first, at least the first page, on until they are older than `since`."""
    parameters = {
        "max_results": str(_FIRST_PAGE),
        "tweet.fields": "created_at,attachments,entities",
        "expansions": "attachments.media_keys",
    }
    for _ in range(_MOST_PAGES):
        page, following = _page(api, user_id, parameters)
        yield from page
        if not following or (page and _created_at(page[-1]) < since):
            return
        parameters |= {"pagination_token": following, "max_results": str(_FURTHER_PAGES)}
    raise _TooManyPosts(f"The account has more posts since {since:%Y-%m-%d %H:%M} UTC than Pressroom reads.")


def _page(api: HttpApi, user_id: str, parameters: dict[str, str]) -> tuple[list[dict[str, Any]], str]:
    try:
        document = api.document("GET", f"/2/users/{user_id}/tweets", "show the account's own posts", params=parameters)
    except PostRejected as error:
        # Nothing was to be posted: what was refused is the reading.
        raise AccountDisconnected(
            error.what, where=error.where, todo="Check user_id and the app's right to read posts.", detail=error.detail
        ) from error
    page, meta = document.get("data", []), document.get("meta")
    if not isinstance(page, list) or not isinstance(meta, dict):
        raise Unavailable(
            f"X did not show the account's own posts: {words_in(document) or 'its answer cannot be read'}.",
            todo="It is tried again later.",
        )
    return page, str(meta.get("next_token") or "")


def _created_at(shown: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(shown["created_at"]))
    except (KeyError, ValueError) as error:
        raise Unavailable("X showed a post without its time.", todo="It is tried again later.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
