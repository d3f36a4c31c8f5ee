"""The refusals of OpenAI in its own shape, and the reading of its JSON bodies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, Request, json_answer

QUOTA = "You exceeded your current quota, please check your plan and billing details."


def failure(
    status: int,
    message: str,
    param: str | None = None,
    code: str | None = None,
    kind: str = "invalid_request_error",
    headers: Mapping[str, str] | None = None,
) -> Refused:
    """`{error: {message, type, param, code}}`."""
    error = {"message": message, "type": kind, "param": param, "code": code}
    return Refused(json_answer(status, {"error": error}, headers))


def invalid_value(param: str, value: Any, allowed: str) -> Refused:
    message = f"Invalid value: {value!r}. Supported values are: {allowed}."
    return failure(400, message, param, "invalid_value")


def wrong_type(param: str, expected: str) -> Refused:
    return failure(400, f"Invalid type for '{param}': expected {expected}.", param, "invalid_type")


def insufficient_quota() -> Refused:
    return failure(429, QUOTA, None, "insufficient_quota", "insufficient_quota")


def rate_limited(what: str, headers: Mapping[str, str]) -> Refused:
    message = f"Rate limit reached for {what} on requests per min (RPM). Please try again later."
    return failure(429, message, None, "rate_limit_exceeded", "requests", headers)


def wrong_key() -> Refused:
    message = "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys."
    return failure(401, message, None, "invalid_api_key")


def read_parameters(request: Request, known: Iterable[str]) -> dict[str, Any]:
    """The JSON object of a body; parameters that the endpoint does not know are refused, as the real one does."""
    try:
        document = json.loads(request.body) if request.content_type == "application/json" else None
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise failure(400, "We could not parse the JSON body of your request.")
    for name in document.keys() - set(known):
        raise failure(400, f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    # The real one takes null for "not given".
    return {name: value for name, value in document.items() if value is not None}


def scripted_refusal(fault: Fault, rate_limit: Mapping[str, str]) -> Answer:
    """What OpenAI says when the script wants it to refuse; it has no 402, its credit ends with a 429."""
    match fault:
        case Fault.BAD_REQUEST:
            return failure(400, "The request is not valid.").answer
        case Fault.TOKEN_EXPIRED | Fault.TOKEN_REVOKED:
            return wrong_key().answer
        case Fault.OUT_OF_CREDIT:
            return insufficient_quota().answer
        case Fault.DUPLICATE:
            return failure(403, "Your project does not have access to this model.", None, "model_not_found").answer
        case Fault.TOO_LARGE:
            return failure(413, "The request is too large.").answer
        case Fault.RATE_LIMITED:
            return rate_limited("this model", rate_limit).answer
        case Fault.RATE_LIMITED_BARE:
            return rate_limited("this model", {}).answer
        case Fault.UNAVAILABLE_RETRY_AFTER:
            return failure(503, "The engine is overloaded.", kind="server_error", headers={"retry-after": "2"}).answer
        case Fault.UNAVAILABLE | Fault.PROCESSED_BUT_503:
            return failure(503, "The engine is overloaded.", kind="server_error").answer
        case _:
            message = "The server had an error while processing your request. Sorry about that!"
            return failure(500, message, kind="server_error").answer
