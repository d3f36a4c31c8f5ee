"""The HTTP API for programs: every operation with what it takes and answers, from the server's own description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docs.reference_pages._markdown import begin, finish, table
from pressroom.entrypoints.api.app import create_app
from pressroom.testing import memory_runtime

_COMMON = {"400", "401", "403", "413", "415", "422", "429"}
"""Errors that every operation of its kind has; the how-to tells of them once."""


def page() -> str:
    document = create_app(memory_runtime()).openapi()
    lines = begin(
        "HTTP API",
        "What `/openapi.json` says, for readers; OpenAPI generators make clients of it. "
        "[How to use it](../how-to/use-the-http-api.md) tells of keys, errors, pages of a listing, and requests that "
        "may be sent twice. Beside the errors that are named here, every operation has those of its kind: "
        "401, 403 and 429 where a key is needed, 400 where something can be mistyped, 413, 415 and 422 with a body.",
    )
    for tag in document["tags"]:
        found = list(_operations(document, tag["name"]))
        rows = [[f"`{method.upper()} {path}`", _scope(one), one["summary"]] for method, path, one in found]
        lines += ["", f"## {tag['name'].capitalize()}", "", tag["description"], *table(_COLUMNS, rows)]
        for method, path, operation in found:
            lines += _told(document, method, path, operation)
    lines += ["", "## Shapes"]
    for name, schema in sorted(document["components"]["schemas"].items()):
        lines += _shape(name, schema)
    return finish(lines)


_COLUMNS = ["operation", "scope", "does"]


def _operations(document: dict[str, Any], tag: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in sorted(document["paths"].items()):
        for method, operation in item.items():
            if operation["tags"][-1] == tag:
                yield method, path, operation


def _scope(operation: dict[str, Any]) -> str:
    if "security" not in operation:
        return "none needed"
    return ", ".join(f"`{name}`" for wanted in operation["security"] for name in wanted["key"])


def _told(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> list[str]:
    lines = ["", f"### {operation['operationId']}", "", f"`{method.upper()} {path}`", "", *_text(operation)]
    rows = [
        [f"`{one['name']}`", one["in"], _kind(one["schema"]), _about(one)] for one in operation.get("parameters", ())
    ]
    if rows:
        lines += table(["parameter", "in", "type", ""], rows)
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        lines += ["", f"The body, `{media_type}`: {_kind(content.get('schema', {}))}."]
    rows = [
        [status, _content(answer), answer.get("description", "")]
        for status, answer in operation["responses"].items()
        if status not in _COMMON
    ]
    return lines + table(["status", "answer", ""], rows)


def _text(operation: dict[str, Any]) -> list[str]:
    """Return an operation's words, each of its paragraphs on one line."""
    paragraphs = operation.get("description", "").split("\n\n")
    return "\n\n".join(" ".join(text.split()) for text in paragraphs).splitlines()


def _content(answer: dict[str, Any]) -> str:
    kinds = []
    for media_type, content in answer.get("content", {}).items():
        if media_type.endswith("json"):
            kinds.append(_kind(content.get("schema", {})))
        else:
            kinds.append("bytes" if media_type == "*/*" else f"`{media_type}`")
    return " or ".join(kinds)


def _shape(name: str, schema: dict[str, Any]) -> list[str]:
    lines = ["", f"### {name}"]
    if words := schema.get("description"):
        lines += ["", " ".join(words.split())]
    if "enum" in schema:
        return [*lines, "", "One of " + ", ".join(f"`{value}`" for value in schema["enum"]) + "."]
    required = schema.get("required", ())
    rows = [
        [f"`{field}`" + ("" if field in required else " (optional)"), _kind(one), _about(one)]
        for field, one in schema.get("properties", {}).items()
    ]
    return lines + table(["field", "type", ""], rows) if rows else lines


def _about(one: dict[str, Any]) -> str:
    """Return what is said of a field or a parameter, with its default and an example."""
    schema = one.get("schema", one)
    said = [one.get("description") or schema.get("description") or ""]
    default = schema.get("default")
    if default not in (None, "", [], {}, False):
        said.append(f"Default: `{default}`.")
    examples = one.get("examples") or schema.get("examples") or ()
    if examples and isinstance(examples, list) and isinstance(examples[0], str | int | float) and examples[0] != "":
        said.append(f"Such as `{examples[0]}`.")
    return " ".join(part for part in said if part)


def _kind(schema: dict[str, Any]) -> str:
    """Return a schema's type in a few words, with a link to a shape that has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(_kind, schema["anyOf"])))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    names = {"string": "text", "boolean": "true or false", "object": "object", "null": "null"}
    return {"date": "day", "date-time": "time", "binary": "bytes"}.get(schema.get("format", ""), names.get(kind, kind))
