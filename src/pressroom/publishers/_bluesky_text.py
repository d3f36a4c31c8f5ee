"""How Bluesky counts a text, and what in it is a link, a mention or a hashtag. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pressroom import linked_text
from pressroom.publications import Post

if TYPE_CHECKING:
    import regex

# lexicon app.bsky.feed.post, 2026-11-20
MOST_GRAPHEMES = 300
MOST_BYTES = 3_000
MOST_TAG_GRAPHEMES = 64  # lexicon app.bsky.richtext.facet, 2026-11-20
_ENDS_A_SENTENCE = ".,;:!?'\"”’»…"
_INVISIBLE = r"\u00ad\u2060\u200a-\u200d\u20e2"
# In the order in which they take precedence: an @ or a # within a link is a part of it.
_PATTERNS = {
    "link": r"(?<![\p{L}\p{N}_])https?://[^\s<>]+",
    "mention": r"(?<![\p{L}\p{N}_.@/])@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?",
    "tag": rf"(?<!\S)[#＃](?!\ufe0f)[^\s{_INVISIBLE}]*[^\d\s\p{{P}}{_INVISIBLE}][^\s{_INVISIBLE}]*",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text that leads somewhere, by its place in UTF-8 bytes, as facets want it."""

    kind: str
    """link, mention or tag."""
    text: str
    byte_start: int
    byte_end: int


def length(text: str) -> int:
    """Count graphemes; a text that is rather over the limit on bytes counts as so many more.

    Bluesky takes 300 graphemes and 3,000 bytes. Both limits are in one number, which reaches 300 with the first.
    """
    return max(graphemes(text), -(-len(text.encode("utf-8", "surrogatepass")) * MOST_GRAPHEMES // MOST_BYTES))


def graphemes(text: str) -> int:
    """Count what people see as one character (Unicode Standard Annex 29)."""
    import regex

    return len(regex.findall(r"\X", text))


def spans(text: str) -> Iterator[Span]:
    """Give the links, mentions and hashtags of a text in their order; none lies within another."""
    place, start_bytes = 0, 0
    for match in _pattern().finditer(text):
        kind = match.lastgroup or ""
        found = _trimmed(kind, match.group())
        if not found:
            continue
        start_bytes += len(text[place : match.start()].encode())
        place = match.start()
        yield Span(kind, found, start_bytes, start_bytes + len(found.encode()))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what makes links, mentions and hashtags work; `dids` are by handle, and who is not among them is text."""
    made = []
    for span in spans(text):
        feature = _feature(span, dids)
        if feature is not None:
            index = {"byteStart": span.byte_start, "byteEnd": span.byte_end}
            made.append({"$type": "app.bsky.richtext.facet", "index": index, "features": [feature]})
    return made


def has_card(post: Post) -> bool:
    """Say whether the post's link is shown as a card: only where no pictures are, and only for a whole address."""
    is_whole = post.link.startswith(("https://", "http://")) and not any(map(str.isspace, post.link))
    return is_whole and bool(host_of(post.link)) and not post.media


def with_link(post: Post) -> Post:
    """Return the post with its link in the text if no card shows it."""
    return post if has_card(post) else linked_text.with_link(post, MOST_GRAPHEMES, length)


def _feature(span: Span, dids: Mapping[str, str]) -> dict[str, str] | None:
    kind = f"app.bsky.richtext.facet#{span.kind}"
    if span.kind == "link":
        return {"$type": kind, "uri": span.text}
    name = span.text[1:]
    if span.kind == "tag":
        return {"$type": kind, "tag": name} if graphemes(name) <= MOST_TAG_GRAPHEMES else None
    did = dids.get(name.lower())
    return {"$type": kind, "did": did} if did else None


def _trimmed(kind: str, found: str) -> str:
    """Return a find without what belongs to the sentence around it; empty if nothing is left of it."""
    import regex

    if kind == "tag":
        bare: str = regex.sub(r"\p{P}+$", "", found)
        return bare if len(bare) > 1 else ""
    if kind == "mention":
        return found
    found = found.rstrip(_ENDS_A_SENTENCE)
    while found.endswith((")", "]")) and found.count(found[-1]) > found.count("(" if found[-1] == ")" else "["):
        found = found[:-1].rstrip(_ENDS_A_SENTENCE)
    return found if host_of(found) else ""


def host_of(url: str) -> str:
    """Return the host that an address leads to; empty if to none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _pattern() -> regex.Pattern[str]:
    import regex

    return regex.compile("|".join(f"(?P<{kind}>{one})" for kind, one in _PATTERNS.items()), regex.IGNORECASE)
