"""A bedtime story from its facts: the title, an empty line, then paragraphs or stanzas with empty lines between."""

from __future__ import annotations

from pydantic import ValidationError

from pressroom.errors import BadInput
from pressroom.generators.base import TextRequest
from pressroom.generators.offline_writing.chance import Chance
from pressroom.generators.offline_writing.tales.deck import Deck
from pressroom.generators.offline_writing.tales.material import lay_out
from pressroom.stories import PLOTS, StoryFacts


def write(request: TextRequest, chance: Chance) -> str:
    """Tell the story. Raises BadInput for facts that make none, another language than English, or too little room."""
    from pressroom.generators.offline_writing.tales import prose, verse

    facts = _facts(request)
    deck = Deck(facts.number, chance)
    material = lay_out(facts, deck)
    title, paragraphs = (verse if facts.form == "verse" else prose).tell(material, deck)
    text = "\n\n".join([title, *paragraphs])
    if len(text) > request.max_characters:
        raise BadInput(
            f"The story has {len(text)} characters, and {request.max_characters} are allowed.",
            todo="Allow more: a story that is cut off has no end.",
        )
    return text


def _facts(request: TextRequest) -> StoryFacts:
    try:
        facts = StoryFacts.model_validate(request.facts)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "facts"
        raise BadInput(
            f"A story cannot be told from these facts: {place}: {first['msg']}.",
            todo="Give characters and scenes with all their fields, as the tables hold them.",
        ) from error
    if facts.plot not in PLOTS:
        raise BadInput(f"There is no plot {facts.plot!r}.", todo=f"Known: {', '.join(PLOTS)}.")
    if facts.language.casefold().partition("-")[0] != "en":
        raise BadInput(
            f"offline_text tells stories in English, not in {facts.language!r}.",
            todo='Set language = "en", or choose a generator that writes other languages.',
        )
    return facts
