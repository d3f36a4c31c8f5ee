"""`/openapi.json`: what FastAPI tells of the routes, with what the guard adds to each: who may ask, and the errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from pressroom.entrypoints.api.documented import problem
from pressroom.entrypoints.api.parameters import STRICT
from pressroom.entrypoints.api.problems import MEDIA_TYPE, ProblemDocument

_NOT_MODIFIED = {"description": "The caller has it already: `If-None-Match` names its `ETag`."}
_SCHEME = "key"
NEVER_THE_SAME = "x-never-the-same"
"""In a route's `openapi_extra`: each of its answers differs from the last, so that none is a 304."""


def complete_description(app: FastAPI, is_public: Callable[[str], bool]) -> None:
    """Let the app's own description tell the whole; it is made when it is first asked for."""
    told = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(told(), is_public)
        assert app.openapi_schema is not None, "FastAPI keeps what it has made"
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any], is_public: Callable[[str], bool]) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if not is_public(path):
                # A route that names no scope can be read with `read`.
                operation.setdefault("security", [{_SCHEME: ["read"]}])
            operation["summary"] = _summary(operation)
            operation["responses"] = dict(sorted(_answers(path, method, operation).items()))
    used = {tag for item in document["paths"].values() for one in item.values() for tag in one.get("tags", ())}
    document["tags"] = [tag for tag in document.get("tags", ()) if tag["name"] in used]
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    template = "#/components/schemas/{model}"
    _, more = models_json_schema([(ProblemDocument, "serialization")], ref_template=template)
    schemas |= more["$defs"]


def _summary(operation: dict[str, Any]) -> str:
    """Return the first sentence of what a route says of itself."""
    said = " ".join(operation.get("description", "").split())
    return said.partition(". ")[0].rstrip(".") or str(operation["summary"])


def _answers(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    """Return an operation's answers with the errors that every one of its kind has, each as a problem document."""
    answers: dict[str, Any] = operation["responses"]
    if "HTTPValidationError" in str(answers.get("422")):
        del answers["422"]
    needs_key, takes_json = "security" in operation, "requestBody" in operation
    shared = [401, 403, 429] * needs_key + [400, 413, 415, 422] * takes_json
    shared += [422] * path.startswith(STRICT)  # a parameter that it does not have
    shared += [400] * bool(operation.get("parameters"))
    answers |= {str(status): problem(status) for status in shared if str(status) not in answers}
    if needs_key and method == "get" and "application/json" in answers.get("200", {}).get("content", {}):
        answers.setdefault("304", dict(_NOT_MODIFIED))
    if operation.pop(NEVER_THE_SAME, False):
        del answers["304"]
    for status, found in answers.items():
        if found.get("description") == "Successful Response":
            found["description"] = "What was asked for."
        if int(status) >= 400 and MEDIA_TYPE not in found.get("content", {}):
            answers[status] = found | {"content": problem(404)["content"]}
        elif int(status) >= 400 and found["content"].get("application/json") == found["content"][MEDIA_TYPE]:
            del found["content"]["application/json"]  # FastAPI takes each model for plain JSON
    return answers
