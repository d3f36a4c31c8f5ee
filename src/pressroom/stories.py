"""What bedtime stories are made of: the rows of the two tables, the shapes of plots, and the facts of one story."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from pressroom.table_rows import Row

_PRONOUNS = {"she": "she", "he": "he", "they": "they", "it": "it"}
_SPOKEN = re.compile(r"[a-zA-Z'’]+(-[a-zA-Z'’]+)*")

_NO_NAMES = frozenset(
    (
        *("A", "An", "The", "Some", "All", "Every", "No", "One", "Two", "Three", "This", "That", "His", "Her", "Their"),
        *("In", "On", "At", "To", "By", "Up", "Down", "When", "As", "Just", "After", "Before", "There", "It", "They"),
        *("Everything", "Everybody", "Everyone", "Nothing", "Nobody", "Somebody", "Someone", "Something"),
    )
)
"""First words that lose their capital in the middle of a sentence."""

Form = Literal["prose", "verse"]
Need = Literal[
    "", "light", "reach", "mending", "warmth", "finding", "calling", "opening", "comfort", "carrying", "puzzle"
]
"""What would help against a scene's problem; empty lets the writer guess from its words."""


def _one_line(text: str) -> str:
    """Refuse what would read as a gap to be filled in; a value that goes over several lines is one line."""
    if "{" in text or "}" in text:
        raise ValueError("must not contain braces")
    return " ".join(text.split())


def _inside_a_sentence(text: str) -> str:
    """Let a phrase stand in the middle of a sentence: without full stop, and "the old mill" with a small t."""
    text = text.rstrip(".")
    first, _, rest = text.partition(" ")
    return f"{first.lower()} {rest}".strip() if first in _NO_NAMES else text


Line = Annotated[str, Field(min_length=1, max_length=240), AfterValidator(_one_line)]
Phrase = Annotated[Line, AfterValidator(_inside_a_sentence)]
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=8)]


def _pronouns(given: Any) -> Any:
    """Read "she/her" as "she"."""
    return _PRONOUNS.get(str(given).casefold().partition("/")[0].strip(), given)


class Character(Row):
    """Somebody whom stories can be about."""

    kind: Phrase
    """With its article: "a hedgehog who mends clocks"."""
    pronouns: Annotated[Literal["she", "he", "they", "it"], BeforeValidator(_pronouns)]
    traits: Phrases
    """As they follow "was": "patient", "a little forgetful"."""
    wish: Phrase
    """"to hear the big clock strike thirteen"."""
    fear: Phrase
    """As it follows "afraid of": "loud doors"."""
    saying: Line
    """A whole sentence."""
    carries: Phrases
    """With their articles: "a tin whistle", "two candle ends"."""
    said: str = ""
    """How the name is spoken, for verses: "wil-ho-MEE-na"; without it, the name is guessed at."""

    @field_validator("name")
    @classmethod
    def _is_one_line(cls, name: str) -> str:
        return _one_line(name)

    @field_validator("wish")
    @classmethod
    def _is_an_infinitive(cls, wish: str) -> str:
        if not wish.startswith("to "):
            raise ValueError('must begin with "to": to see the sea')
        return wish

    @field_validator("kind")
    @classmethod
    def _has_an_article(cls, kind: str) -> str:
        if not kind.startswith(("a ", "an ", "the ")):
            raise ValueError('must begin with "a", "an" or "the": a hedgehog who mends clocks')
        return kind

    @field_validator("saying")
    @classmethod
    def _ends_as_a_sentence(cls, saying: str) -> str:
        bare = saying.strip('“”"').strip()
        return bare if bare[-1:] in ".!?…" else f"{bare}."

    @field_validator("said")
    @classmethod
    def _is_spoken(cls, said: str) -> str:
        if said and (not _SPOKEN.fullmatch(said) or not any(part.isupper() for part in said.split("-"))):
            raise ValueError("must be syllables with the stressed one in capitals: wil-ho-MEE-na")
        return said


class Scene(Row):
    """A place where stories can happen; its name is how one speaks of it: "the old orchard"."""

    where: Phrase | None = None
    """"in the old orchard"; without it, "at" and the name."""
    time: Phrase
    """"at dusk", "on the first cold evening of the year"."""
    weather: Phrase
    """"a thin silver mist"."""
    sounds: Phrases
    """"the drip of water", "a far-off owl"."""
    smells: Phrases
    """"wet bark", "apples"."""
    problem: Phrase
    """What can go wrong there, as it is told: "the gate had swollen shut with the rain"."""
    need: Need = ""
    object: Phrase
    """Something to be found there, with its article: "a stone bench"."""
    calm: Phrase
    """How it quiets down at night, as it is told: "one by one the windows went dark"."""

    @field_validator("name")
    @classmethod
    def _has_an_article(cls, name: str) -> str:
        return _inside_a_sentence(_one_line(name))


PLOTS = {
    "lost": "something lost is found, and is brought back to whoever misses it",
    "stranger": "a stranger needs help to get where it is expected",
    "fear": "somebody is afraid, and goes all the same",
    "promise": "a promise has been made, and it is not easy to keep",
    "sound": "there is a strange sound in the dark, and what makes it turns out to be harmless and funny",
    "gift": "somebody looks for a gift that cannot be bought",
    "race": "there is a race, and it is not won, because something on the way matters more",
    "star": "a small guest from the sky wants to be taken home",
    "letter": "a letter without an address has to be delivered",
    "quarrel": "two friends have quarrelled, and find each other again",
}
"""The shapes of stories, each in half a sentence for a model."""


class StoryFacts(BaseModel):
    """Everything that one story is made of; a writer that reads no prompt is given this as JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: Form = "prose"
    language: str = "en"
    """A BCP 47 tag."""
    plot: str = "lost"
    """A key of `PLOTS`."""
    characters: tuple[Character, ...] = Field(min_length=1)
    scenes: tuple[Scene, ...] = Field(min_length=1)
    """In the order in which the story goes there."""
    number: int = Field(0, ge=0)
    """Which story this is, counted from the first one told: neighbours are told in other words."""
    number_of_plot: int = Field(0, ge=0)
    """Which story of this plot this is."""
