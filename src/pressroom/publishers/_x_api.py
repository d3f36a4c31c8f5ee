"""The API of X for one channel: what only X says, in its headers, its problems and its words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pressroom.errors import AccountDisconnected, OutOfCredit, PostRejected, PressroomError
from pressroom.http_answers import Answer
from pressroom.http_api import HttpApi
from pressroom.http_calls import HttpCalls
from pressroom.http_outcomes import Call, excerpt
from pressroom.publishers._x_auth import sign_in
from pressroom.publishers.base import Channel
from pressroom.redaction import redact

RESET_HEADERS = ("x-rate-limit-reset", "x-user-limit-24hour-reset", "x-app-limit-24hour-reset")
WINDOW = timedelta(minutes=15)  # of every rate limit; docs.x.com rate limits, 2026-11-20
_DISCONNECTED_TYPES = ("client-forbidden", "oauth1-permissions", "unsupported-authentication")
_DISCONNECTED_WORDS = ("suspended", "locked", "deactivated")


class DuplicateContent(PostRejected):
    """X shows a post of the account with the same words already: it may be this very post."""


def x_api(channel: Channel) -> HttpApi:
    base_url = channel.settings.base_url.rstrip("/")
    calls = HttpCalls()
    return HttpApi(
        service="X",
        where=f"channel {channel.name}",
        base_url=base_url,
        timeout=timedelta(seconds=channel.settings.timeout_seconds),
        clock=channel.clock,
        sign_in=lambda: sign_in(channel, calls, base_url),
        words=words_of,
        explain=_explain,
        reset_headers=RESET_HEADERS,
        default_wait=WINDOW,
    )


def _explain(call: Call, answer: Answer) -> PressroomError | None:
    document = answer.document() or {}
    reason, kind = words_of(answer), str(document.get("type", "")).rpartition("/")[2]
    said, detail = redact(reason, call.secrets).rstrip("."), excerpt(answer, call.secrets)
    if kind == "usage-capped":
        what = f"The X account of {call.where} has used up what it may: {said}."
        return call.error(OutOfCredit, what, "Raise its spending limit at X, then resume the channel.", detail)
    if answer.status == 403 and "duplicate" in reason.lower():
        return call.error(
            DuplicateContent,
            "X refused the post as a duplicate: the account has posted the same words lately.",
            "Change its words, or give it up if the earlier post is the one that was meant.",
            detail,
        )
    if answer.status == 403 and (
        kind in _DISCONNECTED_TYPES or any(word in reason.lower() for word in _DISCONNECTED_WORDS)
    ):
        return call.error(
            AccountDisconnected,
            f"X does not let the app or the account of {call.where} do this: {said}.",
            "Look at the account and at the app's permissions at X, then resume the channel.",
            detail,
        )
    return None


def words_of(answer: Answer) -> str:
    """Return why X refused, in its own words: the first message of `errors`, else the detail, else the title."""
    return words_in(answer.document() or {})


def words_in(document: dict[str, Any]) -> str:
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    found = (first.get("message"), first.get("detail"), document.get("detail"), document.get("title"))
    return next((str(text) for text in found if text), "")
