"""The API of Bluesky (XRPC) for one channel: what only Bluesky says, in its headers, its errors and its words."""

from __future__ import annotations

from datetime import timedelta

from pressroom.errors import AccountDisconnected, PostRejected, PressroomError, Unavailable
from pressroom.http_answers import Answer
from pressroom.http_api import HttpApi
from pressroom.http_calls import HttpCalls
from pressroom.http_outcomes import Call, excerpt
from pressroom.publishers._bluesky_session import RESET_HEADERS, WINDOW, Session
from pressroom.publishers.base import Channel
from pressroom.redaction import redact

# atproto pds auth-verifier.ts, 2026-11-20
_TOKEN_ERRORS = ("ExpiredToken", "InvalidToken")


class RecordNotFound(PostRejected):
    """There is no record under that key."""


class BlobNotFound(Unavailable):
    """An upload is gone: nothing has referred to it for too long."""


def bluesky_api(channel: Channel) -> HttpApi:
    base_url = channel.settings.base_url.rstrip("/")
    session = Session(channel, HttpCalls(), base_url)
    return HttpApi(
        service="Bluesky",
        where=f"channel {channel.name}",
        base_url=f"{base_url}/xrpc",
        timeout=timedelta(seconds=channel.settings.timeout_seconds),
        clock=channel.clock,
        sign_in=lambda: session,
        words=words_of,
        explain=_explain,
        reset_headers=RESET_HEADERS,
        default_wait=WINDOW,
        is_over=lambda answer: answer.status == 400 and error_of(answer) in _TOKEN_ERRORS,
    )


def error_of(answer: Answer) -> str:
    """Return the name of the error, such as `BlobTooLarge`; empty if there is none."""
    return str((answer.document() or {}).get("error") or "")


def words_of(answer: Answer) -> str:
    """Return why Bluesky refused, in its own words."""
    return str((answer.document() or {}).get("message") or error_of(answer))


def _explain(call: Call, answer: Answer) -> PressroomError | None:
    error, said = error_of(answer), redact(words_of(answer), call.secrets).rstrip(".")
    detail = excerpt(answer, call.secrets)
    if error.startswith("Account"):
        what = f"Bluesky does not let the account of {call.where} do this: {said}."
        return call.error(AccountDisconnected, what, "Look at the account on Bluesky, then resume the channel.", detail)
    if answer.status == 400 and (error == "RecordNotFound" or said.startswith("Could not locate record")):
        return call.error(RecordNotFound, f"Bluesky has no such record: {said}.", "Nothing is to be done.", detail)
    if answer.status == 400 and (error == "BlobNotFound" or said.startswith("Could not find blob")):
        what = f"Bluesky no longer has an upload of this post: {said}."
        return call.error(BlobNotFound, what, "It is uploaded again.", detail)
    return None
