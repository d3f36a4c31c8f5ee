"""Who is in a tale and where it happens, as words for the gaps of its sentences."""

from __future__ import annotations

from pressroom.generators.offline_writing.tales.phrases import (
    capital,
    definite,
    head,
    is_many,
    short_kind,
    titled,
    told_in_the_past,
)
from pressroom.stories import Character, Scene

Words = dict[str, str]

_PRONOUNS = {
    "she": ("she", "her", "her", "herself", "was"),
    "he": ("he", "him", "his", "himself", "was"),
    "they": ("they", "them", "their", "themself", "were"),
    "it": ("it", "it", "its", "itself", "was"),
}


def words_for(letter: str, who: Character, carried: str = "") -> Words:
    """The words for a character's gaps: `{A}`, `{A.he}`, `{A.wish}`; `carried` is a thing of theirs to be shown."""
    he, him, his, himself, was = _PRONOUNS[who.pronouns]
    comma = who.saying[:-1] + "," if who.saying.endswith(".") else who.saying
    words = {
        "": who.name,
        "he": he,
        "him": him,
        "his": his,
        "himself": himself,
        "was": was,
        "kind": short_kind(who.kind),
        "a_short": f"{who.kind.split()[0]} {short_kind(who.kind)}",
        "a_kind": told_in_the_past(who.kind),
        "trait": who.traits[0],
        "traits": " and ".join(who.traits[:2]),
        "wish": who.wish,
        "fear": who.fear,
        "saying": who.saying,
        "saying_c": comma,
    }
    quality = next((trait for trait in who.traits if " " not in trait), "")
    if quality:
        words["quality"] = quality
    if carried:
        words["carried"] = carried
    return _named(letter, words)


def words_of(letter: str, place: Scene) -> Words:
    """The words for a place's gaps: `{P.name}`, `{P.where}`, `{P.sound}`; no more than one of its sounds and smells."""
    return _named(
        letter,
        {
            "name": place.name,
            "to": f"to {place.name}",
            "title": titled(place.name),
            "where": place.where or f"at {place.name}",
            "time": place.time,
            "weather": place.weather,
            "problem": place.problem,
            "the_object": definite(place.object),
            "calm": place.calm,
        },
    )


def words_of_thing(letter: str, thing: str) -> Words:
    """The words for a thing's gaps: `{T}` is "the tin whistle"."""
    many = is_many(thing)
    substance = thing.rpartition(" of ")[2]
    short = {} if is_many(substance) else {"short": f"the {head(substance)}"}
    return _named(
        letter,
        short
        | {"": definite(thing), "a": thing, "it": "them" if many else "it", "was": "were" if many else "was"}
        | {"It": "They" if many else "It"},
    )


def _named(letter: str, words: Words) -> Words:
    """Put the letter before each word, and add each with a capital."""
    named = {f"{letter}.{name}" if name else letter: word for name, word in words.items()}
    capitals = {
        f"{letter}.{name[:1].upper()}{name[1:]}": capital(word) for name, word in words.items() if name[:1].islower()
    }
    return capitals | named
