"""The refusals of X in its own shapes: problem details, and the OAuth 2 errors of its token endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, json_answer

PROBLEMS = "https://api.twitter.com/2/problems/"
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


def problem(
    status: int, title: str, detail: str = "", kind: str = "about:blank", headers: Mapping[str, str] | None = None
) -> Refused:
    """A problem document; X repeats the title where it has nothing more to say."""
    document = {"title": title, "detail": detail or title, "type": kind, "status": status}
    return Refused(json_answer(status, document, headers, "application/problem+json"))


def invalid_request(message: str, parameters: Mapping[str, list[str]] | None = None) -> Refused:
    """400 for a request that breaks the schema or names what is not there."""
    error: dict[str, Any] = {"message": message}
    if parameters:
        error["parameters"] = dict(parameters)
    document = {
        "errors": [error],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": PROBLEMS + "invalid-request",
    }
    return Refused(json_answer(400, document, kind="application/problem+json"))


def unauthorized(reason: str) -> Refused:
    """401; the reason is for the developer at the fake, X itself keeps it to itself."""
    return problem(401, "Unauthorized", headers={"x-fake-reason": reason})


def forbidden(detail: str) -> Refused:
    return problem(403, "Forbidden", detail)


def out_of_credit(account_id: str) -> Refused:
    detail = f"Your enrolled account [{account_id}] does not have any credits to fulfill this request."
    return problem(402, "CreditsDepleted", detail, PROBLEMS + "credits")


def too_many_requests(headers: Mapping[str, str]) -> Refused:
    return problem(429, "Too Many Requests", headers=headers)


def token_refused(error: str, description: str, status: int = 400) -> Refused:
    return Refused(json_answer(status, {"error": error, "error_description": description}))


def not_found(parameter: str, value: str) -> dict[str, Any]:
    """One entry of `errors` in an answer that is otherwise 200."""
    return {
        "value": value,
        "detail": f"Could not find tweet with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": parameter,
        "resource_id": value,
        "type": PROBLEMS + "resource-not-found",
    }


def scripted_refusal(fault: Fault, is_token_endpoint: bool, rate_limit: Mapping[str, str]) -> Answer:
    """What X says when the script wants it to refuse."""
    if is_token_endpoint and fault.status in (400, 401):
        return token_refused("invalid_request", "Value passed for the token was invalid.").answer
    match fault:
        case Fault.BAD_REQUEST:
            return invalid_request("The request is not valid.").answer
        case Fault.TOKEN_EXPIRED | Fault.TOKEN_REVOKED:
            return unauthorized(fault.value).answer
        case Fault.OUT_OF_CREDIT:
            return out_of_credit("0").answer
        case Fault.DUPLICATE:
            return forbidden(DUPLICATE).answer
        case Fault.TOO_LARGE:
            return Answer(413)
        case Fault.RATE_LIMITED:
            return too_many_requests(rate_limit).answer
        case Fault.RATE_LIMITED_BARE:
            return json_answer(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]})
        case Fault.UNAVAILABLE_RETRY_AFTER:
            return problem(503, "Service Unavailable", headers={"retry-after": "2"}).answer
        case Fault.UNAVAILABLE | Fault.PROCESSED_BUT_503:
            return problem(503, "Service Unavailable").answer
        case _:
            return problem(500, "Internal Server Error", "Something went wrong.").answer
