"""English grammar as far as a tale needs it: nouns with and without their article, titles, and the past of a clause."""

from __future__ import annotations

import re

from pressroom.generators.offline_writing.tales.lines import word_lists

_ARTICLE = re.compile(r"^(a|an|the)\s+", re.IGNORECASE)
_AFTER_A_NOUN = re.compile(r"\s+(?:of|with|without|in|on|from|for|who|that|which|by|under|behind|full)\b|,")
_RELATIVE = re.compile(r"\b(who|which|that)\s+(\w+)")
_SMALL = frozenset(
    ("a", "an", "the", "and", "or", "but", "of", "in", "on", "at", "by", "to", "for", "from", "with", "as")
)


def bare(noun: str) -> str:
    """A noun without its article: "tin whistle"."""
    return _ARTICLE.sub("", noun)


def definite(noun: str) -> str:
    """A thing that has been spoken of: "the tin whistle", "the two candle ends"."""
    if noun.split(" ", 1)[0] in ("his", "her", "their", "its", "my", "your", "our", "this", "that"):
        return noun
    return f"the {bare(noun).removeprefix('some ')}"


def head(noun: str) -> str:
    """The word that names the thing: "mittens" of "a pair of thick mittens" is not it, "pair" is."""
    return _AFTER_A_NOUN.split(bare(noun), maxsplit=1)[0].split()[-1].casefold()


def is_many(noun: str) -> bool:
    """Whether a thing is spoken of as "them"."""
    if re.match(r"(a|an|one)\b", noun):
        return False
    last = head(noun)
    if noun.split(" ", 1)[0] in word_lists("words")["numbers"]:
        return True
    return last.endswith("s") and not last.endswith(("ss", "us", "is"))


def short_kind(kind: str) -> str:
    """What somebody is in as few words as it takes: "hedgehog", "lighthouse keeper"."""
    return _AFTER_A_NOUN.split(bare(kind), maxsplit=1)[0]


def told_in_the_past(kind: str) -> str:
    """A description as a tale tells it: "a hedgehog who mended clocks"."""
    return _RELATIVE.sub(lambda found: f"{found[1]} {past(found[2])}", kind)


def past(verb: str) -> str:
    """The past of a verb that stands in the present: "mends" gives "mended"; other words stay."""
    irregular: dict[str, str] = word_lists("words")["past"]
    if verb in irregular:
        return irregular[verb]
    if not verb.endswith("s") or verb.endswith("ss"):
        return verb
    stem = verb[:-1]
    if verb.endswith("ies"):
        return f"{verb[:-3]}ied"
    if re.search(r"(s|x|z|ch|sh)es$", verb):
        stem = verb[:-2]
    if stem.endswith("e"):
        return f"{stem}d"
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", stem):
        return f"{stem}{stem[-1]}ed"
    return f"{stem}ed"


def titled(phrase: str) -> str:
    """A phrase as it stands within a title: "the Old Orchard"."""
    return " ".join(word if word in _SMALL else capital(word) for word in phrase.split())


def capital(text: str) -> str:
    """Begin with a capital, also behind a quotation mark."""
    found = re.match(r"[“‘(]*", text)
    start = found.end() if found else 0
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]
