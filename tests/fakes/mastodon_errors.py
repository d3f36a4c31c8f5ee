"""The refusals of Mastodon in its own shape: one sentence under `error`."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, json_answer


def refused(status: int, error: str, headers: Mapping[str, str] | None = None) -> Refused:
    return Refused(json_answer(status, {"error": error}, headers))


def invalid(why: str) -> Refused:
    return refused(422, f"Validation failed: {why}")


def not_found() -> Refused:
    return refused(404, "Record not found")


def scripted_refusal(fault: Fault, rate_limit: Mapping[str, str]) -> Answer:
    """What Mastodon says when the script wants it to refuse. It knows no credit and no duplicates."""
    match fault:
        case Fault.BAD_REQUEST:
            return invalid("Text character limit of 500 exceeded").answer
        case Fault.TOKEN_EXPIRED:
            return refused(401, "The access token expired").answer
        case Fault.TOKEN_REVOKED:
            return refused(401, "The access token was revoked").answer
        case Fault.OUT_OF_CREDIT:
            return refused(402, "Payment Required").answer
        case Fault.DUPLICATE:
            return refused(403, "This action is not allowed").answer
        case Fault.TOO_LARGE:
            return Answer(413, b"<html><head><title>413 Request Entity Too Large</title></head></html>")
        case Fault.RATE_LIMITED:
            return refused(429, "Too many requests", rate_limit).answer
        case Fault.RATE_LIMITED_BARE:
            return refused(429, "Too many requests").answer
        case Fault.UNAVAILABLE_RETRY_AFTER:
            return refused(503, "Remote data could not be fetched", {"retry-after": "2"}).answer
        case Fault.UNAVAILABLE | Fault.PROCESSED_BUT_503:
            return refused(503, "There was a temporary problem serving your request, please try again").answer
        case _:
            return refused(500, "There was a problem serving your request").answer
