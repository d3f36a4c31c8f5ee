"""The letter that brings a bedtime story: its page, and the same in plain words. Sends nothing and asks for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from pressroom.publications import PostMedia
from pressroom.readers import Subscriber
from pressroom.sentences import sentences
from pressroom.story_reading import ToRead

if TYPE_CHECKING:
    from jinja2 import Environment

HowMuch = Literal["beginning", "whole"]
_ENOUGH_WORDS = 70
"""Of a beginning: the paragraph that comes to so many is the last."""
_MOST_WORDS = 150
"""Of a beginning; a paragraph that would lead beyond is cut between two sentences."""
_OPENING = 140
"""Characters that a list of mails shows after the subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A letter, ready to be sent."""

    html: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The links of one reader's letter."""

    story: str
    leave: str


def write_letter(
    found: ToRead, reader: Subscriber, ways: Ways, *, zone: str, how_much: HowMuch, picture: PostMedia | None
) -> Written:
    """Return the letter of a story to a reader; of its parts only those that are there are mentioned.

    `zone` is that of readers who name none. The page shows `picture` as `cid:picture-1`.
    """
    story = found.story
    paragraphs = story.paragraphs if how_much == "whole" else beginning(story.paragraphs)
    is_whole = paragraphs == tuple(story.paragraphs)
    assert found.asset.expires_at is not None, "a story ends with its job"
    ends = found.asset.expires_at.astimezone(ZoneInfo(reader.zone or zone))
    values: dict[str, Any] = {
        "name": reader.name,
        "language": story.language,
        "form": story.form,
        "title": story.title,
        "characters": found.characters,
        "minutes": found.minutes,
        "opening": " ".join(story.paragraphs[0].split())[:_OPENING],
        "paragraphs": [paragraph.split("\n") for paragraph in paragraphs],
        "picture": picture,
        "button": _button(is_whole=is_whole, has_sound=found.sound is not None),
        "link": ways.story,
        "leave_link": ways.leave,
        "until": f"{ends:%A, %-d %B, %H:%M}",
        "made_by": _made_by(has_picture=picture is not None, has_sound=found.sound is not None),
    }
    templates = _templates()
    html, text = (templates.get_template(name).render(values) for name in ("story.html", "story.txt"))
    return Written(html=html, text=text)


def beginning(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return the first paragraphs of a story, about a hundred words: enough to want to know how it goes on."""
    kept: list[str] = []
    words = 0
    for paragraph in paragraphs:
        size = len(paragraph.split())
        if words + size > _MOST_WORDS:
            first = _first_sentences(paragraph, _MOST_WORDS - words)
            return (*kept, first) if first else tuple(kept) or (paragraph,)
        kept.append(paragraph)
        words += size
        if words >= _ENOUGH_WORDS:
            break
    return tuple(kept)


def _first_sentences(paragraph: str, most_words: int) -> str:
    """Return as many whole sentences as have room; a stanza is never cut."""
    if "\n" in paragraph:
        return ""
    fitting = [end for _, end in sentences(paragraph) if len(paragraph[:end].split()) <= most_words]
    return paragraph[: fitting[-1]] if fitting else ""


def _button(*, is_whole: bool, has_sound: bool) -> str:
    if is_whole:
        return "Listen to it" if has_sound else "Open its own page"
    return "Read and listen" if has_sound else "Read on"


def _made_by(*, has_picture: bool, has_sound: bool) -> str:
    """Say what of it a machine has made: all of it, and nobody is to take it for somebody's voice."""
    did = ["wrote this story"]
    did += ["painted its picture"] if has_picture else []
    did += ["reads it aloud"] if has_sound else []
    return f"A machine {', '.join(did[:-1])}{' and ' if did[:-1] else ''}{did[-1]}."


@cache
def _templates() -> Environment:
    """Return the templates, read once: a list of readers may be long."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=PackageLoader("pressroom", "letters"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
