"""How words sound in a verse: their syllables and stresses, and whether a line keeps to its metre."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product

from pressroom.generators.offline_writing.tales.lines import word_lists

TETRAMETER = 8
"""Syllables of an iambic line of four feet: every second one can bear a stress."""
STRESSED, UNSTRESSED = "1", "0"
_NEVER_STRESSED = frozenset(("a", "an", "the"))
_WORD = re.compile(r"[\w’']+")

_VOWELS = re.compile(r"[aeiouyàâäáåæéèêëíîïóôöøœúûü]+")
_SILENT = re.compile(r"(?<=[^aeioul])e$|(?<=[aeiou]l)e$|(?<=[^aeioudt])e(?=d$)|(?<=[^aeiouszxcgh])e(?=s$)")
"""An "e" that is written and not spoken: "shone", "looked", "waves"."""

Sounds = Mapping[str, str]
"""How names are stressed that no lexicon knows: "wilhelmina" is "2010"."""


def fits(line: str, sounds: Sounds) -> bool:
    """Whether a line can be spoken as four iambs, the first of which may be turned round: "Somebody shut the gate"."""
    words = [word.casefold().replace("'", "’") for word in _WORD.findall(line)]
    choices = [_patterns(word, sounds) for word in words]
    return any(_keeps_time(words, patterns) for patterns in product(*choices))


def _keeps_time(words: Sequence[str], patterns: Sequence[str]) -> bool:
    at = 0
    for word, pattern in zip(words, patterns, strict=True):
        if len(pattern) == 1:
            if at % 2 and at > 1 and word in _NEVER_STRESSED:
                return False
        else:
            beat = at + pattern.index(STRESSED)
            if beat % 2 == 0 and beat != 0:
                return False
        at += len(pattern)
        if at > TETRAMETER:
            return False
    return at == TETRAMETER


@cache
def _known() -> dict[str, tuple[str, ...]]:
    return {word: tuple(patterns) for word, patterns in word_lists("stress").items()}


def _patterns(word: str, sounds: Sounds) -> tuple[str, ...]:
    """The ways in which a word can be stressed, a digit for each syllable; a word that is not known is guessed at."""
    bare = re.sub(r"’s?$", "", word)
    for form in (word, bare):
        if form in sounds:
            return (sounds[form],)
        if form in _known():
            return _known()[form]
    return (guessed(bare),)


def guessed(word: str) -> str:
    """A stress pattern by the letters alone: syllables by their vowels, the stress on the first of two or three."""
    count = len(_VOWELS.findall(_SILENT.sub("", word)))
    if count <= 1:
        return STRESSED
    return {2: "10", 3: "100"}.get(count, "20" * (count // 2 - 1) + ("10" if count % 2 == 0 else "100"))


def as_stress(said: str) -> str:
    """The pattern of "wil-hel-MEE-na": "2010"; every second syllable before the stress is a light one."""
    syllables = said.split("-")
    beat = next(index for index, syllable in enumerate(syllables) if syllable[:1].isupper() and syllable.isupper())
    marks = ["2" if (beat - index) % 2 == 0 else UNSTRESSED for index in range(len(syllables))]
    marks[beat] = STRESSED
    return "".join(mark if index <= beat else UNSTRESSED for index, mark in enumerate(marks))
