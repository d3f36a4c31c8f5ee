"""Letters are their readers': a key is told that a post is one, and neither to whom it goes nor what it says."""

from __future__ import annotations

from typing import Any

from pressroom.entrypoints.api.scopes import Caller

HIDDEN = "A letter to one reader; only whoever runs this Pressroom reads it."
"""In the place of its words, which hold the links by which its reader opens the story, and leaves."""


def shown_to(caller: Caller, document: dict[str, Any]) -> dict[str, Any]:
    """Return a publication's document as this caller may see it."""
    post = document["post"]
    if caller.is_operator or not post["letter"]:
        return document
    shown = document | {"post": post | {"text": HIDDEN, "link": "", "letter": None}}
    return shown | ({"known": without_words(document["known"])} if document.get("known") else {})


def without_words(known: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of a held letter without what it says, and what was found that is like it."""
    return known | {"text": HIDDEN, "found": {}}
