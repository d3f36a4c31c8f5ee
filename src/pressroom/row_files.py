"""Reads a file of rows that people edit, YAML: every mistake is told with its line, and nothing is guessed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from pressroom.errors import BadInput
from pressroom.table_rows import Row

R = TypeVar("R", bound=Row)

_LARGEST_BYTES = 4_000_000
_MOST_MISTAKES = 20


def read_rows(data: bytes, model: type[R], where: str) -> dict[str, R]:
    """Read a YAML list of rows, by key; raises `BadInput` that names every mistake by file and line.

    Each value is taken as the text it is: `No` is a name, and 19:15 a time.
    """
    root = _parsed(_decoded(data, where), where)
    if root is None:
        return {}
    if not isinstance(root, yaml.SequenceNode):
        raise _mistakes(where, [(_line(root), "this is no list; each row begins with “- name:”")])
    rows: dict[str, R] = {}
    lines: dict[str, int] = {}
    mistakes: list[tuple[int, str]] = []
    for node in root.value:
        made = _row(node, model)
        if isinstance(made, list):
            mistakes += made
        elif made.key in rows:
            mistakes.append((_line(node), f"{made.name!r} is there already, in line {lines[made.key]}"))
        else:
            rows[made.key], lines[made.key] = made, _line(node)
    if mistakes:
        raise _mistakes(where, mistakes)
    return rows


def _decoded(data: bytes, where: str) -> str:
    if len(data) > _LARGEST_BYTES:
        raise BadInput(
            f"{where} has {len(data):,} bytes, and a file of rows at most {_LARGEST_BYTES:,}.",
            where=where,
            todo="Is it the file you meant?",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(
            f"{where}, line {line}: this is not UTF-8 (a byte {error.object[error.start]:#04x}).",
            where=f"{where}:{line}",
            todo="Save the file as UTF-8 in your editor.",
        ) from error


def _parsed(text: str, where: str) -> yaml.Node | None:
    """Return the document's root node, with the lines that a plain reading forgets."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise _mistakes(where, [(line, "there is a character that no text holds")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _mistakes(where, [(line, f"this is not YAML: {error.problem or error.context}")]) from error


@dataclass(frozen=True)
class _Read:
    values: dict[str, Any]
    lines: dict[tuple[str | int, ...], int]
    """The line of each value, by its place in the row."""


def _row(node: yaml.Node, model: type[R]) -> R | list[tuple[int, str]]:
    """Return the row, or its mistakes with their lines."""
    if not isinstance(node, yaml.MappingNode):
        return [(_line(node), "this is no row; write “name: …” and so on, one below the other")]
    read = _Read({}, {(): _line(node)})
    mistakes = []
    for key, value in node.value:
        name = str(key.value)
        if name in read.values:
            mistakes.append((_line(key), f"{name} stands here a second time"))
        read.values[name] = _plain(value, (name,), read.lines)
        read.lines[(name,)] = _line(key)
    try:
        row = model(**read.values)
    except ValidationError as error:
        mistakes += [(_line_of(item["loc"], read), _said(item, model)) for item in error.errors(include_url=False)]
        return mistakes
    return mistakes or row


def _plain(node: yaml.Node, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> Any:
    """Return a value as text, a list or a mapping of texts; nothing is guessed from how a text looks."""
    lines[place] = _line(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, index), lines) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value, (*place, str(key.value)), lines) for key, value in node.value}
    return None if node.tag.endswith(":null") else str(node.value)


def _line_of(loc: tuple[str | int, ...], read: _Read) -> int:
    places = (loc[:length] for length in range(len(loc), -1, -1))
    return next(read.lines[place] for place in places if place in read.lines)


def _said(item: Any, model: type[Row]) -> str:
    kind, name = item["type"], str(item["loc"][0]) if item["loc"] else ""
    if kind == "missing":
        return f"{name} is missing"
    if kind == "extra_forbidden":
        return f"there is no field {name} ({_closest(name, list(model.model_fields))})"
    if kind in ("tuple_type", "list_type"):
        return f"{name} must be a list: [{item['input']}, …]"
    if kind == "string_type":
        return f"{name} is empty" if item["input"] is None else f"{name} must be a text, not a list or a mapping"
    said = str(item["msg"]).removeprefix("Value error, ")
    return f"{name} {said[:1].lower()}{said[1:]}" if kind == "value_error" else f"{name}: {said}"


def _mistakes(where: str, mistakes: list[tuple[int, str]]) -> BadInput:
    found = sorted(mistakes)
    shown = [f"line {line}: {said}" for line, said in found[:_MOST_MISTAKES]]
    more = len(found) - len(shown)
    return BadInput(
        f"{where}, " + "; ".join(shown) + (f"; and {more} more mistakes" if more else "") + ".",
        where=f"{where}:{found[0][0]}",
        todo="Correct the file and run it again; nothing was stored.",
    )


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _closest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
