"""Fills a pipeline's tables from the files that people edit; run again, it stores what has changed and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from pressroom import registry
from pressroom.errors import BadInput
from pressroom.ports import Tables
from pressroom.table_rows import Row

FOLDER = "config"
_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Populated:
    """What became of one table, by the names of its rows."""

    table: str
    file: Path
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """In the table, and no longer in the file."""
    removed: bool = False
    """Whether those that are gone from the file were removed."""


def table_of(pipeline: str, name: str) -> str:
    """Return under which name a pipeline's table is stored."""
    return f"{pipeline}.{name}"


def folder_of(workspace: Path, pipeline: str) -> Path:
    """Return the folder in which a pipeline's files lie, one for each table."""
    return workspace / FOLDER / pipeline


def populated_pipelines() -> list[str]:
    """Return the names of the pipelines that have tables."""
    return [name for name in registry.names("pipelines") if registry.tables(name)]


def put_files(workspace: Path, pipeline: str) -> list[Path]:
    """Write the sample file of each table where no file is; return those that are new."""
    written = []
    for name in registry.tables(pipeline):
        file = folder_of(workspace, pipeline) / f"{name}.yaml"
        data = sample(pipeline, name)
        if data and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            half = file.with_suffix(".part")  # a file that was cut short would be taken for all there is
            half.write_bytes(data)
            half.replace(file)
            written.append(file)
    return written


def sample(pipeline: str, name: str) -> bytes:
    """Return the file of a table that comes with Pressroom; empty if there is none."""
    file = files("pressroom.samples") / pipeline / f"{name}.yaml"
    return file.read_bytes() if file.is_file() else b""


def populate(
    tables: Tables, workspace: Path, pipeline: str, named: Sequence[Path] = (), *, prune: bool = False
) -> list[Populated]:
    """Fill the tables of the files that are named, or of all; raises `BadInput` before anything is stored."""
    from pressroom.row_files import read_rows

    kinds = registry.tables(pipeline)
    if not kinds:
        raise BadInput(
            f"The pipeline {pipeline} has no tables.",
            where=pipeline,
            todo=f"Pipelines with tables: {', '.join(populated_pipelines()) or 'none'}.",
        )
    chosen = {_table_named(file, kinds): file for file in named} if named else _own_files(workspace, pipeline, kinds)
    if named and len(chosen) < len(named):
        raise BadInput("Two of the files are for the same table.", todo="Name one file for each table.")
    read = {name: read_rows(_bytes_of(file), kinds[name], str(file)) for name, file in chosen.items()}
    return [_stored(tables, pipeline, name, chosen[name], rows, prune) for name, rows in read.items()]


def _stored(tables: Tables, pipeline: str, name: str, file: Path, rows: Mapping[str, Row], prune: bool) -> Populated:
    table = table_of(pipeline, name)
    before = tables.all(table)
    values = {key: row.stored(before.get(key)) for key, row in rows.items()}
    done = Populated(table=name, file=file, removed=prune)
    for key, row in rows.items():
        fate = done.added if key not in before else done.unchanged if before[key] == values[key] else done.changed
        fate.append(row.name)
    gone = [key for key in before if key not in rows]
    done.gone.extend(str(before[key].get("name", key)) for key in gone)
    new = {key: value for key, value in values.items() if before.get(key) != value}
    if new:
        tables.put(table, new)
    if prune and gone:
        tables.remove(table, gone)
    return done


def _own_files(workspace: Path, pipeline: str, kinds: Mapping[str, type[Row]]) -> dict[str, Path]:
    """Return the file of each table in the workspace; raises for one that is not there."""
    found = {}
    for name in kinds:
        paths = [folder_of(workspace, pipeline) / f"{name}{ending}" for ending in _ENDINGS]
        found[name] = next((path for path in paths if path.exists()), paths[0])
    return found


def _table_named(file: Path, kinds: Mapping[str, type[Row]]) -> str:
    if file.stem not in kinds or file.suffix not in _ENDINGS:
        raise BadInput(
            f"It cannot be told which table {file} is for.",
            where=str(file),
            todo="Name the file after its table: " + " or ".join(f"{name}.yaml" for name in kinds) + ".",
        )
    return file.stem


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{file} cannot be read: {error.strerror}.",
            where=str(file),
            todo="Name a file that is there and that this user may read.",
        ) from error
