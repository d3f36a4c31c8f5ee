"""The refusals of Meta's Graph API in its own shape, with its codes and subcodes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, json_answer

USAGE = "x-business-use-case-usage"


def graph_error(
    message: str,
    code: int,
    subcode: int | None = None,
    *,
    status: int = 400,
    kind: str = "OAuthException",
    is_transient: bool | None = None,
    user_message: str = "",
    headers: Mapping[str, str] | None = None,
) -> Refused:
    """A refusal; fields that Graph leaves out where it has nothing to say are left out."""
    error: dict[str, object] = {"message": message, "type": kind, "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    if is_transient is not None:
        error["is_transient"] = is_transient
    if user_message:
        error["error_user_title"] = message
        error["error_user_msg"] = user_message
    error["fbtrace_id"] = "AFakeTraceOfMeta"
    return Refused(json_answer(status, {"error": error}, headers))


def invalid_parameter(message: str) -> Refused:
    return graph_error(f"(#100) {message}", 100)


def no_such_object(object_id: str) -> Refused:
    """What Graph says of what is not there, and of what may not be seen."""
    message = (
        f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation."
    )
    return graph_error(message, 100, 33, kind="GraphMethodException")


def token_error(message: str, subcode: int | None = None) -> Refused:
    return graph_error(f"Error validating access token: {message}", 190, subcode, status=401)


def missing_right(scope: str) -> Refused:
    message = f"(#10) Application does not have permission for this action; it requires {scope}."
    return graph_error(message, 10, status=403)


def usage_headers(account_id: str, percent: int, minutes: int) -> dict[str, str]:
    """How much of its limit an account has used, and for how many minutes it is shut out."""
    usage = {
        "type": "pages",
        "call_count": percent,
        "total_cputime": min(percent, 25),
        "total_time": min(percent, 25),
        "estimated_time_to_regain_access": minutes,
    }
    return {USAGE: json.dumps({account_id: [usage]})}


def scripted_refusal(fault: Fault, account_id: str, minutes: int) -> Answer:
    """What Graph says when the script wants it to refuse."""
    match fault:
        case Fault.BAD_REQUEST:
            return invalid_parameter("Invalid parameter").answer
        case Fault.TOKEN_EXPIRED:
            return token_error("Session has expired on Friday, 20-Nov-26 10:00:00 PST.", 463).answer
        case Fault.TOKEN_REVOKED:
            return token_error("The user has not authorized application 1.", 458).answer
        case Fault.TOO_LARGE:
            return graph_error("The image size is too large.", 36000, 2207004, status=413).answer
        case Fault.RATE_LIMITED:
            # Graph keeps to 400 for its limits; what ends them is told in minutes.
            headers = usage_headers(account_id, 100, minutes)
            return graph_error(
                "(#80001) There have been too many calls to this account.", 80001, headers=headers
            ).answer
        case Fault.RATE_LIMITED_BARE:
            return graph_error("(#4) Application request limit reached", 4, status=403, is_transient=True).answer
        case Fault.DUPLICATE:
            message = "(#506) Duplicate status message"
            return graph_error(message, 506, 1455006, user_message="This status update is identical.").answer
        case Fault.OUT_OF_CREDIT:
            # Graph has no such refusal; something that a company has put in front of it may have.
            return json_answer(402, {"message": "payment required"})
        case Fault.UNAVAILABLE | Fault.UNAVAILABLE_RETRY_AFTER | Fault.PROCESSED_BUT_503:
            return graph_error("Service temporarily unavailable", 2, status=503, is_transient=True).answer
        case _:
            return graph_error("An unknown error has occurred.", 1, status=500).answer
