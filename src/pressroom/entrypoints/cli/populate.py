"""`pressroom populate`: fills a pipeline's tables from files that people edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single

if TYPE_CHECKING:
    from pressroom.populating import Populated

_SHOWN = 8


def build() -> typer.Typer:
    return single(populate)


def populate(
    context: typer.Context,
    pipeline: Annotated[
        str, typer.Argument(metavar="PIPELINE", help="Whose tables.", autocompletion=_completion.pipelines)
    ],
    file: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]…", help="Named after their tables; else all in config/PIPELINE/."),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune/--keep", help="Whether rows that are no longer in the file are removed.")
    ] = False,
) -> None:
    """Fill a pipeline's tables from files, such as a story's characters.

    The files are YAML: a list of rows, each with its fields.

    May be run again: what is new is added, what differs is changed, and nothing is stored twice. A mistake is told
    with its line, and then nothing is stored. Where a file is missing, the sample that comes with Pressroom is put
    there first.
    """
    from pressroom.entrypoints.cli._output import note, print_json
    from pressroom.entrypoints.cli._workspace import records, settings
    from pressroom.populating import populate as fill
    from pressroom.populating import put_files

    call = Call.of(context)
    settings(call)
    if not file:
        for written in put_files(call.folder, pipeline):
            note(call, f"{written} was not there: these are the samples, yours to edit.")
    with records(call) as ports:
        done = fill(ports.tables, call.folder, pipeline, file or (), prune=prune)
    if call.json:
        print_json({"pipeline": pipeline, "tables": [_document(each) for each in done]})
        return
    for each in done:
        _show(each)


def _document(done: Populated) -> dict[str, Any]:
    return {
        "table": done.table,
        "file": str(done.file),
        "added": done.added,
        "changed": done.changed,
        "unchanged": len(done.unchanged),
        "gone": done.gone,
        "removed": done.removed and bool(done.gone),
    }


def _show(done: Populated) -> None:
    counts = f"{len(done.added)} added, {len(done.changed)} changed, {len(done.unchanged)} unchanged"
    typer.echo(f"{done.table}: {counts}  ({done.file})")
    for word, names in (("added", done.added), ("changed", done.changed)):
        if names:
            typer.echo(f"  {word}: {_listed(names)}")
    if done.gone:
        fate = "removed" if done.removed else "no longer in the file, and kept (--prune removes them)"
        typer.echo(f"  {fate}: {_listed(done.gone)}")


def _listed(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
