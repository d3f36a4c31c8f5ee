"""The tables of bedtime stories as the pipeline reads them: what people filled, else what comes with Pressroom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import ValidationError

from pressroom.errors import BadInput, UnknownName
from pressroom.populating import sample, table_of
from pressroom.ports import Tables
from pressroom.table_rows import Row

NAME = "bedtime_story"
TOLD = table_of(NAME, "told")
"""The table of what was told lately, and of whom: never the words themselves."""
R = TypeVar("R", bound=Row)


def rows(tables: Tables, name: str, model: type[R]) -> dict[str, R]:
    """Return the rows of one of the tables by key; those that come with Pressroom while nobody has filled it."""
    found = tables.all(table_of(NAME, name))
    if found:
        return {key: _row(key, row, name, model) for key, row in found.items()}
    from pressroom.row_files import read_rows

    return read_rows(sample(NAME, name), model, f"{name}.yaml")


def samples_said(tables: Tables, name: str) -> str:
    """Say that a table is empty and what is used instead; empty if it is filled."""
    if tables.all(table_of(NAME, name)):
        return ""
    said = f"The table of {name} is empty, so those that come with Pressroom are used."
    return f"{said} `pressroom populate {NAME}` fills it."


def named(names: Sequence[str], known: Mapping[str, R], what: str) -> list[R]:
    """Return the rows that are asked for by name, each once; raises `UnknownName`."""
    by_name = {row.name.casefold(): row for row in known.values()}
    for name in names:
        if name.casefold() not in by_name:
            raise UnknownName(what, name, [row.name for row in known.values()], where=NAME)
    return list({by_name[name.casefold()].key: by_name[name.casefold()] for name in names}.values())


def _row(key: str, row: Mapping[str, object], name: str, model: type[R]) -> R:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(
            f"The row {key} of the table {name} cannot be used: {'.'.join(map(str, first['loc']))}: {first['msg']}.",
            where=table_of(NAME, name),
            todo=f"Correct it in its file and run `pressroom populate {NAME}`.",
        ) from error
