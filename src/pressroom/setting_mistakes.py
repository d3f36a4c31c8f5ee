"""Says what is wrong with one setting in the words of the file it stands in, where pydantic would say it in its own."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

_WANTED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "decimal_parsing": "a number",
    "decimal_type": "a number",
    "string_type": "text in quotation marks",
    "datetime_parsing": "a time, such as 2026-12-01T18:00+01:00",
    "datetime_from_date_parsing": "a time, such as 2026-12-01T18:00+01:00",
    "timezone_aware": "a time with its zone, such as 2026-12-01T18:00+01:00",
    "dict_type": "a section with settings of its own",
    "model_type": "a section with settings of its own",
}
"""By the type of a pydantic error; those that are not here read well enough."""
_BY_PATTERN = {
    r"^https?://": "an address that begins with https:// or http://",
    r"^\d*$": "digits in quotation marks",
}
"""What patterns mean that many settings share; others show the `examples` of their field."""
_CHOICE = re.compile(r"\^\(([\w|-]+)\)\$")


def complaint(item: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Return what is wrong with a setting, from one entry of `ValidationError.errors()` of that model."""
    kind, given, name = item["type"], item["input"], str(item["loc"][-1]) if item["loc"] else ""
    if kind == "extra_forbidden":
        return f"there is no such setting ({_closest(name, _fields(model, item['loc'][:-1]))})"
    if kind == "missing":
        return "this setting is missing"
    if kind in ("tuple_type", "list_type"):
        return f"write a list, {name} = {json.dumps([given], ensure_ascii=False, default=str)}, not {given!r}"
    if kind == "string_pattern_mismatch" and (choice := _CHOICE.fullmatch(item["ctx"]["pattern"])):
        values = choice[1].split("|")
        return f"must be one of {', '.join(values)}, not {given!r}"
    if kind == "string_pattern_mismatch" and (wanted := _by_pattern(item, model)):
        return f"must be {wanted}, not {given!r}"
    if kind == "value_error" and isinstance(given, list | tuple | dict):  # our own message says which entry it means
        return str(item["msg"]).removeprefix("Value error, ").removesuffix(".")
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, not {given!r}"
    said = re.sub("^input should be ", "must be ", item["msg"][:1].lower() + item["msg"][1:])
    return f"{said.removeprefix('value error, ')}, not {given!r}"


def _by_pattern(item: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Return what a pattern wants in words, or by the examples of the setting; empty if neither is known."""
    *path, name = [part for part in item["loc"] if not isinstance(part, int)] or [""]
    inner = _inner(model, path)
    field = inner.model_fields.get(str(name)) if inner else None
    if field and field.examples:
        first, *more = [json.dumps(one, ensure_ascii=False) for one in field.examples]
        return " or ".join([first, *more]) if more else f"something like {first}"
    return _BY_PATTERN.get(item["ctx"]["pattern"], "")


def _closest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=2, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(known)}"


def _fields(model: type[BaseModel], path: Sequence[Any]) -> list[str]:
    """Return the names of the settings of the section at `path` within the model."""
    inner = _inner(model, path)
    return [name for name, field in inner.model_fields.items() if not field.exclude] if inner else []


def _inner(model: type[BaseModel], path: Sequence[Any]) -> type[BaseModel] | None:
    """Return the model of the section at `path` within a model."""
    for part in path:
        field = model.model_fields.get(str(part))
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return None
        model = inner
    return model
