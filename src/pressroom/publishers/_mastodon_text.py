"""How Mastodon counts a text, and whether a status that it shows in HTML is a text that we sent. Pure."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

URL_LENGTH = 23  # of every link; docs.joinmastodon.org entities/V2_Instance, 2026-11-20
# mastodon app/models/account.rb and status_length_validator.rb, 2026-11-20
_MENTION = re.compile(r"(?<![=/\w])@([a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?)@[\w.-]*\w", re.IGNORECASE)
_BLOCKS = ("p", "br", "div", "li", "blockquote", "pre")


def length(text: str) -> int:
    """Count graphemes; a link is 23 whatever its length, and of a mention only the name counts, not its server."""
    import regex
    from twitter_text import extract_urls_with_indices

    kept, place = [], 0
    for found in extract_urls_with_indices(text, extract_urls_without_protocol=False):
        start, end = found["indices"]
        kept += [_named(text[place:start]), "x" * URL_LENGTH]
        place = end
    kept.append(_named(text[place:]))
    return len(regex.findall(r"\X", "".join(kept)))


def is_same_text(sent: str, shown_html: str) -> bool:
    """Say whether the HTML of a status has the words of a text; Mastodon leaves out the servers of mentions."""
    return _words(sent) == _words(plain(shown_html))


def plain(shown_html: str) -> str:
    """Return the words of a status without its tags; links are whole, since what is hidden of them is there too."""
    reader = _Reader()
    reader.feed(shown_html)
    reader.close()
    return "".join(reader.pieces).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def _named(text: str) -> str:
    return _MENTION.sub(r"@\1", text)


def _words(text: str) -> list[str]:
    return _named(unicodedata.normalize("NFC", text)).split()
