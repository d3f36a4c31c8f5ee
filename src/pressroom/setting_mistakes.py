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
    "dict_type": "a section with settings of its own",
    "model_type": "a section with settings of its own",
}
"""By the type of a pydantic error; those that are not here read well enough."""
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
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, not {given!r}"
    said = re.sub("^input should be ", "must be ", item["msg"][:1].lower() + item["msg"][1:])
    return f"{said.removeprefix('value error, ')}, not {given!r}"


def _closest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=2, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(known)}"


def _fields(model: type[BaseModel], path: Sequence[Any]) -> list[str]:
    """Return the names of the settings of the section at `path` within the model."""
    for part in path:
        field = model.model_fields.get(str(part))
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return [name for name, field in model.model_fields.items() if not field.exclude]
