"""A calendar of themes: which days have one, what they are called, and the prompt for their picture.

Two layouts are read, also mixed in one file. Months: `{"Prompt": "…", "january": {"14": ["Dress Up Your Pet"]}}`.
ISO dates: `{"days": {"10-31": ["Pizza"], "2026-11-26": [{"theme": "Thanksgiving", "name": "Thanksgiving"}]}}`.
A theme's day is called `National … Day`, unless the theme ends in "Day" itself or a "name" is given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict

from pressroom.errors import BadInput
from pressroom.sources.calendar_reading.layouts import PLACEHOLDERS, read_layout
from pressroom.sources.calendar_reading.located_json import NotJson, parse
from pressroom.sources.calendar_reading.problems import CalendarProblem, Problems

MOST_PROBLEMS = 20
"""More than this nobody reads; the rest is counted."""


class CalendarError(BadInput, ValueError):
    """A calendar file cannot be used; says every problem with its line and field, and what to do."""

    def __init__(self, file: str, problems: tuple[CalendarProblem, ...]) -> None:
        self.file, self.problems = file, problems
        if len(problems) == 1:
            what = f"{file}, {problems[0]}"
        else:
            shown = "".join(f"\n- {file}, {problem}" for problem in problems[:MOST_PROBLEMS])
            more = f"\n- and {len(problems) - MOST_PROBLEMS} more" if len(problems) > MOST_PROBLEMS else ""
            what = f"{file} has {len(problems)} problems:{shown}{more}"
        super().__init__(what, where=f"{file}, line {problems[0].line}")


class Theme(BaseModel):
    """What one picture and one post of a day are about."""

    model_config = ConfigDict(frozen=True)

    theme: str
    """In a few words: "Dress Up Your Pet"."""
    name: str
    """The day's full name: "National Dress Up Your Pet Day"."""
    index: int = 0
    """Its place among the themes of its date, from 0."""


class Calendar(BaseModel):
    """A calendar file, read."""

    model_config = ConfigDict(frozen=True)

    prompt: str = ""
    """The template of the prompt for an image model; empty when the file has none."""
    days: Mapping[str, tuple[Theme, ...]]
    """By "01-14" for every year and "2026-11-26" for one."""

    def themes_on(self, day: date) -> tuple[Theme, ...]:
        """The themes of a date: those of every year first, then those of that year alone. Empty if there are none."""
        yearly = self.days.get(f"{day:%m-%d}", ())
        once = self.days.get(day.isoformat(), ())
        return tuple(theme.model_copy(update={"index": index}) for index, theme in enumerate((*yearly, *once)))

    def prompt_for(self, theme: Theme) -> str:
        """The prompt with the theme set in; a template without a placeholder is put after the day's name."""
        filled = self.prompt.format(theme=theme.theme, name=theme.name)
        if any(f"{{{placeholder}}}" in self.prompt for placeholder in PLACEHOLDERS):
            return filled
        return f"{theme.name}. {filled}".strip() if filled else ""


def read_calendar(data: bytes, name: str) -> Calendar:
    """Read a calendar file; `name` is what its errors call it. Raises CalendarError with all that is wrong."""
    try:
        document = parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = data[: error.start].rpartition(b"\n")[2]
        line = data.count(b"\n", 0, error.start) + 1
        raise _error(name, line, len(before) + 1, "not UTF-8 text", "Save the file as UTF-8.") from error
    except NotJson as error:
        todo = "Correct it; the rest of the file was not read."
        raise _error(name, error.line, error.column, f"not JSON: {error.what}", todo) from error
    problems = Problems()
    layout = read_layout(document, problems)
    if problems.found:
        raise CalendarError(name, tuple(sorted(problems.found, key=lambda found: (found.line, found.column))))
    days = {
        key: tuple(
            Theme(theme=theme, name=full or day_name(theme), index=index) for index, (theme, full) in enumerate(entries)
        )
        for key, entries in layout.entries.items()
    }
    return Calendar(prompt=layout.prompt, days=days)


def day_name(theme: str) -> str:
    """The name of a theme's day: "Pizza" gives "National Pizza Day", "Earth Day" stays as it is."""
    return theme if re.search(r"\bday$", theme, re.IGNORECASE) else f"National {theme} Day"


def _error(name: str, line: int, column: int, what: str, todo: str) -> CalendarError:
    return CalendarError(name, (CalendarProblem(line, column, "", what, todo),))
