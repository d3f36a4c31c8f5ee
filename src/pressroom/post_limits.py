"""What of a post a network would refuse, by the limits that its publisher declares. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pressroom.publications import Post, PostMedia
from pressroom.publishers.base import ImageRules, TextRules


def broken_limits(
    post: Post, text_rules: TextRules, image_rules: ImageRules, length: Callable[[str], int], network: str
) -> Iterator[str]:
    """Give one sentence for each limit that the post breaks; bytes are checked where they are read."""
    counted = length(post.text)
    if counted > text_rules.limit:
        yield (
            f"The text has {counted:,} {text_rules.counted_in}; {network} takes {text_rules.limit:,}. "
            f"Shorten it by {counted - text_rules.limit:,}."
        )
    if not post.text.strip() and not post.media:
        yield f"The post is empty; {network} would refuse it."
    if len(post.media) > image_rules.most:
        yield f"The post has {len(post.media)} pictures; {network} takes {image_rules.most}."
    for number, item in enumerate(post.media, start=1):
        for broken in _of_picture(item, text_rules, image_rules, network):
            yield f"Picture {number} {broken}"


def _of_picture(item: PostMedia, text_rules: TextRules, rules: ImageRules, network: str) -> Iterator[str]:
    if item.media_type not in rules.formats:
        yield f"is {item.media_type}; {network} takes {', '.join(rules.formats)}."
    if (rules.max_width and item.width > rules.max_width) or (rules.max_height and item.height > rules.max_height):
        most = f"{rules.max_width or 'any'} × {rules.max_height or 'any'}"
        yield f"is {item.width} × {item.height} pixels, too big; {network} takes {most}."
    if rules.max_pixels and item.width * item.height > rules.max_pixels:
        yield f"has {item.width * item.height:,} pixels, too many; {network} takes {rules.max_pixels:,}."
    if rules.min_width and item.width < rules.min_width:
        yield f"is {item.width} pixels wide; {network} takes no fewer than {rules.min_width}."
    ratio = item.width / item.height if item.height else 0.0
    if (rules.narrowest and ratio < rules.narrowest) or (rules.widest and ratio > rules.widest):
        yield f"is {item.width} × {item.height} pixels, a shape that {network} does not take."
    if text_rules.alt_text_limit and not item.alt_text.strip():
        yield "has no alt text; people who cannot see it are left out."
    if text_rules.alt_text_limit and len(item.alt_text) > text_rules.alt_text_limit:
        yield f"has an alt text of {len(item.alt_text):,} characters, cut to {text_rules.alt_text_limit:,}."
