"""What helps against what: the need behind a problem, the thing that meets it, and what a trait is good for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pressroom.generators.offline_writing.tales.lines import word_lists
from pressroom.generators.offline_writing.tales.phrases import bare
from pressroom.stories import Character, Scene

UNKNOWN = "puzzle"
"""The need of a problem of which no word is known: told in a way that fits any."""
_LAST = re.compile(r"\s+(?:with|without|in|on|from|for|behind)\s+")


def need_of(scene: Scene) -> str:
    """What would help against a scene's problem: as it says, else by the words of the problem."""
    if scene.need:
        return scene.need
    words = set(_words(scene.problem))
    text = " ".join(_words(scene.problem))
    scores = {
        need: sum(word in words or (" " in word and word in text) for word in known)
        for need, known in _table("problems").items()
    }
    best = max(scores, key=lambda need: scores[need])
    return best if scores[best] else UNKNOWN


def helps(thing: str, need: str) -> bool:
    """Whether a carried thing is of use, by the nouns of its name: "a bag of brass screws" mends and carries."""
    nouns = {noun for part in _LAST.split(bare(thing))[:1] for noun in _ends_of(part)}
    return bool(nouns & set(_table("things").get(need, ())))


def useful_things(cast: Iterable[Character], need: str) -> list[tuple[Character, str]]:
    """Who carries something that helps, and what."""
    return [(who, thing) for who in cast for thing in who.carries if helps(thing, need)]


def nature(trait: str) -> str:
    """What a trait is good for: being still, thinking, being kind or being bold."""
    words = set(_words(trait))
    return next((kind for kind, known in _table("traits").items() if words & set(known)), "kind")


def _ends_of(phrase: str) -> list[str]:
    """The nouns of "a bag of brass screws": "bag" and "screws"."""
    return [part.split()[-1].casefold() for part in phrase.split(" of ") if part.split()]


def _words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.casefold())


def _table(name: str) -> Mapping[str, list[str]]:
    table: Mapping[str, list[str]] = word_lists("remedies")[name]
    return table
