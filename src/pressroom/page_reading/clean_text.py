"""Makes words of a stranger's page fit to be drawn, stored and shown. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

LONGEST_NAME = 300
LONGEST_BRAND = 100
LONGEST_DESCRIPTION = 2_000
LONGEST_OFFER = 60
_READ_CHARACTERS = 50_000
_MOST_UNESCAPED = 3
"""Pages escape what was escaped before: `&amp;amp;`."""
_MOST_MARKS = 4
"""Combining marks on one character; more than this no script needs."""
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,2000}|![^<>]{0,500})>")
_NO_WORDS = re.compile(r"<(?:(script|style)\b|!--)", re.IGNORECASE)
_ENDS = {
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
    "": re.compile(r"-->"),
}
# Zero-width joiners make emoji and letters of some scripts, the two marks keep the order of mixed lines.
_KEPT_FORMATS = "\u200c\u200d\u200e\u200f\u061c"
_TAGS_OF_FLAGS = range(0xE0020, 0xE0080)


def clean(text: str, longest: int) -> str:
    """Return a text on one line without markup, entities, control characters and tricks of direction."""
    text = text[:_READ_CHARACTERS]
    for _ in range(_MOST_UNESCAPED):
        text = _without_markup(text)
        unescaped = html.unescape(text)
        if unescaped == text:
            break
        text = unescaped
    text = _without_markup(text)
    text = "".join(_kept(character) for character in unicodedata.normalize("NFC", text))
    return cut(" ".join(_with_few_marks(text).split()), longest)


def cut(text: str, longest: int) -> str:
    """Shorten a text at a word, or within one that is too long itself."""
    if len(text) <= longest:
        return text
    short = text[: longest - 1]
    word_end = short.rfind(" ")
    return (short[:word_end] if word_end > longest // 2 else short).rstrip(" ,;:-–—") + "…"


def _without_markup(text: str) -> str:
    return _TAG.sub(" ", "".join(_outside_scripts(text)))


def _outside_scripts(text: str) -> Iterator[str]:
    """Yield what is neither script, style nor comment, a blank for each of those; one without an end is none.

    Each end is looked for once: one expression for the whole would look through the text for every beginning.
    """
    place, endless = 0, set[str]()
    for beginning in _NO_WORDS.finditer(text):
        kind = (beginning[1] or "").lower()
        if beginning.start() < place or kind in endless:
            continue
        if (end := _ENDS[kind].search(text, beginning.end())) is None:
            endless.add(kind)
            continue
        yield text[place : beginning.start()]
        yield " "
        place = end.end()
    yield text[place:]


def _kept(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    if kind == "Cf":
        return character if character in _KEPT_FORMATS or ord(character) in _TAGS_OF_FLAGS else ""
    return "" if kind in ("Cs", "Co", "Cn") else character


def _with_few_marks(text: str) -> str:
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) or unicodedata.category(character) == "Me" else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)
