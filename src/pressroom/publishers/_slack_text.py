"""A post as Slack's blocks: words that mean themselves, and pictures. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pressroom.fitting import fit_text
from pressroom.publications import Post

SECTION_LIMIT = 3_000  # docs.slack.dev reference/block-kit/blocks/section-block, 2026-11-20


def escaped(text: str) -> str:
    """Return the text so that no `<!channel>` calls everybody; *bold* and _italic_ stay Slack's own marks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def with_link(post: Post) -> Post:
    if not post.link or post.link in post.text:
        return post
    return replace(post, text=f"{post.text}\n\n{post.link}".lstrip())


def message(post: Post, pictures: Sequence[dict[str, Any]], alt_text_limit: int) -> dict[str, Any]:
    """Return text and, for pictures, blocks; each picture says where it is: `slack_file` or `image_url`.

    With blocks the text is only what notifications show.
    """
    text = escaped(with_link(post).text)
    if not pictures:
        return {"text": text}
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": part}} for part in sections(text)
    ]
    for number, (picture, item) in enumerate(zip(pictures, post.media, strict=True), start=1):
        # Slack takes no picture without an alt text; warnings have said that there is none.
        alt_text = fit_text(item.alt_text.strip(), alt_text_limit, len) or f"Picture {number}"
        blocks.append({"type": "image", "alt_text": alt_text, **picture})
    return {"text": text or post.title or "Picture", "blocks": blocks}


def sections(text: str) -> list[str]:
    """Split an escaped text into parts that a block takes, at lines, else at blanks, never within an escape."""
    parts = []
    while len(text) > SECTION_LIMIT:
        end = _end(text)
        parts.append(text[:end])
        text = text[end:].lstrip("\n ")
    return [part for part in (*parts, text) if part.strip()]


def _end(text: str) -> int:
    for separator in ("\n", " "):
        end = text.rfind(separator, SECTION_LIMIT // 2, SECTION_LIMIT)
        if end > 0:
            return end
    ampersand = text.rfind("&", SECTION_LIMIT - 5, SECTION_LIMIT)
    return ampersand if ampersand > 0 and ";" not in text[ampersand:SECTION_LIMIT] else SECTION_LIMIT
