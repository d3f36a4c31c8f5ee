"""The text of a post as LinkedIn's API takes it: "little text", in which a stray `(` cuts off all the rest. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from pressroom.publications import Post

# learn.microsoft.com linkedin/…/little-text-format, 2026-11-20
_RESERVED = re.compile(r"([\\|{}@\[\]()<>#*_~])")
# What LinkedIn itself links: the sign at the beginning of a word, and at least one letter in the tag.
_HASHTAG = re.compile(r"(?<![\w&/])([#＃])(?=\w*[^\W\d_])(\w+)")
_TEMPLATE = re.compile(r"\{hashtag\|\\?([#＃])\|((?:\\.|[^{}|\\])*)\}")
_MENTION = re.compile(r"@\[((?:\\.|[^\]\\])*)\]\([^)]*\)")


def little(text: str) -> str:
    """Return the text with its hashtags as templates, so that they lead somewhere, and all else taken as it is."""
    parts, end = [], 0
    for found in _HASHTAG.finditer(text):
        parts += [_escaped(text[end : found.start()]), f"{{hashtag|{_escaped(found[1])}|{_escaped(found[2])}}}"]
        end = found.end()
    return "".join([*parts, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\1", text)


def plain(commentary: str) -> str:
    """Return what people read of a commentary that LinkedIn shows: the reverse of `little`."""
    text = _MENTION.sub(r"\1", _TEMPLATE.sub(r"\1\2", commentary))
    return re.sub(r"\\([\\|{}@\[\]()<>#*_~])", r"\1", text)


def is_same_text(sent: str, shown: str) -> bool:
    """Say whether a commentary that LinkedIn shows is this text."""
    return sent.split() == plain(shown).split()


def length(text: str) -> int:
    """Count as Java does, in UTF-16 units: an emoji is two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def with_link(post: Post) -> Post:
    """Return the post with its link in the text where LinkedIn shows no card for it: beside pictures."""
    if not post.link or not post.media or post.link in post.text:
        return post
    return replace(post, text=f"{post.text}\n\n{post.link}".lstrip())
