"""A post as the record that Bluesky keeps, under a key of our own. Pure, but for the draw of the key."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.fitting import fit_text
from pressroom.publications import Post
from pressroom.publishers._bluesky_text import facets, has_card, host_of, with_link

COLLECTION = "app.bsky.feed.post"
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_KEY_LENGTH = 13  # of a TID: a zero bit, 53 bits of microseconds, 10 bits at random; atproto.com/specs/tid, 2026-11-20
_DRAWN_MICROSECONDS = 1_000_000


def new_key(now: datetime) -> str:
    """Return a record key (a TID) that no other post of the account has.

    Its last second is drawn at random beside its clock number: together 30 bits, also where clocks stand still.
    """
    microseconds = (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    number = (microseconds - secrets.randbelow(_DRAWN_MICROSECONDS)) << 10 | secrets.randbelow(1024)
    return "".join(_SORTABLE[number >> 5 * place & 31] for place in reversed(range(_KEY_LENGTH)))


def record_of(post: Post, now: datetime, languages: Sequence[str], dids: Mapping[str, str]) -> dict[str, Any]:
    """Return the record without its pictures: those are known once they are uploaded."""
    text = with_link(post).text
    record: dict[str, Any] = {"$type": COLLECTION, "text": text, "createdAt": stamp(now)}
    if languages:
        record["langs"] = list(languages)
    if found := facets(text, dids):
        record["facets"] = found
    if has_card(post):
        external = {"uri": post.link, "title": post.title or host_of(post.link), "description": ""}
        record["embed"] = {"$type": "app.bsky.embed.external", "external": external}
    return record


def with_pictures(
    record: dict[str, Any], post: Post, blobs: Sequence[dict[str, Any]], alt_text_limit: int
) -> dict[str, Any]:
    """Return the record with the uploads in it, each with its alt text and its shape, else it would be shown square."""
    if not post.media:
        return record
    images = [
        {
            "image": blob,
            "alt": fit_text(item.alt_text, alt_text_limit, len),
            "aspectRatio": {"width": item.width, "height": item.height},
        }
        for item, blob in zip(post.media, blobs, strict=True)
    ]
    return {**record, "embed": {"$type": "app.bsky.embed.images", "images": images}}


def stamp(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def uri_of(did: str, key: str) -> str:
    return f"at://{did}/{COLLECTION}/{key}"


def page_of(did: str, key: str) -> str:
    """Return the address of the post; that with the DID stays good when the account changes its name."""
    return f"https://bsky.app/profile/{did}/post/{key}"
