"""The lines of `doctor` and `channels check`: ✓ well, ! worth knowing, ✗ wrong; each with what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._call import Call


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


_SIGNS = {Level.OK: ("✓", "green"), Level.WARNING: ("!", "yellow"), Level.WRONG: ("✗", "red")}


@dataclass(frozen=True, slots=True)
class Line:
    about: str
    """The part of the set-up: "configuration", "channel main"."""
    level: Level
    what: str
    todo: str = ""

    def as_dict(self) -> dict[str, object]:
        return {
            "about": self.about,
            "level": self.level.value,
            "ok": self.level is not Level.WRONG,
            "what": self.what,
            "todo": self.todo,
        }


def ok(about: str, what: str) -> Line:
    return Line(about, Level.OK, what)


def warning(about: str, what: str, todo: str) -> Line:
    return Line(about, Level.WARNING, what, todo)


def wrong(about: str, what: str, todo: str) -> Line:
    return Line(about, Level.WRONG, what, todo)


def is_bad(lines: Iterable[Line]) -> bool:
    return any(line.level is Level.WRONG for line in lines)


def print_findings(call: Call, lines: Iterable[Line]) -> None:
    color = None if call.has_color else False
    for line in lines:
        sign, colour = _SIGNS[line.level]
        typer.echo(f"{typer.style(sign, fg=colour, bold=True)} {line.about}: {line.what}", color=color)
        for part in line.todo.splitlines():
            typer.echo(f"    {part}", color=color)
