"""How Mastodon counts and shows a text. Written apart from the publisher's own count."""

from __future__ import annotations

import html
import re

URL_LENGTH = 23
_LINK = re.compile(r"https?://(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w/=])@(\w+)@[\w-]+(?:\.[\w-]+)+")
_TAG = re.compile(r"(?<![\w/&])#(\w*[^\W\d]\w*)")


def count(text: str) -> int:
    """The length that counts against the limit."""
    import regex

    text = _LINK.sub(lambda found: "x" * URL_LENGTH + found[0][len(_bare(found[0])) :], text)
    return len(regex.findall(r"\X", _MENTION.sub(r"@\1", text)))


def shown(text: str) -> str:
    """The text as the API gives it back: paragraphs, links with their ends hidden, mentions without their server."""
    blocks = [f"<p>{_marked(block)}</p>" for block in re.split(r"\n{2,}", text.strip()) if block]
    return "".join(blocks).replace("\n", "<br />")


def _marked(text: str) -> str:
    pieces, place = [], 0
    for found in _LINK.finditer(text):
        url = _bare(found[0])
        pieces += [_named(text[place : found.start()]), _anchor(url)]
        place = found.start() + len(url)
    return "".join([*pieces, _named(text[place:])])


def _named(text: str) -> str:
    text = html.escape(text, quote=False)
    text = _MENTION.sub(r'<span class="h-card"><a href="https://other.example/@\1">@<span>\1</span></a></span>', text)
    return _TAG.sub(r'<a href="https://mastodon.example/tags/\1" class="mention hashtag">#<span>\1</span></a>', text)


def _anchor(url: str) -> str:
    scheme, rest = re.findall(r"^(https?://(?:www\.)?)(.*)$", url, re.IGNORECASE)[0]
    seen, hidden = html.escape(rest[:30]), html.escape(rest[30:])
    spans = f'<span class="invisible">{scheme}</span><span class="ellipsis">{seen}</span>'
    return f'<a href="{html.escape(url)}" rel="nofollow">{spans}<span class="invisible">{hidden}</span></a>'


def _bare(url: str) -> str:
    url = url.rstrip(".,;:!?'")
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(".,;:!?'")
    return url
