"""What a pipeline is started with over HTTP: its input, but for what names a file of this machine or is set inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from pressroom.pipeline import Pipeline


def input_schema(pipeline: Pipeline) -> dict[str, Any]:
    """Return the input as JSON Schema, without the fields that are not taken over HTTP."""
    model = pipeline.input
    hidden = set(model.model_fields) - set(open_fields(model))
    schema = model.model_json_schema()
    for name in hidden:
        schema.get("properties", {}).pop(model.model_fields[name].alias or name, None)
    for name in set(schema.get("$defs", {})):
        if f'"#/$defs/{name}"' not in _text(schema):
            del schema["$defs"][name]
    if not schema.get("$defs", True):
        del schema["$defs"]
    return schema


def checked_input(pipeline: Pipeline, given: dict[str, Any]) -> dict[str, Any]:
    """Return an input that the pipeline takes; raises `RequestValidationError` that names each field that is wrong."""
    closed = set(pipeline.input.model_fields) - set(open_fields(pipeline.input))
    wrong: list[dict[str, Any]] = [
        {
            "type": "not_over_http",
            "loc": ("body", "input", name),
            "msg": "Not taken over HTTP: it names a file of the server's own machine, or is set inside",
        }
        for name in sorted(closed & set(given))
    ]
    try:
        pipeline.input(**given)
    except ValidationError as error:
        told = {item["loc"][2] for item in wrong}
        wrong += [
            {**item, "loc": ("body", "input", *item["loc"])}
            for item in error.errors(include_url=False, include_input=False)
            if item["loc"][:1] not in {(name,) for name in told}
        ]
    if wrong:
        raise RequestValidationError(wrong)
    return given


def needs_input(pipeline: Pipeline) -> bool:
    return any(field.is_required() for field in pipeline.input.model_fields.values())


def open_fields(model: type[BaseModel]) -> list[str]:
    """Return the fields that are taken over HTTP.

    A path would let whoever has a key read, and publish, what lies on the server's machine.
    """
    return [
        name
        for name, field in model.model_fields.items()
        if not _is_set_inside(field) and Path not in _kinds(field.annotation)
    ]


def _is_set_inside(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and extra.get("by_hand") is False


def _kinds(annotation: Any) -> set[Any]:
    """Return the plain types within an annotation: `list[Path] | None` gives {Path, NoneType}."""
    inner = get_args(annotation)
    return set().union(*map(_kinds, inner)) if inner else {annotation}


def _text(schema: dict[str, Any]) -> str:
    import json

    return json.dumps(schema)
