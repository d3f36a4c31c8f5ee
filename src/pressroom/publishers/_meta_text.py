"""Words as Meta's networks show them: whether two texts are the same, their hashtags, mentions and links. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from pressroom.publications import Post

_HASHTAG = re.compile(r"(?<![\w#&])#\w+")
_MENTION = re.compile(r"(?<![\w@.])@[\w.]+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)


def is_same_text(sent: str, shown: str) -> bool:
    """Say whether a shown text is the sent one; blanks at the ends and between words are not kept faithfully."""
    return _words(sent) == _words(shown)


def hashtags(text: str) -> list[str]:
    return _HASHTAG.findall(text)


def mentions(text: str) -> list[str]:
    return _MENTION.findall(text)


def links(text: str) -> list[str]:
    """Return the different links of a text."""
    return list(dict.fromkeys(link.rstrip(".,;:!?)") for link in _LINK.findall(text)))


def with_link(post: Post) -> Post:
    """Return the post with its link at the end of the text."""
    if not post.link or post.link in post.text:
        return post
    return replace(post, text=f"{post.text}\n\n{post.link}".lstrip())


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()
