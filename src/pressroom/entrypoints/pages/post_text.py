"""Shows a post's text as networks do: line breaks, links, hashtags and mentions. Pure."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_PARTS = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'])|(?P<tag>(?<![\w&/])#\w*[^\W\d_]\w*)|(?P<name>(?<![\w/@.])@[\w.]*\w)"
)


def can_be_opened(url: str) -> bool:
    """Say whether a link to this address is safe to show: a network may answer with anything as a post's URL."""
    return url.startswith(("https://", "http://")) or (url.startswith("/") and not url.startswith(("//", "/\\")))


def as_network_shows(text: str) -> Markup:
    """Return the text with its links marked up; everything else is escaped."""
    shown, end = [], 0
    for found in _PARTS.finditer(text):
        shown.append(escape(text[end : found.start()]))
        end = found.end()
        if url := found["url"]:
            short = re.sub(r"^https?://(www\.)?", "", url)
            short = short if len(short) <= 32 else f"{short[:31]}…"
            shown.append(Markup('<a href="{}" rel="noopener nofollow ugc">{}</a>').format(url, short))
        else:
            shown.append(Markup('<span class="tag">{}</span>').format(found[0]))
    shown.append(escape(text[end:]))
    return Markup("").join(shown)
