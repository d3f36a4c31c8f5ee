"""Puts a post's link into its text, for networks that have no other place for it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pressroom.fitting import fit_text
from pressroom.publications import Post


def with_link(post: Post, limit: int, length: Callable[[str], int]) -> Post:
    """Return the post with its link at the end of its text, which makes room for it if it is itself within the limit.

    A text that is too long anyway is left as it is, so that whoever looks at it sees by how much.
    """
    if not post.link or post.link in post.text:
        return post
    tail = f"\n\n{post.link}"
    text = post.text
    if length(text) <= limit < length(text + tail):
        text = fit_text(text, limit - length(tail), length)
    return replace(post, text=f"{text}{tail}".lstrip())
