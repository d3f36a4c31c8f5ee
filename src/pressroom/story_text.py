"""A finished story: read out of what a writer answered, checked, and as it is stored and read aloud."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from pressroom.errors import BadInput
from pressroom.stories import Form

LEAST_WORDS = 200
_LONGEST_TITLE = 120
_MARKS_AT_START = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|\*\s+(?=\S)|-{3,}\s*$|\*{3,}\s*$|_{3,}\s*$)")
_TITLE_SAID = re.compile(r"^(?:title|titel|titre|título|titolo)\s*[:：]\s*", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*_])")
_FENCE = re.compile(r"^\s*```\w*\s*$")
_QUOTES = (("“", "”"), ('"', '"'), ("„", "“"), ("«", "»"), ("'", "'"), ("‘", "’"))
_ENDS = tuple(".!?”\"’'»)")
"""A text that ends with anything else was cut off, by the model or by its limit."""


class NoStory(BadInput):
    """What a writer answered is not a whole story; another answer may be one."""


class StoryText(BaseModel):
    """Title and paragraphs; a verse's paragraphs are its stanzas, a line each between line ends."""

    model_config = ConfigDict(frozen=True)

    title: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> int:
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


class NamedKind(BaseModel):
    """Who is in a story, or where it is, for its byline and its picture."""

    name: str
    kind: str = ""


class Story(StoryText):
    """The story as it is stored, JSON, under `stories/JOB.json`."""

    form: Form
    language: str
    characters: tuple[NamedKind, ...]
    scenes: tuple[NamedKind, ...]

    @property
    def spoken(self) -> str:
        """What is read aloud; the marks of the narration count characters in it."""
        return "\n\n".join((self.title, *self.paragraphs))

    def places(self) -> list[tuple[int, int]]:
        """Return where in `spoken` the title and each paragraph begin and end."""
        found, start = [], 0
        for part in (self.title, *self.paragraphs):
            found.append((start, start + len(part)))
            start += len(part) + 2
        return found


def read_story(text: str, form: Form, least_words: int = LEAST_WORDS) -> StoryText:
    """Read title and paragraphs; raises `NoStory` for a text that is no whole story."""
    lines = [line.rstrip() for line in _unwrapped(text).splitlines() if not _FENCE.match(line)]
    plain = [_MARKS_AT_START.sub("", line).strip() for line in lines]
    head = next((index for index, line in enumerate(plain) if line), None)
    if head is None:
        raise _no_use("it is empty")
    title = _title(plain[head])
    paragraphs = tuple(_paragraphs(plain[head + 1 :], form))
    story = StoryText(title=title, paragraphs=paragraphs)
    if not title or len(title) > _LONGEST_TITLE:
        raise _no_use("it begins with no title")
    if story.words < least_words:
        raise _no_use(f"it has {story.words} words, and a story has at least {least_words}")
    if not paragraphs[-1].endswith(_ENDS):
        raise _no_use(f"it breaks off at “{paragraphs[-1][-40:]}”")
    return story


def _unwrapped(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").strip()


def _title(line: str) -> str:
    line = _TITLE_SAID.sub("", _without_emphasis(line)).strip()
    for opening, closing in _QUOTES:
        if len(line) > 2 and line[0] == opening and line[-1] == closing:
            line = line[1:-1]
    return line.strip().rstrip(".")


def _paragraphs(lines: Sequence[str], form: Form) -> list[str]:
    """Join the lines between empty ones: prose to one line, verse as they stand."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(_without_emphasis(line))
        elif found[-1]:
            found.append([])
    return [("\n" if form == "verse" else " ").join(block) for block in found if block]


def _without_emphasis(line: str) -> str:
    while (plain := _EMPHASIS.sub(r"\2", line)) != line:
        line = plain
    return line


def _no_use(why: str) -> NoStory:
    return NoStory(
        f"What the writer answered is no story: {why}.",
        where="[pipelines.bedtime_story] text",
        todo="Run it again, or choose another generator or model.",
    )
