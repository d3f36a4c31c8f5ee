"""The refusals of LinkedIn in its own shapes: `{status, code, message}`, with `errorDetails` for wrong input."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, json_answer

_BAD = "com.linkedin.content.common.exception.BadRequestResponseException: "


def refused(status: int, code: str, message: str, service_code: int = 0) -> Refused:
    document: dict[str, object] = {"status": status, "code": code, "message": message}
    return Refused(json_answer(status, document | ({"serviceErrorCode": service_code} if service_code else {})))


def wrong_input(message: str, code: str, description: str, status: int = 400) -> Refused:
    """As in n8n-io/n8n#22899 and Arisamiga/Linkedin-RSS#5."""
    document = {
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "message": _BAD + message,
        "errorDetails": {"inputErrors": [{"description": description, "input": {}, "code": code}]},
        "status": status,
    }
    return Refused(json_answer(status, document))


def duplicate(urn: str) -> Refused:
    return wrong_input(f"Content is a duplicate of {urn}", "DUPLICATE_POST", "Duplicate post is detected", 422)


def unauthorized(code: str, message: str) -> Refused:
    return refused(401, code, message, 65600)


def denied(what: str) -> Refused:
    return refused(403, "ACCESS_DENIED", f"Not enough permissions to access: {what}", 100)


def not_active(version: str) -> Refused:
    return refused(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")


def token_refused(error: str, description: str, status: int = 400) -> Refused:
    return Refused(json_answer(status, {"error": error, "error_description": description}))


def scripted_refusal(fault: Fault, is_token_endpoint: bool, retry_after: Mapping[str, str]) -> Answer:
    """What LinkedIn says when the script wants it to refuse."""
    if is_token_endpoint and fault.status in (400, 401):
        said = "The provided authorization grant or refresh token is invalid, expired or revoked."
        return token_refused("invalid_request", said).answer
    match fault:
        case Fault.BAD_REQUEST:
            return wrong_input("The request is not valid", "INVALID_VALUE_FOR_FIELD", "ERROR").answer
        case Fault.TOKEN_EXPIRED:
            return unauthorized("EXPIRED_ACCESS_TOKEN", "The token used in the request has expired").answer
        case Fault.TOKEN_REVOKED:
            return unauthorized("REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked").answer
        case Fault.OUT_OF_CREDIT:
            return refused(402, "PAYMENT_REQUIRED", "Payment required").answer
        case Fault.DUPLICATE:
            return duplicate("urn:li:share:7000000000000000001").answer
        case Fault.TOO_LARGE:
            return refused(413, "REQUEST_ENTITY_TOO_LARGE", "Request entity too large").answer
        case Fault.RATE_LIMITED | Fault.RATE_LIMITED_BARE:
            said = "Resource level throttle DAY limit for calls to this resource is reached."
            answer = refused(429, "TOO_MANY_REQUESTS", said, 101).answer
            return answer.with_headers(retry_after) if fault is Fault.RATE_LIMITED else answer
        case Fault.UNAVAILABLE_RETRY_AFTER:
            return refused(503, "SERVICE_UNAVAILABLE", "Service Unavailable").answer.with_headers({"retry-after": "2"})
        case Fault.UNAVAILABLE | Fault.PROCESSED_BUT_503:
            return refused(503, "SERVICE_UNAVAILABLE", "Service Unavailable").answer
        case _:
            return refused(500, "INTERNAL_SERVER_ERROR", "Internal Server Error").answer
