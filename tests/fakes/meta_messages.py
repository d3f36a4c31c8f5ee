"""Requests to the Graph API read as it reads them: parameters from wherever they stand, and fields with fields."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from tests.fakes.messages import Request, parse_form, parse_multipart
from tests.fakes.meta_errors import invalid_parameter

_FIELD = re.compile(r"\s*([a-z_]+)((?:\.[a-z]+\([^()]*\))*)(\{)?")


def parameters(request: Request, known: Collection[str]) -> dict[str, Any]:
    """Query, form or JSON as one; what is not known is refused, which Graph itself does not always do."""
    found: dict[str, Any] = dict(request.query)
    try:
        if request.content_type == "application/json":
            document = json.loads(request.body)
            if not isinstance(document, dict):
                raise invalid_parameter("The body must be a JSON object")
            found |= document
        elif request.content_type == "application/x-www-form-urlencoded":
            found |= parse_form(request)
        elif request.content_type == "multipart/form-data":
            for part in parse_multipart(request):
                found[part.name] = part.data if part.filename is not None else part.data.decode()
        elif request.body:
            raise invalid_parameter(f"Unsupported content type {request.content_type!r}")
    except ValueError as error:
        raise invalid_parameter(f"The body cannot be read: {error}") from error
    found.pop("access_token", None)
    for name in sorted(found.keys() - set(known)):
        raise invalid_parameter(f"Unexpected parameter {name}")
    return found


def flag(values: dict[str, Any], name: str, default: bool) -> bool:
    value = values.get(name, default)
    if value in (True, "true", "1"):
        return True
    if value in (False, "false", "0"):
        return False
    raise invalid_parameter(f"Param {name} must be a boolean")


def json_list(values: dict[str, Any], name: str) -> list[Any]:
    """A list as JSON, or as the text of a list; a list of ids may be separated by commas."""
    value = values.get(name, [])
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.startswith("[") else [part for part in value.split(",") if part]
        except ValueError as error:
            raise invalid_parameter(f"Param {name} must be an array.") from error
    if not isinstance(value, list):
        raise invalid_parameter(f"Param {name} must be an array.")
    return value


def fields(text: str) -> dict[str, dict[str, Any]]:
    """`id,children{id}` as a tree; anything malformed is refused."""
    found, end = _fields(text, 0)
    if end != len(text):
        raise invalid_parameter(f"Syntax error in the fields {text!r}")
    return found


def _fields(text: str, start: int) -> tuple[dict[str, dict[str, Any]], int]:
    found: dict[str, dict[str, Any]] = {}
    while match := _FIELD.match(text, start):
        inner: dict[str, Any] = {}
        start = match.end()
        if match[3]:
            inner, start = _fields(text, start)
            if text[start : start + 1] != "}":
                raise invalid_parameter(f"Syntax error in the fields {text!r}")
            start += 1
        found[match[1]] = inner
        if text[start : start + 1] != ",":
            break
        start += 1
    return found, start


def pick(values: dict[str, Any], wanted: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The fields that were asked for, as far as they are there; the id always."""
    for name in wanted.keys() - values.keys():
        raise invalid_parameter(f"Tried accessing nonexisting field ({name})")
    return {name: values[name] for name in ["id", *wanted] if values.get(name) is not None}


def timestamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def page(entries: list[dict[str, Any]], values: dict[str, Any]) -> dict[str, Any]:
    """One page of a list, with the cursors to go on."""
    size = str(values.get("limit", "25"))
    after = str(values.get("after", "0"))
    if not size.isdigit() or not 1 <= int(size) <= 100 or not after.isdigit():
        raise invalid_parameter("Param limit must be a number from 1 to 100, after a cursor")
    first = int(after)
    last = first + int(size)
    paging: dict[str, Any] = {"cursors": {"before": str(first), "after": str(last)}}
    if last < len(entries):
        paging["next"] = "https://graph.example/next"
    return {"data": entries[first:last], "paging": paging}
