"""A plain description of a picture that was asked for; it claims nothing that only an eye could tell."""

from __future__ import annotations

from pressroom.errors import BadInput
from pressroom.generators.base import TextRequest
from pressroom.generators.offline_writing.chance import Chance
from pressroom.generators.offline_writing.frames import fill
from pressroom.generators.offline_writing.grammar import cut_to_words, with_article
from pressroom.generators.offline_writing.subject import subject_of
from pressroom.generators.offline_writing.word_files import sections


def write(request: TextRequest, chance: Chance) -> str:
    """Describe the picture by its theme, its day and its style."""
    subject = subject_of(request)
    style = " ".join(request.style.split()).strip(".")
    words = {
        "day": subject.day,
        "quoted": f"“{subject.theme}”",
        "style": f", in {with_article(style)}{'' if 'style' in style else ' style'}" if style else "",
    }
    frames = chance.shuffled(sections("shared")["alt text"])
    candidates = [fill(frame, words) for frame in frames] + [f"An illustration for {subject.day}."]
    for text in candidates:
        if len(text) <= request.max_characters:
            return text
    text = cut_to_words(candidates[-1], request.max_characters)
    if not text:
        raise BadInput(
            f"No description of {subject.day} fits into {request.max_characters} characters.",
            todo="Allow more characters.",
        )
    return text
