"""The refusals of Bluesky in its own shape: the name of an error, and a message."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, json_answer


def refused(status: int, error: str, message: str, headers: Mapping[str, str] | None = None) -> Refused:
    return Refused(json_answer(status, {"error": error, "message": message}, headers))


def invalid(message: str, error: str = "InvalidRequest") -> Refused:
    return refused(400, error, message)


def scripted_refusal(fault: Fault, rate_limit: Mapping[str, str]) -> Answer:
    """What Bluesky says when the script wants it to refuse. It knows no credit and no duplicates."""
    match fault:
        case Fault.BAD_REQUEST:
            return invalid(
                "Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes"
            ).answer
        case Fault.TOKEN_EXPIRED:
            # 400, not 401: atproto pds auth-verifier.ts, 2026-11-20
            return invalid("Token has expired", "ExpiredToken").answer
        case Fault.TOKEN_REVOKED:
            return invalid("Token has been revoked", "ExpiredToken").answer
        case Fault.OUT_OF_CREDIT:
            return refused(402, "PaymentRequired", "Payment Required").answer
        case Fault.DUPLICATE:
            return refused(403, "Forbidden", "Forbidden").answer
        case Fault.TOO_LARGE:
            return refused(413, "PayloadTooLarge", "request entity too large").answer
        case Fault.RATE_LIMITED:
            return refused(429, "RateLimitExceeded", "Rate Limit Exceeded", rate_limit).answer
        case Fault.RATE_LIMITED_BARE:
            return refused(429, "RateLimitExceeded", "Rate Limit Exceeded").answer
        case Fault.UNAVAILABLE_RETRY_AFTER:
            return refused(503, "ServiceUnavailable", "Service Unavailable", {"retry-after": "2"}).answer
        case Fault.UNAVAILABLE | Fault.PROCESSED_BUT_503:
            return refused(503, "ServiceUnavailable", "Service Unavailable").answer
        case _:
            return refused(500, "InternalServerError", "Internal Server Error").answer
