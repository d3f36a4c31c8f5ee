"""Which domain a theme belongs to, and the concrete things that come with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pressroom.generators.offline_writing.grammar import plain_words, singulars
from pressroom.generators.offline_writing.word_files import domain_names, sections


@dataclass(frozen=True)
class Entry:
    """What the lexicon knows of a theme."""

    domain: str
    keyword: tuple[str, ...]
    """The words by which it was found: ("sweet", "potato")."""
    details: tuple[str, ...]
    """Concrete things as noun phrases: "the marshmallow crust"."""


def look_up(theme: str) -> Entry | None:
    """Find a theme by its longest keyword, the last one of several; None if no domain knows it."""
    words = [singulars(word) for word in plain_words(theme)]
    best: tuple[int, int] = (0, -1)
    found: Entry | None = None
    for keyword, (domain, details) in _keywords().items():
        for start in range(len(words) - len(keyword) + 1):
            span = words[start : start + len(keyword)]
            is_match = all(part in forms for part, forms in zip(keyword, span, strict=True))
            if is_match and (len(keyword), start) > best:
                best = len(keyword), start
                found = Entry(domain, keyword, details)
    return found


def lines_for(entry: Entry | None, section: str, mood: str) -> tuple[str, ...]:
    """The lines of a section for any mood and for this one; of the shared file if no domain is known."""
    file = sections(entry.domain if entry else "shared")
    return file.get(section, ()) + file.get(f"{section} {mood}", ())


@cache
def _keywords() -> dict[tuple[str, ...], tuple[str, tuple[str, ...]]]:
    known: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    for domain in domain_names():
        for line in sections(domain)["keywords"]:
            names, _, details = line.partition(":")
            phrases = tuple(detail.strip() for detail in details.split("|"))
            for name in names.split(","):
                known.setdefault(tuple(plain_words(name)), (domain, phrases))
    return known
