"""Reads `-i name=value` into a pipeline's input, and explains what it takes when that fails."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pressroom.entrypoints.cli._field_docs import field_docs
from pressroom.redaction import redact

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from pressroom.pipeline import Pipeline

_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
"""What may be written for a date, as this machine's calendar has it."""
_A_TIME = "2026-12-01T18:00+01:00"


def pairs_of(texts: list[str], option: str = "-i") -> dict[str, list[str]]:
    """Split `name=value` texts; a name may stand several times."""
    from pressroom.errors import BadInput

    pairs: dict[str, list[str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise BadInput(f"{option} {text}: this is not name=value.", todo=f"Write it as {option} name=value.")
        pairs.setdefault(name.strip(), []).append(value)
    return pairs


def read_input(pipeline: Pipeline, texts: list[str]) -> dict[str, Any]:
    """Return the input as JSON values; raises `BadInput` that lists every input with its description."""
    from pydantic import ValidationError

    from pressroom.errors import BadInput, UnknownName

    model = input_model(pipeline)
    values: dict[str, Any] = {}
    for name, given in pairs_of(texts).items():
        field = model.model_fields.get(name)
        if field is None:
            unknown = UnknownName(f"input of {pipeline.name}", name, model.model_fields)
            raise BadInput(unknown.what, todo=f"{unknown.todo}\n{describe(pipeline)}")
        values[name] = _value(name, given, field)
    try:
        read = model.model_validate(values)
    except ValidationError as error:
        wrong = "; ".join(_complaint(item) for item in error.errors(include_url=False))
        raise BadInput(f"The input of {pipeline.name} is not usable: {wrong}.", todo=describe(pipeline)) from error
    found = {name: _absolute(getattr(read, name)) for name in read.model_fields_set}
    return read.model_copy(update=found).model_dump(mode="json", exclude_unset=True)


def input_model(pipeline: Pipeline) -> type[BaseModel]:
    """Return what may be given by hand: the pipeline's input, and the file if an upload starts it otherwise."""
    if pipeline.upload_gate is None:
        return pipeline.input
    from pydantic import Field, create_model

    file = Field(description="A file on this machine; over HTTP it is uploaded.")
    return create_model(pipeline.input.__name__, __base__=pipeline.input, file=(Path, file))


def describe(pipeline: Pipeline) -> str:
    """List the inputs of a pipeline with what each one is, a line each."""
    model = input_model(pipeline)
    docs = field_docs(model)
    if not model.model_fields:
        return f"{pipeline.name} takes no input."
    lines = [f"{pipeline.name} takes:"]
    for name, field in model.model_fields.items():
        if not _is_by_hand(field):
            continue
        must = " (must be given)" if field.is_required() else ""
        if date in _kinds(field.annotation):
            must += f" (YYYY-MM-DD, {', '.join(_DAYS)})"
        lines.append(f"  -i {name}=…  {docs.get(name, '')}{must}".rstrip())
    return "\n".join(lines)


def _is_by_hand(field: FieldInfo) -> bool:
    """Say whether people give this input; one that Pressroom sets itself has `{"by_hand": False}` on its field."""
    extra = field.json_schema_extra
    return not isinstance(extra, dict) or extra.get("by_hand") is not False


def _complaint(item: Any) -> str:
    name = ".".join(map(str, item["loc"]))
    if item["type"] == "missing":
        return f"{name} must be given"
    if item["type"].startswith(("datetime_", "timezone_")):
        return f"{name}: must be a time with its zone, such as {_A_TIME}, not {item['input']!r}"
    said = str(item["msg"]).removeprefix("Value error, ").rstrip(".")
    # What was given may be an address with a password in it.
    return redact(f"{name}: {said[:1].lower()}{said[1:]}, not {item['input']!r}", ())


def _value(name: str, given: list[str], field: FieldInfo) -> Any:
    """Read one input's texts: a list takes several, and lists and objects may be written as JSON."""
    from pressroom.errors import BadInput

    kinds = _kinds(field.annotation)
    if len(given) == 1 and given[0][:1] in ("[", "{") and kinds & {list, tuple, set, dict}:
        try:
            return json.loads(given[0])
        except ValueError as error:
            raise BadInput(f"-i {name}: this is not JSON: {error}.") from error
    if kinds & {list, tuple, set}:
        return given
    if len(given) > 1:
        raise BadInput(f"-i {name} is given {len(given)} times, and takes one value.")
    if date in kinds and (days := _DAYS.get(given[0].strip().lower())) is not None:
        return (datetime.now().astimezone().date() + timedelta(days=days)).isoformat()
    return given[0]


def _kinds(annotation: Any) -> set[Any]:
    """Return the plain types that an annotation allows: `list[str] | None` gives {list, NoneType}."""
    origin = getattr(annotation, "__origin__", None)
    if origin in (list, tuple, set, dict):
        return {origin}
    inner = get_args(annotation)
    return set().union(*map(_kinds, inner)) if inner else {annotation}


def _absolute(value: Any) -> Any:
    """A path is meant from here; the worker that opens it may run elsewhere."""
    return value.expanduser().absolute() if isinstance(value, Path) else value
