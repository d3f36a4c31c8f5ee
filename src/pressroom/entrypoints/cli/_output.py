"""What commands print on standard output: one JSON document, or tables and lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from pressroom.entrypoints.cli._call import Call

_STYLES = {
    "completed": "green",
    "published": "green",
    "processing": "cyan",
    "publishing": "cyan",
    "ready": "cyan",
    "failed": "red",
    "rejected": "red",
    "held": "yellow",
    "skipped": "dim",
    "cancelled": "dim",
    "expired": "dim",
    "passed_over": "dim",
}
_WHOLE = frozenset(
    (
        *("id", "pipeline", "status", "state", "phase", "channel", "network", "attempts"),
        *("created", "since", "died", "at", "until", "time"),
    )
)
"""Columns whose cells are of no use when they are broken over lines."""
_FOLDED = 20
"""Characters that words need to be readable when they go on in the next line."""
_GAP = 2


def print_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_written))


def print_json_line(document: Any) -> None:
    """Print one document of a stream, on a line of its own."""
    typer.echo(json.dumps(document, ensure_ascii=False, default=_written))


def _written(value: object) -> str:
    """Return what JSON has no form for; a time as every other document and the HTTP API write it."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def console(call: Call, *, stderr: bool = False) -> Console:
    from rich.console import Console

    # `no_color` alone would leave bold and dim, which are escapes too.
    return Console(stderr=stderr, color_system="auto" if call.has_color else None, highlight=False, soft_wrap=False)


def print_table(
    call: Call,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    empty: str,
    expendable: Sequence[str] = (),
) -> None:
    """Print rows under their columns, or the sentence `empty` when there are none.

    On a terminal that is too narrow the `expendable` columns are left out, the first one first; if that is not
    enough each row is printed as lines below each other. On something that is no terminal nothing is cut.
    """
    cells = [[_text(cell) for cell in row] for row in rows]
    if not cells:
        typer.echo(empty)
    elif sys.stdout.isatty():
        _print_fitted(call, columns, cells, expendable)
    else:
        widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
        for row in ([*columns], *cells):
            typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_fitted(call: Call, columns: Sequence[str], cells: list[list[str]], expendable: Sequence[str]) -> None:
    target = console(call)
    widths = {name: _least_width(name, column) for name, *column in zip(columns, *cells, strict=True)}
    for name in expendable:
        if sum(widths.values()) + _GAP * (len(widths) - 1) > target.width:
            widths.pop(name)
    if sum(widths.values()) + _GAP * (len(widths) - 1) > target.width:
        _print_stacked(target, columns, cells)
        return
    kept = [index for index, name in enumerate(columns) if name in widths]
    _print_rich_table(target, [columns[i] for i in kept], [[row[i] for i in kept] for row in cells])


def _least_width(name: str, column: Sequence[str]) -> int:
    """Return what a column needs at the least: all of it, or enough for words that may go on in the next line."""
    width = max(len(name), *map(len, column))
    return width if _is_whole(name) else min(width, _FOLDED)


def _is_whole(column: str) -> bool:
    return column in _WHOLE or column.endswith(" id")


def _print_stacked(target: Console, columns: Sequence[str], cells: list[list[str]]) -> None:
    """Print the first cell of each row on a line of its own, so that it can be copied, and the others below."""
    from rich.text import Text

    for first, *others in cells:
        target.print(Text(first, style="bold"), soft_wrap=True)
        for name, cell in zip(columns[1:], others, strict=True):
            if cell:
                line = Text.assemble((f"  {name}  ", "dim"), (cell, _STYLES.get(cell, "")))
                target.print(line, soft_wrap=_is_whole(name))


def _print_rich_table(target: Console, columns: Sequence[str], cells: list[list[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
    for column in columns:
        table.add_column(column, no_wrap=_is_whole(column), overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    target.print(table)


def print_pairs(call: Call, pairs: Iterable[tuple[str, object]]) -> None:
    """Print `name  value` lines; what is empty is left out."""
    shown = [(name, _text(value)) for name, value in pairs if value not in (None, "", [], {}, ())]
    width = max((len(name) for name, _ in shown), default=0)
    color = None if call.has_color else False
    for name, value in shown:
        first, *more = value.splitlines() or [""]
        typer.echo(typer.style(name.ljust(width), dim=True) + "  " + first, color=color)
        for line in more:
            typer.echo((" " * (width + 2) + line).rstrip())


def print_heading(call: Call, text: str) -> None:
    typer.echo("\n" + typer.style(text, bold=True), color=None if call.has_color else False)


def note(call: Call, text: str) -> None:
    """Tell the user something on standard error, so that standard output stays for the answer."""
    typer.echo(text, err=True, color=None if call.has_color else False)


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def shortened(text: str, lines: int, width: int = 96) -> tuple[str, int]:
    """Return the first lines of a text, wrapped between words, and how many lines it has beyond them."""
    from textwrap import wrap

    whole = [part for line in text.strip().splitlines() for part in wrap(line, width) or [""]]
    if len(whole) <= lines + 1:  # "1 more line" would take as much room as the line itself
        return "\n".join(whole), 0
    return "\n".join(whole[:lines]).rstrip(), len(whole) - lines


def local(time: str | datetime | None) -> str:
    """Write a time as people here read it: in the machine's zone, which is named, to the second."""
    if not time:
        return ""
    moment = datetime.fromisoformat(time) if isinstance(time, str) else time
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def duration(span: timedelta | float) -> str:
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def size(count: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count = count / 1000  # type: ignore[assignment]
    return f"{count:.1f} GB"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
