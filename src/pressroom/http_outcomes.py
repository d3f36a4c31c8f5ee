"""What an answer, or none, of a service means for the queue; and what of it may be kept. Pure.

Names no service: what only one of them says is read in that one's own file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    OutOfCredit,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.http_answers import Answer, CallFailed, NotSent
from pressroom.redaction import redact

LONGEST_WAIT = timedelta(days=1)
"""However long a service asks to be left alone, it is asked again after this."""
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)")
_SPANS = re.compile(rf"(?:{_SPAN.pattern}){{1,5}}")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_KEPT_CHARACTERS = 500
_READ_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Which call it was: for the words of an error, and for what the error means."""

    service: str
    """As people write it: "X"."""
    where: str
    """The thing that it was made for: "channel main"."""
    doing: str
    """Continues "could not be asked to …": "upload a picture"."""
    is_public: bool = False
    """Whether it may have made a post public. Any other call may be repeated."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What must not be in an error."""

    def error(self, kind: type[PressroomError], what: str, todo: str = "", detail: str = "") -> PressroomError:
        return kind(what, where=self.where, todo=todo, detail=detail)


def without_answer(call: Call, failed: CallFailed) -> PressroomError:
    """Return what it means that no status came back."""
    if isinstance(failed, NotSent):
        return Unavailable(
            f"{call.service} could not be reached to {call.doing}: {failed.why}. Nothing was sent.",
            where=call.where,
            todo="It is tried again later.",
        )
    return _unclear(call, failed.why, is_lost=True)


def with_answer(
    call: Call,
    answer: Answer,
    now: datetime,
    *,
    reason: str = "",
    reset_headers: Sequence[str] = (),
    default_wait: timedelta = timedelta(minutes=1),
) -> PressroomError:
    """Return what an answer means that is not the success that was hoped for.

    `reason` is what the service says in words; `reset_headers` are those that say, beside `Retry-After`, when a
    rate limit ends; `default_wait` is for a rate limit without any.
    """
    status, detail = answer.status, excerpt(answer, call.secrets)
    said = f": {redact(reason, call.secrets).rstrip('.')}." if reason else "."
    refused = f"{call.service} refused to {call.doing}{said}"
    if status == 429:
        until = retry_at(answer, now, reset_headers) or now + default_wait
        return RateLimited(
            f"{call.service} asks to wait before it is asked again to {call.doing}.",
            where=call.where,
            todo="It is tried again when the wait is over.",
            detail=detail,
            retry_at=until,
        )
    if status == 401:
        todo = "Connect the account again, store its credentials with `pressroom secrets set`, then resume the channel."
        what = f"{call.service} no longer accepts the credentials of {call.where}{said}"
        return call.error(AccountDisconnected, what, todo, detail)
    if status == 402:
        what = f"The {call.service} account of {call.where} has no credit left{said}"
        return call.error(OutOfCredit, what, f"Buy credit at {call.service}, then resume the channel.", detail)
    if status == 413:
        return call.error(PostRejected, refused, "Something in it is too large; send a smaller picture.", detail)
    if 400 <= status < 500 and status not in (408, 425):
        return call.error(PostRejected, refused, "Change what it names; the same again would be refused too.", detail)
    if status in (408, 425) or status >= 500:
        return _unclear(call, f"it answered {status}{said}".rstrip("."), detail, retry_at(answer, now, reset_headers))
    if 300 <= status < 400:
        return _unclear(call, f"it answered with a redirect ({status}); is the base_url right?", detail)
    return unreadable(call, answer)


def unreadable(call: Call, answer: Answer) -> PressroomError:
    """Return what it means that an answer has the status of a success and not what a success says."""
    return _unclear(call, f"its answer ({answer.status}) cannot be read", excerpt(answer, call.secrets), is_lost=True)


def _unclear(
    call: Call, why: str, detail: str = "", until: datetime | None = None, *, is_lost: bool = False
) -> PressroomError:
    if call.is_public:
        return OutcomeUnknown(
            f"{call.service} gave no clear answer when asked to {call.doing}: {why.rstrip('.')}. It may have done it.",
            where=call.where,
            todo="Pressroom looks for it before anything is sent again.",
            detail=detail,
        )
    return Unavailable(
        f"{call.service} could not be asked to {call.doing}: {why.rstrip('.')}.",
        where=call.where,
        todo="It is tried again later.",
        detail=detail,
        retry_at=until,
        is_unclear=is_lost,
    )


def retry_at(answer: Answer, now: datetime, reset_headers: Sequence[str] = ()) -> datetime | None:
    """Return until when the service wants to be left alone; None if it does not say, or says a time that is over.

    A reset header counts unless its `-remaining` neighbour says that something is left. Of several the latest counts.
    """
    said = [answer.headers.get("retry-after", "")]
    for name in reset_headers:
        if answer.headers.get(name.replace("reset", "remaining"), "0").strip() in ("0", ""):
            said.append(answer.headers.get(name, ""))
    moments = [moment for text in said if (moment := parse_moment(text, now)) and moment > now]
    return min(max(moments), now + LONGEST_WAIT) if moments else None


def parse_moment(text: str, now: datetime) -> datetime | None:
    """Read seconds from now, a span such as `6m0s`, Unix seconds or milliseconds, an HTTP date, or an ISO time.

    Returns None for anything else.
    """
    text = text.strip()
    if _SPANS.fullmatch(text):
        seconds = sum(float(count) * _SECONDS[unit] for count, unit in _SPAN.findall(text))
        return now + timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
    try:
        number = float(text)
    except ValueError:
        return _parse_date(text)
    try:
        if number >= 1e11:
            return datetime.fromtimestamp(number / 1000, UTC)
        return datetime.fromtimestamp(number, UTC) if number >= 1e9 else now + timedelta(seconds=number)
    except (OverflowError, ValueError, OSError):
        return None


def _parse_date(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except (ValueError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def excerpt(answer: Answer, secrets: Iterable[str]) -> str:
    """Return the status and the beginning of the body, safe to be stored and shown."""
    said = redact(" ".join(answer.text[:_READ_CHARACTERS].split()), secrets)
    return f"HTTP {answer.status} {said[:_KEPT_CHARACTERS]}".rstrip()
