"""What is wrong in a calendar file, place by place."""

from __future__ import annotations

from dataclasses import dataclass, field

from pressroom.sources.calendar_reading.located_json import Located


@dataclass(frozen=True)
class CalendarProblem:
    """One thing to be put right: where, what, and how."""

    line: int
    column: int
    field: str
    """The path of the value: `january.14[0]`; empty for the whole file."""
    what: str
    todo: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.field or f'column {self.column}'}"
        # A JSON file can spell half of a surrogate pair, which no terminal or log can write.
        return f"{where}: {self.what}. {self.todo}".encode(errors="backslashreplace").decode()


@dataclass
class Problems:
    """The problems found so far, in the order of the file."""

    found: list[CalendarProblem] = field(default_factory=list)

    def add(self, at: Located, field: str, what: str, todo: str) -> None:
        self.found.append(CalendarProblem(at.line, at.column, field, what, todo))


def kind_of(value: Located) -> str:
    """Name a JSON value as people do: "a list", "a number"."""
    if isinstance(value.value, bool):
        return "true or false"
    names = {str: "a text", float: "a number", int: "a number", type(None): "null"}
    if type(value.value) in names:
        return names[type(value.value)]
    return "a list" if type(value.value) is tuple else "an object"
