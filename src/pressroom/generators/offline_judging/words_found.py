"""Finds words of a list in a text: whole words only, and none that merely contain one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pressroom.generators.base import Flag
from pressroom.generators.offline_judging.plain_text import Word, terms_of, wholes_of, words_of
from pressroom.generators.offline_judging.word_lists import Entry, harmless


def listed_words(text: str, known: Iterable[Entry], allowed: Sequence[str] = ()) -> list[Flag]:
    """Return a flag for each word or phrase of the lists that the text holds; `allowed` ones are passed over."""
    fine = (*harmless(), *map(terms_of, allowed))
    several, wholes = _without(words_of(text), fine), _without(wholes_of(text), fine)
    flags: dict[str, Flag] = {}
    for entry in known:
        for shown in (*_found(entry, several), *_found(entry, wholes)):
            flag = Flag(category=entry.category, score=entry.score, why=f"“{shown}” is in {entry.source}.")
            kept = flags.get(shown.casefold())
            if kept is None or kept.score < flag.score:
                flags[shown.casefold()] = flag
    return list(flags.values())


def _found(entry: Entry, words: Sequence[Word | None]) -> list[str]:
    found = []
    for place in range(len(words) - len(entry.words) + 1):
        window = words[place : place + len(entry.words)]
        if all(_is(entry, number, word) for number, word in enumerate(window)):
            found.append(" ".join(word.shown for word in window if word))
    return found


def _is(entry: Entry, number: int, word: Word | None) -> bool:
    if word is None:
        return False
    wanted = entry.words[number]
    if entry.is_stem and number == len(entry.words) - 1:
        return any(form.startswith(wanted) for form in word.forms)
    return wanted in word.forms


def _without(words: Sequence[Word], fine: Iterable[tuple[str, ...]]) -> list[Word | None]:
    """Return the words with None for those that are part of something harmless."""
    left: list[Word | None] = list(words)
    for phrase in fine:
        for place in range(len(words) - len(phrase) + 1):
            window = words[place : place + len(phrase)]
            if phrase and all(wanted in word.forms for wanted, word in zip(phrase, window, strict=True)):
                left[place : place + len(phrase)] = [None] * len(phrase)
    return left
