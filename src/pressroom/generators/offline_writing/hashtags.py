"""Hashtags that fit a subject: the day itself, and one of its domain."""

from __future__ import annotations

import re
import unicodedata

from pressroom.generators.offline_writing.chance import Chance
from pressroom.generators.offline_writing.lexicon import lines_for
from pressroom.generators.offline_writing.subject import Subject

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


def as_hashtag(text: str) -> str:
    """ "National Dog Day" as "#NationalDogDay"; empty if nothing is left that a tag can hold."""
    without_marks = re.sub(r"(?<=s)['’]s\b|['’.]", "", unicodedata.normalize("NFC", text))
    words = re.findall(r"\w+", without_marks)
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return f"#{joined}" if re.search(r"[^\W\d_]", joined) else ""
