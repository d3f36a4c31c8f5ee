"""What the fake Lightroom says: JSON behind `while (1) {}`, and its refusals with code, description and fields."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, json_answer

PREFIX = b"while (1) {}\n"


def prefixed(status: int, document: dict[str, Any]) -> Answer:
    body = PREFIX + json.dumps(document, ensure_ascii=False).encode()
    return Answer(status, body, {"content-type": "application/json;charset=utf-8"})


def refused(status: int, code: int, description: str, **fields: str) -> Refused:
    """A refusal of the API; codes and words from its specification, 2026-11-20."""
    errors = {"errors": {name: [why] for name, why in fields.items()}} if fields else {}
    return Refused(prefixed(status, {**errors, "code": code, "description": description}))


def invalid(**fields: str) -> Refused:
    return refused(400, 1005, "Input Validation Error", **fields)


def not_found(what: str) -> Refused:
    return refused(404, 1000, "Resource not found", **{what: "does not exist"})


def forbidden() -> Refused:
    return refused(403, 4300, "Access is forbidden")


def invalid_key() -> Refused:
    return refused(403, 403003, "API Key is invalid")


def unauthorized() -> Refused:
    """From Adobe's gateway, which puts nothing before its JSON."""
    return Refused(json_answer(401, {"error_code": "401013", "message": "Oauth token is not valid"}))


def token_refused(error: str, description: str = "", status: int = 400) -> Refused:
    return Refused(json_answer(status, {"error": error, "error_description": description or error}))


def scripted_refusal(fault: Fault, *, is_token_endpoint: bool) -> Answer:
    """What Lightroom, or IMS, says when the script wants it to refuse."""
    if is_token_endpoint and fault.status in (400, 401):
        return token_refused("invalid_grant").answer
    match fault.status:
        case 400:
            return invalid(limit="must be a number").answer
        case 401:
            return unauthorized().answer
        case 403:
            return forbidden().answer
        case 429:
            return Answer(429)  # with an empty body; AdobeDocs, April 2026
        case 503:
            return refused(503, 9999, "Service is temporarily unavailable").answer
        case _:
            return Answer(fault.status)
