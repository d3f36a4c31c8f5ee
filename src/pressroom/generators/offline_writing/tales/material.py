"""What a tale is told with: the facts laid out as words for gaps, and how its knot will come undone."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.generators.offline_writing.tales.cast import Words, words_for, words_of, words_of_thing
from pressroom.generators.offline_writing.tales.deck import Deck
from pressroom.generators.offline_writing.tales.lines import parts_of, sections
from pressroom.generators.offline_writing.tales.remedies import nature, need_of, useful_things
from pressroom.generators.offline_writing.tales.stock import companions, doorsteps
from pressroom.stories import Character, Scene, StoryFacts


@dataclass(frozen=True)
class Material:
    """Everything that the telling needs to know."""

    plot: str
    need: str
    remedy: str
    """What undoes the knot: "thing", or a nature: "still", "think", "kind" or "bold"."""
    planting: str
    """The section of lines that let the remedy be seen before it is needed."""
    words: Words
    has_third: bool
    number: int
    number_of_plot: int
    characters: tuple[Character, ...]
    scenes: tuple[Scene, Scene]
    helper: Character
    thing: str
    """What is used; empty if it is somebody's nature that helps."""
    trait: str


def lay_out(facts: StoryFacts, deck: Deck) -> Material:
    """Prepare the facts; with too few of them, a neighbour comes along, or it begins on the doorstep."""
    lead, *others = facts.characters
    others = others or [deck.pick("companion", [who for who in companions() if who.name != lead.name])]
    cast = (lead, *others)
    last = facts.scenes[-1]
    first = facts.scenes[0] if len(facts.scenes) > 1 else deck.pick("doorstep", doorsteps(last))
    need = need_of(last)
    helper, thing, trait = _remedy(cast[:2], need, deck)
    words = _words_of_all(cast, first, last, thing, deck)
    words |= _helper_words(cast, helper, trait)
    words |= _prop_words(facts, deck)
    if thing:
        words |= words_of_thing("T", thing)
        planting = "carried many" if words["T.it"] == "them" else "carried"
    else:
        planting = "known for long" if " " in trait else "known for"
    return Material(
        plot=facts.plot,
        need=need,
        remedy="thing" if thing else nature(trait),
        planting=planting,
        words=words,
        has_third=len(cast) > 2,
        number=facts.number,
        number_of_plot=facts.number_of_plot,
        characters=cast,
        scenes=(first, last),
        helper=helper,
        thing=thing,
        trait=trait,
    )


def _remedy(pair: tuple[Character, ...], need: str, deck: Deck) -> tuple[Character, str, str]:
    """Decide who helps, and with what: mostly with a thing, if somebody has one of use."""
    things = useful_things(pair, need)
    if things and deck.pick("thing or nature", ("thing", "thing", "nature")) == "thing":
        who, thing = deck.pick("which thing", things)
        return who, thing, ""
    traits = [(who, trait) for who in pair for trait in who.traits]
    who, trait = deck.pick("which trait", traits)
    return who, "", trait


def _words_of_all(cast: tuple[Character, ...], first: Scene, last: Scene, thing: str, deck: Deck) -> Words:
    words: Words = {}
    for letter, who in zip("ABC", cast, strict=False):
        shown = [carried for carried in who.carries if carried != thing]
        words |= words_for(letter, who, deck.pick(f"shown of {letter}", shown) if shown else "")
    for letter, place in (("P", first), ("Q", last)):
        words |= words_of(letter, place)
        sound, smell = deck.pick(f"sound {letter}", place.sounds), deck.pick(f"smell {letter}", place.smells)
        words |= {f"{letter}.sound": sound, f"{letter}.Sound": sound[:1].upper() + sound[1:], f"{letter}.smell": smell}
    return words


def _helper_words(cast: tuple[Character, ...], helper: Character, trait: str) -> Words:
    """The words for who helps, `{H}`, and who stands by, `{G}`."""
    other = next(who for who in cast[:2] if who is not helper)
    words = words_for("H", helper) | words_for("G", other)
    return words | ({"H.trait_c": trait} if trait else {})


def _prop_words(facts: StoryFacts, deck: Deck) -> Words:
    """The words for what only this plot has: `{X1}`, `{X2}`."""
    prop = deck.pick(f"prop of {facts.plot}", sections(f"plot_{facts.plot}")["props"], facts.number_of_plot)
    return {f"X{place}": part for place, part in enumerate(parts_of(prop), start=1)}
