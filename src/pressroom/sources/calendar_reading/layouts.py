"""The two layouts of a calendar file, read into one: months with days, and ISO dates under "days"."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass, field

from pressroom.sources.calendar_reading import dates
from pressroom.sources.calendar_reading.located_json import Located, Members
from pressroom.sources.calendar_reading.problems import Problems, kind_of

PLACEHOLDERS = ("theme", "name")
LONGEST_WORDS = 150
"""Characters of a theme or a name: neither a picture's title nor a post has room for more."""
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates of the writing direction (Unicode Standard Annex 9, 2.1 to 2.4)."""
Entry = tuple[str, str]
"""A theme and the full name of its day; the name is empty where the file gives none."""


@dataclass
class Layout:
    """What a file says: entries by "01-14" or "2026-11-26", and the prompt."""

    prompt: str = ""
    entries: dict[str, list[Entry]] = field(default_factory=dict)


def unshowable(text: str) -> str:
    """Name the first control character, half of a surrogate pair or turn of direction in a text; empty for none.

    What turns the direction of writing makes a post read otherwise than it is written, to its reader alone.
    """
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") or character in TURNS:
            return f"U+{ord(character):04X}"
    return ""


def read_layout(document: Located, problems: Problems) -> Layout:
    """Read a whole document; what cannot be read goes to `problems` and is left out."""
    return _Reader(problems).document(document)


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.layout = Layout()
        self.first_lines: dict[tuple[str, object], int] = {}

    def document(self, document: Located) -> Layout:
        for key, value in self._members(document, "", 'Write {"january": {"14": ["Dress Up Your Pet"]}}'):
            word = key.value.strip().casefold()
            if word == "prompt":
                self._prompt(key, value)
            elif word == "days":
                self._days(key, value)
            else:
                self._month(key, value)
        return self.layout

    def _prompt(self, key: Located, value: Located) -> None:
        if self._is_repeated("key", "prompt", key, "Prompt"):
            return
        if not isinstance(value.value, str):
            what = f"the prompt is {kind_of(value)}, not a text"
            self.problems.add(value, "Prompt", what, "Write it in double quotes.")
            return
        allowed = " and ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        try:
            parts = list(string.Formatter().parse(value.value))
        except ValueError as error:
            todo = f"Write {{{{ and }}}} for plain braces; the placeholders are {allowed}."
            self.problems.add(value, "Prompt", f"the braces do not match ({error})", todo)
            return
        for _, name, spec, conversion in parts:
            if name is not None and (name not in PLACEHOLDERS or spec or conversion):
                written = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
                what = f"{{{written}}} is not a known placeholder"
                self.problems.add(value, "Prompt", what, f"The placeholders are {allowed}.")
        if character := unshowable(" ".join(value.value.split())):
            what = f"the prompt has a character that cannot be shown ({character})"
            self.problems.add(value, "Prompt", what, "Type it again; it was probably pasted from elsewhere.")
        self.layout.prompt = value.value

    def _month(self, key: Located, value: Located) -> None:
        month = dates.month_number(key.value)
        if month is None:
            meant = dates.closest_month(key.value)
            todo = f'Did you mean "{meant}"?' if meant else 'Write an English month, "days" or "Prompt".'
            self.problems.add(key, key.value, f'"{key.value}" is not a month', todo)
            return
        if self._is_repeated("month", month, key, key.value):
            return
        for day, themes in self._members(value, key.value, 'Write {"14": ["Dress Up Your Pet"]}'):
            where = f"{key.value}.{day.value}"
            date_key = dates.key_of_day(month, day.value)
            if date_key is None:
                name = dates.MONTHS[month - 1].capitalize()
                what = f'{name} has no day "{day.value}"'
                self.problems.add(day, where, what, f'Write a day from "1" to "{dates.days_in(month)}".')
                continue
            self._entries(date_key, day, themes, where)

    def _days(self, key: Located, value: Located) -> None:
        if self._is_repeated("key", "days", key, key.value):
            return
        for day, themes in self._members(value, key.value, 'Write {"10-31": ["Halloween"]}'):
            where = f"{key.value}.{day.value}"
            date_key = dates.key_of_date(day.value)
            if date_key is None:
                what = f'"{day.value}" is not a date'
                todo = 'Write "10-31" for every year or "2026-11-26" for one year; the day must exist.'
                self.problems.add(day, where, what, todo)
                continue
            self._entries(date_key, day, themes, where)

    def _entries(self, date_key: str, day: Located, value: Located, where: str) -> None:
        if self._is_repeated("date", date_key, day, where):
            return
        listed = value.value if type(value.value) is tuple else None
        found = []
        for index, item in enumerate((value,) if listed is None else listed):
            entry = self._entry(item, where if listed is None else f"{where}[{index}]")
            if entry is not None:
                found.append(entry)
        self.layout.entries[date_key] = found

    def _entry(self, item: Located, where: str) -> Entry | None:
        if isinstance(item.value, str):
            theme = self._words(item, where, "theme")
            return None if theme is None else (theme, "")
        if not isinstance(item.value, Members):
            what = f"a theme is {kind_of(item)}, not a text"
            self.problems.add(item, where, what, 'Write "Pizza" or {"theme": "Pi", "name": "Pi Day"}.')
            return None
        parts: dict[str, str] = {}
        complete = True
        for key, value in self._members(item, where, ""):
            if key.value not in ("theme", "name"):
                what = f'"{key.value}" is not known here'
                self.problems.add(key, f"{where}.{key.value}", what, 'A theme has "theme" and "name".')
            elif key.value in parts:
                self.problems.add(key, f"{where}.{key.value}", "written twice", "Keep one of the two.")
            else:
                words = self._words(value, f"{where}.{key.value}", key.value)
                complete = complete and words is not None
                parts[key.value] = words or ""
        if "theme" not in parts:
            self.problems.add(item, where, 'the "theme" is missing', 'Write {"theme": "Pi", "name": "Pi Day"}.')
            return None
        return (parts["theme"], parts.get("name", "")) if complete else None

    def _words(self, item: Located, where: str, what: str) -> str | None:
        if not isinstance(item.value, str):
            self.problems.add(item, where, f"the {what} is {kind_of(item)}, not a text", "Put it in quotes.")
            return None
        words = " ".join(item.value.split())
        if not words:
            self.problems.add(item, where, f"the {what} is empty", "Write it, or take the entry away.")
            return None
        if character := unshowable(words):
            what = f"the {what} has a character that cannot be shown ({character})"
            self.problems.add(item, where, what, "Type it again; it was probably pasted from elsewhere.")
            return None
        if len(words) > LONGEST_WORDS:
            what = f"the {what} has {len(words):,} characters"
            self.problems.add(item, where, what, f"Write at most {LONGEST_WORDS}, as they stand in a title.")
            return None
        return words

    def _members(self, value: Located, where: str, todo: str) -> Members:
        if isinstance(value.value, Members):
            return value.value
        what = f"{where or 'the file'} is {kind_of(value)}, not an object in braces"
        self.problems.add(value, where, what, f"{todo}.")
        return Members()

    def _is_repeated(self, kind: str, thing: object, key: Located, where: str) -> bool:
        if (kind, thing) not in self.first_lines:
            self.first_lines[kind, thing] = key.line
            return False
        first = self.first_lines[kind, thing]
        what = f'the {kind} "{key.value}" was already given in line {first}'
        self.problems.add(key, where, what, "Put everything into one of the two.")
        return True
