"""Writes sections of settings as commented TOML, from the models that read them."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pressroom.entrypoints.cli._field_docs import field_docs

WIDTH = 100


def section(
    name: str,
    model: type[BaseModel],
    *,
    off: bool = False,
    values: Mapping[str, Any] | None = None,
    notes: tuple[str, ...] = (),
    base: type[BaseModel] | None = None,
) -> str:
    """Return `[name]` with every setting of the model at its default, each below its comment.

    `off` comments the section out: `#key = value` is a setting to be switched on, `# Words` are words.
    `values` replaces defaults; a setting whose default is "not set" is commented out in any case. What `base` has
    with the same default is left out.
    """
    return "\n".join(_lines(name, model, off, values or {}, notes, base)) + "\n"


def _lines(
    name: str,
    model: type[BaseModel],
    off: bool,
    values: Mapping[str, Any],
    notes: tuple[str, ...],
    base: type[BaseModel] | None = None,
) -> Iterator[str]:
    mark = "#" if off else ""
    docs = field_docs(model)
    nested = []
    for text in notes:
        yield from comment(text)
    yield f"{mark}[{name}]"
    for field_name, field in model.model_fields.items():
        if field_name not in values and base is not None and is_as_in(base, field_name, field):
            continue
        default = values.get(field_name, None if field.is_required() else field.get_default(call_default_factory=True))
        if isinstance(default, BaseModel):
            nested.append((field_name, type(default)))
            continue
        text = f"{docs.get(field_name, '')} {choices(field)}".strip()
        if default is None:
            why = "Must be set." if field.is_required() else "Not set by default."
            yield from comment(f"{text} {why}".strip())
            yield f"#{field_name} ="
        else:
            yield from comment(text)
            yield f"{mark}{field_name} = {value(default)}"
    for field_name, inner in nested:
        yield ""
        yield from _lines(f"{name}.{field_name}", inner, off, {}, tuple(filter(None, [docs.get(field_name)])))


def is_as_in(base: type[BaseModel], name: str, field: FieldInfo) -> bool:
    """Say whether a model has a setting from its base, with the same default."""
    known = base.model_fields.get(name)
    return known is not None and known.default == field.default


def choices(field: FieldInfo) -> str:
    """Say which values a field takes, if its type or its pattern lists them."""
    if get_origin(field.annotation) is Literal:
        names = [str(one) or "empty" for one in get_args(field.annotation)]
    else:
        patterns = [found.pattern for found in field.metadata if isinstance(getattr(found, "pattern", None), str)]
        listed = re.fullmatch(r"\^\(([\w|]+)\)\$", patterns[0]) if patterns else None
        names = listed[1].split("|") if listed else []
    return f"One of: {', '.join(names)}." if names else ""


def comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, WIDTH)]


def value(thing: Any) -> str:
    """Write one value as TOML; JSON's strings are valid in TOML."""
    if isinstance(thing, Enum):
        return value(thing.value)
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, int | float | Decimal):
        return str(thing)
    if isinstance(thing, Mapping):
        return "{" + ", ".join(f"{value(str(key))} = {value(inner)}" for key, inner in thing.items()) + "}"
    if isinstance(thing, list | tuple | set | frozenset):
        return "[" + ", ".join(value(item) for item in thing) + "]"
    if isinstance(thing, str | Path):
        return json.dumps(str(thing), ensure_ascii=False).replace("\x7f", "\\u007f")
    raise TypeError(f"{type(thing).__name__} has no form in TOML; write {thing!r} as text")
