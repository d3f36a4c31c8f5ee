"""Every way in which a server may answer the call that makes a post public, and what each must come to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    OutOfCredit,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)


class ServerAnswer(StrEnum):
    """How a server may answer the call that makes a post public."""

    SUCCESS = "success"
    BAD_REQUEST = "400"
    TOKEN_EXPIRED = "401 expired"
    TOKEN_REVOKED = "401 revoked"
    OUT_OF_CREDIT = "402"
    DUPLICATE = "403 duplicate"
    TOO_LARGE = "413"
    RATE_LIMITED = "429 with headers"
    RATE_LIMITED_BARE = "429 without headers"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    JUNK_BODY = "success with junk"
    EMPTY_BODY = "success without a body"
    NOT_LISTENING = "cut before sending"
    CUT_UNDONE = "cut after sending, not done"
    CUT_DONE = "cut after sending, done"
    TIMED_OUT = "timed out after acceptance"
    ACCEPTED_LATE = "accepted after we gave up"
    DONE_BUT_500 = "accepted, answered 500"
    DONE_BUT_JUNK = "accepted, answered junk"
    DONE_BUT_EMPTY = "accepted, answered without a body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    raises: type[PressroomError] | None = None
    """None: a receipt comes back."""
    is_there: bool = False
    """Whether the post is on the server when the call is over."""
    comes_late: bool = False
    """Whether it arrives after that."""


POSTED = Expected(is_there=True)
MAYBE_NOT = Expected(raises=OutcomeUnknown)
MAYBE_YES = Expected(raises=OutcomeUnknown, is_there=True)

ANSWERS: dict[ServerAnswer, Expected] = {
    ServerAnswer.SUCCESS: POSTED,
    ServerAnswer.BAD_REQUEST: Expected(raises=PostRejected),
    ServerAnswer.TOKEN_EXPIRED: Expected(raises=AccountDisconnected),
    ServerAnswer.TOKEN_REVOKED: Expected(raises=AccountDisconnected),
    ServerAnswer.OUT_OF_CREDIT: Expected(raises=OutOfCredit),
    ServerAnswer.DUPLICATE: Expected(raises=PostRejected),
    ServerAnswer.TOO_LARGE: Expected(raises=PostRejected),
    ServerAnswer.RATE_LIMITED: Expected(raises=RateLimited),
    ServerAnswer.RATE_LIMITED_BARE: Expected(raises=RateLimited),
    ServerAnswer.SERVER_ERROR: MAYBE_NOT,
    ServerAnswer.UNAVAILABLE: MAYBE_NOT,
    ServerAnswer.JUNK_BODY: MAYBE_NOT,
    ServerAnswer.EMPTY_BODY: MAYBE_NOT,
    ServerAnswer.NOT_LISTENING: Expected(raises=Unavailable),
    ServerAnswer.CUT_UNDONE: MAYBE_NOT,
    ServerAnswer.CUT_DONE: MAYBE_YES,
    ServerAnswer.TIMED_OUT: MAYBE_YES,
    ServerAnswer.ACCEPTED_LATE: Expected(raises=OutcomeUnknown, comes_late=True),
    ServerAnswer.DONE_BUT_500: MAYBE_YES,
    ServerAnswer.DONE_BUT_JUNK: MAYBE_YES,
    ServerAnswer.DONE_BUT_EMPTY: MAYBE_YES,
}
"""What each answer must come to. A bench overrides a line only where the network truly differs."""
