"""What an error of Meta's Graph API means for the queue: its codes and subcodes as one table. Pure.

Graph API, handling errors; Instagram platform, error codes (2026-06-02); and what others have met, 2026-11-20.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, PressroomError, RateLimited, Unavailable
from pressroom.http_answers import Answer
from pressroom.http_outcomes import LONGEST_WAIT, Call, excerpt, retry_at
from pressroom.redaction import redact

DEFAULT_WAIT = timedelta(minutes=15)
"""For a rate limit that does not say when it ends; the windows roll, so that something comes free all the time."""
_USAGE_HEADERS = ("x-app-usage", "x-business-use-case-usage")
_PERCENTAGES = ("call_count", "total_cputime", "total_time")

_TOKEN_CODES = frozenset({102, 190})
_RIGHT_CODES = frozenset({3, 10, *range(200, 300)})
_RATE_CODES = frozenset({4, 17, 32, 341, 368, 613, *range(80000, 80015)})
_PASSING_CODES = frozenset({-2, -1, 1, 2})
_DUPLICATE_CODES = frozenset({506, 1366051})
_OLD_VERSION_CODE = 2635
_NO_SUCH_OBJECT = (100, 33)

_RESTRICTED = frozenset({2207050})
_BLOCKED = frozenset({2207051})
"""Says that the action is blocked, and was seen when the post had gone live all the same (postiz PR 1681)."""
_QUOTA = frozenset({2207042})
_TOO_FAST = frozenset({1390008})
_NOT_READY = frozenset({2207027})
_LATER = frozenset({2207003, 2207006, 2207008, 2207020, 2207032, 2207052, 2207053, 4279009})
"""Surely nothing was posted, and a new container may go well: not fetched, not found, not ready, expired, not made."""
_UNCLEAR = frozenset({2207001, 2207082})
BAD_POST = {
    2207004: "Send a smaller picture.",
    2207005: "Send the picture in another format.",
    2207009: "Crop or pad the picture to a shape that is taken.",
    2207010: "Shorten the caption.",
    2207023: "Send a picture of a type that is taken.",
    2207028: "A carousel takes two pictures at the least, and only so many.",
    2207040: "Name fewer accounts in the caption.",
    1366046: "Send a smaller picture, or one in another format.",
}


class Duplicate(PostRejected):
    """The network says that it has this post, or these pictures in a post, already: it may be this very post."""


class NoSuchObject(PostRejected):
    """What was asked for is not there, or may not be seen: Graph does not tell these apart."""


@dataclass(frozen=True, slots=True)
class GraphError:
    code: int
    subcode: int
    words: str
    is_transient: bool


def error_in(answer: Answer) -> GraphError | None:
    """Return the error that an answer tells; None if it tells none in Graph's way."""
    error = (answer.document() or {}).get("error")
    if not isinstance(error, dict):
        return None
    words = str(error.get("error_user_msg") or error.get("message") or error.get("error_user_title") or "")
    return GraphError(_number(error, "code"), _number(error, "error_subcode"), words, error.get("is_transient") is True)


def words_of(answer: Answer) -> str:
    found = error_in(answer)
    return found.words if found else ""


def explain(
    call: Call, answer: Answer, now: datetime, section: str, *, is_replaced: bool = False
) -> PressroomError | None:
    """Return what a refusal means; None where it means what its status means everywhere.

    `is_replaced`: whether the token that the call was made with is no longer the one that is stored.
    """
    error = error_in(answer)
    if error is None or error.code == error.subcode == 0:
        return _rate_limited(call, answer, now) if answer.status == 429 else None
    said = redact(error.words, call.secrets).rstrip(".") or "no reason is given"
    detail = excerpt(answer, call.secrets)
    by_subcode = _by_subcode(call, error, said, detail, now)
    if by_subcode is not None:
        return by_subcode
    if error.code in _TOKEN_CODES and is_replaced:
        what = f"The access token of {call.where} was renewed while {call.service} was asked to {call.doing}."
        return call.error(Unavailable, what, "It is tried again with the new one.", detail)
    if error.code in _TOKEN_CODES:
        what = f"{call.service} no longer accepts the access token of {call.where}: {said}."
        return call.error(AccountDisconnected, what, _reconnect(section), detail)
    if error.code in _RATE_CODES or answer.status == 429:
        return _rate_limited(call, answer, now)
    if error.code in _DUPLICATE_CODES:
        what = f"{call.service} refused to {call.doing}, as one that it has already: {said}."
        return call.error(Duplicate, what, "Change it, or give it up if the earlier post is the one meant.", detail)
    if error.code == _OLD_VERSION_CODE:
        what = f"{call.service} no longer serves the version of its API that {call.where} asks for: {said}."
        return call.error(
            AccountDisconnected, what, f"Raise api_version in [{section}], then resume the channel.", detail
        )
    if error.code in _RIGHT_CODES:
        what = f"{call.service} does not let the app or the account of {call.where} do this: {said}."
        todo = f"Look at the rights that the app was given. {_reconnect(section)}"
        return call.error(AccountDisconnected, what, todo, detail)
    if (error.code, error.subcode) == _NO_SUCH_OBJECT:
        what = f"{call.service} refused to {call.doing}: {said}."
        return call.error(NoSuchObject, what, "Look whether the id in it is the account's own.", detail)
    if error.is_transient or error.code in _PASSING_CODES:
        return _unclear(call, f"it answered {answer.status}: {said}", detail)
    return None


def plain(error: PostRejected) -> PostRejected:
    """Return the refusal without what only the publisher was to know of it."""
    return PostRejected(error.what, where=error.where, todo=error.todo, detail=error.detail)


def limit_ends_at(answer: Answer, now: datetime) -> datetime | None:
    """Return when calls are let through again, if an answer says that all are used up; None if some are left."""
    usages = list(_usages(answer))
    minutes = max((_amount(usage, "estimated_time_to_regain_access") for usage in usages), default=0)
    if minutes > 0:
        return min(now + timedelta(minutes=minutes), now + LONGEST_WAIT)
    used = max((_amount(usage, name) for usage in usages for name in _PERCENTAGES), default=0)
    return now + DEFAULT_WAIT if used >= 100 else None


def _by_subcode(call: Call, error: GraphError, said: str, detail: str, now: datetime) -> PressroomError | None:
    refused = f"{call.service} refused to {call.doing}: {said}."
    subcode = error.subcode
    if error.code in BAD_POST:  # Facebook's own stand in the place of the code
        subcode = error.code
    if subcode in BAD_POST:
        return call.error(PostRejected, refused, BAD_POST[subcode], detail)
    if subcode in _RESTRICTED:
        what = f"{call.service} has restricted the account of {call.where}: {said}."
        return call.error(
            AccountDisconnected, what, "Sign in there and follow what it asks, then resume the channel.", detail
        )
    if subcode in _UNCLEAR or (subcode in _BLOCKED and call.is_public):
        return _unclear(call, said, detail)
    if subcode in _QUOTA | _TOO_FAST | _BLOCKED:
        wait = timedelta(hours=1) if subcode in _QUOTA else DEFAULT_WAIT
        return RateLimited(
            f"{call.service} lets {call.where} do no more for now: {said}.",
            where=call.where,
            todo="It goes on by itself.",
            detail=detail,
            retry_at=now + wait,
        )
    if subcode in _NOT_READY | _LATER:
        wait = timedelta(seconds=30)
        return Unavailable(
            refused, where=call.where, todo="It is tried again later.", detail=detail, retry_at=now + wait
        )
    return None


def _rate_limited(call: Call, answer: Answer, now: datetime) -> RateLimited:
    until = limit_ends_at(answer, now) or retry_at(answer, now) or now + DEFAULT_WAIT
    return RateLimited(
        f"{call.service} asks to wait before it is asked again to {call.doing}.",
        where=call.where,
        todo="It is tried again when the wait is over.",
        detail=excerpt(answer, call.secrets),
        retry_at=until,
    )


def _unclear(call: Call, why: str, detail: str) -> PressroomError:
    what = f"{call.service} gave no clear answer when asked to {call.doing}: {why.rstrip('.')}."
    if call.is_public:
        todo = "Pressroom looks for it before anything is sent again."
        return call.error(OutcomeUnknown, f"{what} It may have done it.", todo, detail)
    return call.error(Unavailable, what, "It is tried again later.", detail)


def _reconnect(section: str) -> str:
    return (
        f"Connect the account again and store its token with `pressroom secrets set {section}.access_token`, "
        "then resume the channel."
    )


def _usages(answer: Answer) -> Iterator[dict[str, Any]]:
    """Give the usages that the headers tell: one of the app, and some of each business account by its id."""
    for name in _USAGE_HEADERS:
        try:
            document = json.loads(answer.headers.get(name, "{}"))
        except ValueError:
            continue
        if not isinstance(document, dict):
            continue
        listed = [entry for value in document.values() if isinstance(value, list) for entry in value]
        yield from (entry for entry in [document, *listed] if isinstance(entry, dict))


def _amount(usage: dict[str, Any], name: str) -> float:
    value = usage.get(name, 0)
    return float(value) if isinstance(value, int | float) else 0.0


def _number(error: dict[str, Any], name: str) -> int:
    value = error.get(name)
    return value if isinstance(value, int) else 0
