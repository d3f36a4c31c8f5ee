"""Hashtags that fit a subject: the day itself, and one of its domain."""

from __future__ import annotations

from pressroom.generators.offline_writing.chance import Chance
from pressroom.generators.offline_writing.lexicon import lines_for
from pressroom.generators.offline_writing.subject import Subject
from pressroom.hashtags import as_hashtag

LONGEST = 32
"""A longer tag is a sentence that nobody reads."""


def hashtags_for(subject: Subject, mood: str, chance: Chance) -> list[str]:
    """One or two tags, the better one first; only letters and digits, and never a number alone."""
    own = as_hashtag(subject.day)
    if len(own) > LONGEST:
        own = as_hashtag(subject.theme)
    domain = chance.pick(" ".join(lines_for(subject.entry, "tags", mood)).split())
    tags = [own] if own and len(own) <= LONGEST else []
    if not tags or chance.happens(60):
        tags.append(domain)
    return tags
