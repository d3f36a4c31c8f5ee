"""How X counts a text, what it charges for, and whether a text that it shows is one that we sent. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pressroom.publications import Post

_URL_LIKE = re.compile(r"://|[^\W_]\.[^\W\d_]{2,}")
_T_CO = re.compile(r"https?://t\.co/\w+")


def weighted_length(text: str) -> int:
    """Count as X does: Latin and the like 1, others and emoji 2, a link 23 whatever its length.

    docs.x.com counting characters, 2026-11-20. Emoji newer than twitter-text-parser's table (2019) that are joined
    of several are counted part by part: too long, never too short.
    """
    from twitter_text import parse_tweet

    length: int = parse_tweet(text).weightedLength
    return length


def links(text: str) -> list[str]:
    """Return what X would take for a link, with or without `https://`."""
    from twitter_text import extract_urls

    found: list[str] = extract_urls(unicodedata.normalize("NFC", text))
    return found


def with_link(post: Post) -> Post:
    """Return the post with its link in the text, where X wants it."""
    if not post.link or post.link in post.text:
        return post
    return replace(post, text=f"{post.text}\n\n{post.link}".lstrip())


def is_same_text(sent: str, shown: str) -> bool:
    """Say whether X shows this text, apart from links: it replaces those, and it alone knows what it takes for one."""
    return _words(sent) == _words(html.unescape(shown))


def leads_to_same(sent: str, shown: Mapping[str, Any]) -> bool:
    """Say whether the links of a shown post, as its `entities` name them, are those of the text."""
    entities = shown.get("entities")
    urls = entities.get("urls", []) if isinstance(entities, dict) else []
    # The link to a post's own picture is among them; it has a media key.
    theirs = {_bare(str(url.get("expanded_url", ""))) for url in urls if "media_key" not in url}
    return theirs == {_bare(url) for url in links(sent)}


def _words(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text)
    return [word for word in text.split() if not _URL_LIKE.search(word) and not _T_CO.search(word)]


def _bare(url: str) -> str:
    """Return a link without what X adds to one that was written without it."""
    rest = re.sub(r"^https?://", "", url, flags=re.IGNORECASE)
    host, slash, path = rest.partition("/")
    return (host.lower() + slash + path).rstrip("/")
