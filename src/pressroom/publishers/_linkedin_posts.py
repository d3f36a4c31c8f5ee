"""A post as LinkedIn's API takes it, and a look among an organisation's own posts for one that had no answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from pressroom.errors import Unavailable
from pressroom.fitting import fit_text
from pressroom.http_api import HttpApi
from pressroom.publications import Post, Receipt
from pressroom.publishers._linkedin_api import post_url, words_of
from pressroom.publishers._linkedin_text import is_same_text, little, with_link
from pressroom.publishers.base import Absent, CannotTell, Found, Reading

CLOCK_SKEW = timedelta(minutes=2)
"""How far our clock and LinkedIn's may be apart."""
_PAGE, _MOST_PAGES = 50, 10
# Of an article; what LinkedIn takes is not documented, 2026-11-20
_TITLE_LIMIT = 400


class _MayNotRead(Exception):
    pass


def body(post: Post, author: str, urns: list[str], alt_text_limit: int, visibility: str) -> dict[str, Any]:
    """Return the document that makes the post: its pictures, else a card for its link, else words alone."""
    document: dict[str, Any] = {
        "author": author,
        "commentary": little(with_link(post).text),
        "visibility": visibility,
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    images: list[dict[str, str]] = []
    for urn, item in zip(urns, post.media, strict=True):
        alt_text = fit_text(item.alt_text, alt_text_limit, len)
        images.append({"id": urn, "altText": alt_text} if alt_text.strip() else {"id": urn})
    if len(images) == 1:
        document["content"] = {"media": images[0]}
    elif images:
        document["content"] = {"multiImage": {"images": images}}
    elif post.link:
        title = fit_text(post.title.strip() or post.link, _TITLE_LIMIT, len)
        document["content"] = {"article": {"source": post.link, "title": title}}
    return document


def receipt(urn: str, at: datetime) -> Receipt:
    return Receipt(remote_id=urn, url=post_url(urn), at=at)


def find(api: HttpApi, author: str, post: Post, urns: list[str], since: datetime) -> Reading:
    """Look for the post that bears one of our pictures, or, without any, for the one with its words since then."""
    candidates: list[Receipt] = []
    try:
        for shown in _own_posts(api, author, since):
            if post.media and is_ours(shown, urns):
                return Found(_receipt_of(shown))
            if not post.media and _is_like(shown, post) and _time(shown, "createdAt") >= since:
                candidates.append(_receipt_of(shown))
    except _MayNotRead:
        return CannotTell("the app may not read the organisation's posts (it needs the scope r_organization_social).")
    if not candidates:
        return Absent()
    if len(candidates) == 1:
        return Found(candidates[0])
    known = [{"remote_id": one.remote_id, "url": one.url, "at": one.at.isoformat()} for one in candidates]
    return CannotTell(
        "LinkedIn shows posts that could be this one, and nothing that tells them apart.", {"candidates": known}
    )


def shown_post(api: HttpApi, urn: str) -> dict[str, Any] | None:
    """Return a post by its URN; None if it is not there, or the app may not read it."""
    answer = api.call("GET", f"/rest/posts/{quote(urn, safe='')}", "show a post", ok=(200, 403, 404))
    return answer.document() if answer.status == 200 else None


def is_ours(shown: dict[str, Any], urns: list[str]) -> bool:
    """Say whether a post bears one of our pictures: nobody else's can."""
    return bool(_images(shown) & set(urns))


def _is_like(shown: dict[str, Any], post: Post) -> bool:
    content = shown.get("content")
    article = content.get("article") if isinstance(content, dict) else None
    link = article.get("source", "") if isinstance(article, dict) else ""
    return not _images(shown) and link == post.link and is_same_text(post.text, str(shown.get("commentary") or ""))


def _images(shown: dict[str, Any]) -> set[str]:
    content = shown.get("content")
    if not isinstance(content, dict):
        return set()
    several = content.get("multiImage")
    images = several.get("images") if isinstance(several, dict) else [content.get("media")]
    return {str(image.get("id")) for image in images or () if isinstance(image, dict)}


def _own_posts(api: HttpApi, author: str, since: datetime) -> Iterator[dict[str, Any]]:
    """Give the author's posts, the last changed first, on until they were last changed before `since`."""
    for page in range(_MOST_PAGES):
        query = f"q=author&author={quote(author, safe='')}&start={page * _PAGE}&count={_PAGE}&sortBy=LAST_MODIFIED"
        answer = api.call(
            "GET",
            f"/rest/posts?{query}",
            "show the author's own posts",
            ok=(200, 403),
            headers={"x-restli-method": "FINDER"},
        )
        if answer.status == 403:
            raise _MayNotRead
        found = (answer.document() or {}).get("elements")
        if not isinstance(found, list) or not all(isinstance(shown, dict) for shown in found):
            what = f"LinkedIn did not show the author's own posts: {words_of(answer) or 'its answer cannot be read'}."
            raise Unavailable(what, where=api.where, todo="It is tried again later.")
        yield from found
        if len(found) < _PAGE or _time(found[-1], "lastModifiedAt") < since:
            return
    raise Unavailable(
        f"The author has more posts since {since:%Y-%m-%d %H:%M} UTC than Pressroom reads.",
        where=api.where,
        todo="Look for the post at LinkedIn.",
    )


def _receipt_of(shown: dict[str, Any]) -> Receipt:
    return receipt(str(shown["id"]), _time(shown, "createdAt"))


def _time(shown: dict[str, Any], name: str) -> datetime:
    milliseconds = shown.get(name) or shown.get("createdAt")
    if not isinstance(milliseconds, int | float):
        raise Unavailable("LinkedIn showed a post without its time.", todo="It is tried again later.")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
