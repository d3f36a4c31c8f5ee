"""A post for the day's theme: one frame, perhaps a question, and a hashtag or two."""

from __future__ import annotations

import re

from pressroom.errors import BadInput
from pressroom.generators.base import TextRequest
from pressroom.generators.offline_writing.chance import Chance
from pressroom.generators.offline_writing.frames import fill, slots_of
from pressroom.generators.offline_writing.grammar import cut_to_words, plain_words, running
from pressroom.generators.offline_writing.hashtags import hashtags_for
from pressroom.generators.offline_writing.lexicon import lines_for
from pressroom.generators.offline_writing.subject import Subject, subject_of
from pressroom.generators.offline_writing.word_files import mood_words, sections

USUAL_MOOD = "cheerful"


def write(request: TextRequest, chance: Chance) -> str:
    """Write a caption of at most `max_characters`, with the day's full name in it wherever that fits."""
    subject = subject_of(request)
    mood = mood_of(request.style)
    words = words_for(subject, chance)
    for frame in frames_for(subject, mood, chance):
        if slots_of(frame) <= words.keys():
            body = fill(frame, words)
            if len(body) <= request.max_characters:
                return _with_extras(body, subject, mood, chance, request.max_characters)
    body = cut_to_words(f"{subject.day}!", request.max_characters)
    if not body:
        raise BadInput(
            f"No caption for {subject.day} fits into {request.max_characters} characters.",
            todo="Allow more characters or give the theme a shorter name.",
        )
    return body


def mood_of(style: str) -> str:
    """The mood that a style asks for by one of its words; cheerful if by none."""
    asked = plain_words(style)
    for word in asked:
        for mood, names in mood_words().items():
            if word in names:
                return mood
    return USUAL_MOOD


def words_for(subject: Subject, chance: Chance) -> dict[str, str]:
    """What the slots of a frame can be filled with for this subject."""
    words = {"day": subject.day, "theme": running(subject.theme)}
    if subject.entry:
        words["detail"] = chance.pick(subject.entry.details)
    if subject.thing:
        words["a_theme"] = subject.thing
        words["themes"] = subject.things
    if subject.deed:
        words["deed"] = subject.deed
        words["our_deed"] = re.sub(r"\byour\b", "our", subject.deed)
        words["my_deed"] = re.sub(r"\byour\b", "my", subject.deed)
    return words


def frames_for(subject: Subject, mood: str, chance: Chance) -> list[str]:
    """Frames in the order in which they are tried: of one kind first, the short ones last."""
    shared = sections("shared")
    plain = chance.shuffled(shared[f"plain {mood}"])
    own = chance.shuffled(sections(subject.entry.domain)[mood]) if subject.entry else []
    special: list[str] = []
    if subject.deed and chance.happens(25):
        special = chance.shuffled(shared[f"deed {mood}"])
    elif subject.thing and chance.happens(12):
        special = chance.shuffled(shared[f"thing {mood}"])
    elif chance.happens(4):
        special = plain
    return [*special, *own, *plain, *chance.shuffled(shared[f"short {mood}"]), "Happy {day}!", "{day}!"]


def _with_extras(body: str, subject: Subject, mood: str, chance: Chance, most: int) -> str:
    ask = chance.pick(lines_for(subject.entry, "asks", mood)) if chance.happens(45) else ""
    tags = hashtags_for(subject, mood, chance)
    for extras in ([ask, *tags], tags, tags[:1]):
        text = " ".join(part for part in (body, *extras) if part)
        if len(text) <= most:
            return text
    return body
