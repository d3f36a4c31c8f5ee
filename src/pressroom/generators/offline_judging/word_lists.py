"""The lists of words beside the code, read once, when the first text is judged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from pressroom.generators.offline_judging.plain_text import terms_of

LANGUAGES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or phrase of a list."""

    words: tuple[str, ...]
    """As they are looked for; the last may be the beginning of a word, then `is_stem`."""
    is_stem: bool
    category: str
    score: float
    source: str
    """As a person is told of the list: "the English list"."""


def entry(line: str, category: str, score: float, source: str) -> Entry:
    """Read one line of a list: a word, a phrase, or with a star at its end how a word begins."""
    text = line.strip()
    return Entry(terms_of(text.removesuffix("*")), text.endswith("*"), category, score, source)


@cache
def entries(languages: tuple[str, ...]) -> tuple[Entry, ...]:
    """Return what the lists of these languages hold, without what is harmless in another one of them."""
    return tuple(found for language in languages for found in _entries(language, frozenset(languages)))


@cache
def harmless() -> tuple[tuple[str, ...], ...]:
    """Return words and phrases that only look like some of a list."""
    return tuple(terms_of(line) for line in _lines("harmless"))


@cache
def shorteners() -> frozenset[str]:
    """Return hosts that hide where a link leads."""
    return frozenset(_lines("shorteners"))


def _entries(language: str, chosen: frozenset[str]) -> list[Entry]:
    found, category, score = [], "", 0.0
    for line in _lines(language):
        if line.startswith("["):
            category, _, number = line.strip("[]").rpartition(" ")
            score = float(number)
            continue
        text, *elsewhere = line.split(" !")
        if not chosen & set(elsewhere):
            found.append(entry(text, category, score, f"the {LANGUAGES[language]} list"))
    return found


def _lines(name: str) -> list[str]:
    """Return the lines of a list; `#` begins a remark."""
    folder = resources.files("pressroom.generators.offline_judging") / "words"
    lines = (line.partition("#")[0].strip() for line in (folder / f"{name}.txt").read_text("utf-8").splitlines())
    return [line for line in lines if line]
