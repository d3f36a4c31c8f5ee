"""`pressroom init`: makes a workspace with a commented settings file and sample data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single

GITIGNORE = """\
# What Pressroom makes while it runs, and the key and the file of the secrets, which no repository may hold.
/data/
*.key
*.enc
.env
"""


def build() -> typer.Typer:
    return single(init)


def init(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Where; else the workspace of the other commands.")
    ] = None,
) -> None:
    """Set up a workspace: a commented pressroom.toml and sample data.

    Nothing that is there already is written over.
    """
    from pressroom.entrypoints.cli._output import note, print_json

    call = Call.of(context)
    target = folder.expanduser().absolute() if folder else call.folder
    written = set_up(target, call.environment)
    if call.json:
        print_json({"workspace": str(target), "written": [str(path) for path in written]})
        return
    for path in written:
        typer.echo(path)
    where = "" if target == Path.cwd() else f" --workspace {target}"
    note(call, f"\nNext: pressroom run daily_post{where}    or: pressroom up{where}")
    note(call, f"Photos: pressroom run photo_feed -i file=PHOTO{where}    or a folder: docs/how-to/post-photos.md")


def set_up(folder: Path, environment: Mapping[str, str]) -> list[Path]:
    """Write the files of a new workspace and return them; raises `BadInput` if it is one already."""
    from pressroom.config import FILE_NAME
    from pressroom.entrypoints.cli._settings_file import settings_file
    from pressroom.errors import BadInput
    from pressroom.populating import populated_pipelines, put_files
    from pressroom.runtimes.embedded import ASSETS, open_embedded, put_samples

    settings = folder / FILE_NAME
    if settings.exists():
        raise BadInput(
            f"{settings} is there already, and nothing is written over it.",
            where=str(settings),
            todo="Choose an empty folder: `pressroom init DIR`.",
        )
    text = settings_file()
    with open_embedded(folder, environment) as runtime:
        written = [folder / ASSETS / key for key in put_samples(runtime)]
    written += [file for pipeline in populated_pipelines() for file in put_files(folder, pipeline)]
    # The settings come last: a folder that has them is a workspace, and an `init` cut short can be repeated.
    for file, content in ((folder / ".gitignore", GITIGNORE), (settings, text)):
        if not file.exists():
            file.write_text(content, encoding="utf-8")
            written.append(file)
    return written
