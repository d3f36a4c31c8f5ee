"""Shortens a text to what a network takes, counted as that network counts. Pure, and the same for every channel."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate

ELLIPSIS = "…"
_HANGS_LOOSE = " \t\r\n\u3000,;:-–—(["
_TAG = re.compile(r"(?:#[^\s#]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def fit_text(text: str, limit: int, length: Callable[[str], int]) -> str:
    """Return the text, shortened at a word and with an ellipsis if its `length` is above the limit.

    Hashtags and a link at the end stay whole as far as they leave room: hashtags may take half of the limit, a
    link all of it. Nothing that people see as one character is cut in two. What is returned is never longer than
    the limit by `length`.
    """
    if length(text) <= limit:
        return text
    body, tail = _split(text)
    for kept in _shorter_tails(tail, limit, length, is_alone=not body.strip()):
        fitted = _shorten(body, kept, limit, length)
        if fitted is not None:
            return fitted
    return ELLIPSIS if length(ELLIPSIS) <= limit else ""


def _split(text: str) -> tuple[str, list[str]]:
    """Return the text before its closing hashtags and link, and each of those with the blanks before it."""
    start = len(text.rstrip())
    tail: list[str] = []
    for token in reversed(list(re.finditer(r"\s*(\S+)", text))):
        if not _TAG.fullmatch(token[1]) and not _LINK.fullmatch(token[1]):
            break
        start = token.start()
        tail.insert(0, token[0])
    return text[:start], tail


def _shorter_tails(parts: list[str], limit: int, length: Callable[[str], int], *, is_alone: bool) -> Iterator[str]:
    """Give the tails that may be kept: the whole one first, then with fewer and fewer hashtags, at last none."""
    parts = list(parts)
    while parts:
        kept = "".join(parts)
        tags = [place for place, part in enumerate(parts) if _TAG.fullmatch(part.strip())]
        if length(kept.lstrip()) <= (limit // 2 if tags and not is_alone else limit):
            yield kept
        del parts[tags[-1] if tags else -1]
    yield ""


def _shorten(body: str, tail: str, limit: int, length: Callable[[str], int]) -> str | None:
    """Return as much of the body as fits, and the tail; None if nothing does."""

    def joined(kept: str) -> str:
        return f"{kept}{ELLIPSIS}{tail}" if kept else tail.lstrip()

    ends = _ends_of_characters(body.rstrip())
    # Almost every count grows with the text. Where one does not (a link gets shorter when it is complete), the
    # search may stop early, and what it found is measured once more below.
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if length(joined(body[: ends[middle - 1]])) <= limit:
            low = middle
        else:
            high = middle - 1
    while low:
        kept = _back_to_word(body, ends[low - 1])
        if not kept:
            break
        if length(joined(kept)) <= limit:
            return joined(kept)
        low = bisect_left(ends, len(kept))
    return joined("") if tail and length(joined("")) <= limit else None


def _ends_of_characters(text: str) -> list[int]:
    """Return where each grapheme cluster ends (Unicode Standard Annex 29)."""
    import regex

    return list(accumulate(len(cluster) for cluster in regex.findall(r"\X", text)))


def _back_to_word(body: str, end: int) -> str:
    """Return the body up to `end`, or to the end of the word before, without what then hangs loose there.

    A script without blanks and a very long word are cut between two characters; a link, a hashtag and a mention
    never are: what would be left is a dead link, another tag, another person.
    """
    before = body[:end]
    if end < len(body) and not body[end].isspace() and not before[-1].isspace():
        start = len(before) - len(before.split()[-1])
        word = body[start:].split(maxsplit=1)[0]
        if start >= end // 2 or word[0] in "#@" or _LINK.search(word):
            before = body[:start]
    return before.rstrip(_HANGS_LOOSE)
