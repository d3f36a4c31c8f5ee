"""Follows Lightroom's lists from page to page: `links.next` resolved against `base`, on this server, to an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

from pressroom.errors import PressroomError, Unavailable
from pressroom.http_answers import Answer
from pressroom.sources._lightroom_api import LightroomApi

LONGEST_LINK = 4096
MOST_PAGES = 20_000
"""Of one list: ten million photos."""
MOST_STALE_PAGES = 20
"""In a row, that are empty or the same as the one before: a server that never ends."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list."""

    resources: list[dict[str, Any]]
    """May be more than were asked for."""
    next_url: str
    """Empty on the last one."""
    is_cut: bool
    """Whether more was announced that cannot be reached: links lead in a circle, or on and on."""
    served_at: datetime | None
    """By the clock of the server."""


def read_pages(api: LightroomApi, url: str, doing: str, params: dict[str, str] | None = None) -> Iterator[Listing]:
    """Yield page after page, beginning at `url`, a path or one of the links of an earlier page."""
    visited: set[int] = set()
    stale, last = 0, None
    while url:
        document, answer = api.document(url, doing, **({"params": params} if params else {}))
        resources = document.get("resources")
        if not isinstance(resources, list):
            raise api.unreadable(doing, answer)
        next_url = _next(api, url, document, answer, doing)
        visited.add(hash(url))
        stale, last = (stale + 1 if not resources or resources == last else 0), resources
        is_endless = hash(next_url) in visited or len(visited) >= MOST_PAGES or stale >= MOST_STALE_PAGES
        is_cut = bool(next_url) and is_endless
        url, params = "" if is_cut else next_url, None
        yield Listing([one for one in resources if isinstance(one, dict)], url, is_cut, served_at(answer))


def is_here(api: LightroomApi, url: str) -> bool:
    """Say whether a URL leads to the server that is configured; no other may get the token."""
    import httpx

    try:
        one, other = httpx.URL(url), httpx.URL(api.base_url)
    except httpx.InvalidURL:
        return False
    return not one.userinfo and _origin(one) == _origin(other)


def _origin(url: Any) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def served_at(answer: Answer) -> datetime | None:
    """Return the time of the server, from its header `Date`."""
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _next(api: LightroomApi, url: str, document: dict[str, Any], answer: Answer, doing: str) -> str:
    """Return where the next page is; a link that cannot be read is an error, since the end would be a guess."""
    links = document.get("links")
    found = links.get("next") if isinstance(links, dict) else links
    if found is None:
        return ""
    href, base = found.get("href") if isinstance(found, dict) else None, document.get("base", "")
    if not isinstance(href, str) or not isinstance(base, str) or not href or len(href) > LONGEST_LINK:
        raise api.unreadable(doing, answer)
    here = url if "://" in url else api.base_url + url
    try:
        # RFC 3986, section 5.2; AdobeDocs, Links and Pagination, 2026-11-20
        there = urljoin(urljoin(here, base), href)
    except ValueError:
        raise api.unreadable(doing, answer) from None
    if not is_here(api, there):
        raise _leads_away(api, there, doing)
    return there


def _leads_away(api: LightroomApi, there: str, doing: str) -> PressroomError:
    return Unavailable(
        f"Lightroom's answer leads to another server when asked to {doing}; Pressroom does not follow.",
        where=api.where,
        todo="Look whether the base_url is right.",
        detail=there[:200],
    )
