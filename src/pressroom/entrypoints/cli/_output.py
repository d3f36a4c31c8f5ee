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


def print_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def print_json_line(document: Any) -> None:
    """Print one document of a stream, on a line of its own."""
    typer.echo(json.dumps(document, ensure_ascii=False, default=str))


def console(call: Call, *, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, no_color=not call.has_color, highlight=False, soft_wrap=False)


def print_table(call: Call, columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print rows under their columns, or the sentence `empty` when there are none.

    Ids are never cut, whatever the width; on something that is no terminal nothing is cut.
    """
    cells = [[_text(cell) for cell in row] for row in rows]
    if not cells:
        typer.echo(empty)
    elif sys.stdout.isatty():
        _print_rich_table(call, columns, cells)
    else:
        widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
        for row in ([*columns], *cells):
            typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_rich_table(call: Call, columns: Sequence[str], cells: list[list[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, no_wrap=column == "id" or column.endswith(" id"), overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    console(call).print(table)


def print_pairs(call: Call, pairs: Iterable[tuple[str, object]]) -> None:
    """Print `name  value` lines; what is empty is left out."""
    shown = [(name, _text(value)) for name, value in pairs if value not in (None, "", [], {}, ())]
    width = max((len(name) for name, _ in shown), default=0)
    color = None if call.has_color else False
    for name, value in shown:
        first, *more = value.splitlines() or [""]
        typer.echo(typer.style(name.ljust(width), dim=True) + "  " + first, color=color)
        for line in more:
            typer.echo(" " * (width + 2) + line)


def print_heading(call: Call, text: str) -> None:
    typer.echo("\n" + typer.style(text, bold=True), color=None if call.has_color else False)


def note(call: Call, text: str) -> None:
    """Tell the user something on standard error, so that standard output stays for the answer."""
    typer.echo(text, err=True, color=None if call.has_color else False)


def local(time: str | datetime | None) -> str:
    """Write a time as people here read it: in the machine's zone, to the second."""
    if not time:
        return ""
    moment = datetime.fromisoformat(time) if isinstance(time, str) else time
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


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
