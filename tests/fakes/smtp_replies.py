"""The replies of the fake mail server, in the words that mail servers use."""

from __future__ import annotations

from tests.fakes.faults import Fault


class Refusal(Exception):
    """The server says no; the reply says why."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


# What the script makes the server say; enhanced codes of RFC 3463, words as Postfix and Gmail have them.
REPLIES = {
    Fault.BAD_REQUEST: "554 5.7.1 Message rejected as unwanted",
    Fault.TOKEN_EXPIRED: "535 5.7.8 Authentication credentials invalid",
    Fault.TOKEN_REVOKED: "535 5.7.8 Authentication credentials invalid",
    Fault.OUT_OF_CREDIT: "550 5.4.5 Daily user sending quota exceeded",
    Fault.DUPLICATE: "554 5.6.0 Duplicate message",
    Fault.TOO_LARGE: "552 5.3.4 Message size exceeds fixed limit",
    Fault.RATE_LIMITED: "450 4.7.1 Rate limit exceeded, try again later",
    Fault.RATE_LIMITED_BARE: "451 4.7.0 Too many messages, slow down",
    Fault.SERVER_ERROR: "451 4.3.0 Temporary local problem",
    Fault.UNAVAILABLE: "421 4.3.2 Service not available, closing transmission channel",
    Fault.UNAVAILABLE_RETRY_AFTER: "421 4.3.2 Service not available, closing transmission channel",
    Fault.PROCESSED_BUT_500: "421 4.3.0 Service shutting down, closing transmission channel",
    Fault.PROCESSED_BUT_503: "421 4.3.2 Service not available, closing transmission channel",
}
JUNK = "<html><head><title>Welcome</title></head></html>"
