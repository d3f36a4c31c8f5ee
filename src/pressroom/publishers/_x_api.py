"""The calls to X: signed, sent once, and once more with a renewed token after a 401; what its refusals mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pressroom.errors import AccountDisconnected, OutOfCredit, PostRejected, PressroomError
from pressroom.http_answers import Answer, CallFailed, Deadline
from pressroom.http_outcomes import Call, excerpt, retry_at, with_answer, without_answer
from pressroom.publishers._x_auth import SignIn, sign_in
from pressroom.publishers.base import Channel
from pressroom.redaction import redact

if TYPE_CHECKING:
    import httpx

    from pressroom.http_calls import HttpCalls

RESET_HEADERS = ("x-rate-limit-reset", "x-user-limit-24hour-reset", "x-app-limit-24hour-reset")
WINDOW = timedelta(minutes=15)  # of every rate limit; docs.x.com rate limits, 2026-11-20
_DISCONNECTED_TYPES = ("client-forbidden", "oauth1-permissions", "unsupported-authentication")
_DISCONNECTED_WORDS = ("suspended", "locked", "deactivated")


class DuplicateContent(PostRejected):
    """X shows a post of the account with the same words already: it may be this very post."""


class XApi:
    """The API of X for one channel; may be shared by threads."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._base_url = channel.settings.base_url.rstrip("/")

    @cached_property
    def _calls(self) -> HttpCalls:
        from pressroom.http_calls import HttpCalls

        return HttpCalls()

    def call(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        is_public: bool = False,
        deadline: Deadline | None = None,
        **content: Any,
    ) -> dict[str, Any]:
        """Return the document of a success; `content` is what `httpx.Request` takes: json, params, data, files.

        The deadline holds for everything together, so that nothing goes out after a caller has given up.
        """
        return self.call_and_limit(method, path, doing, is_public=is_public, deadline=deadline, **content)[0]

    def call_and_limit(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        is_public: bool = False,
        deadline: Deadline | None = None,
        **content: Any,
    ) -> tuple[dict[str, Any], datetime | None]:
        """Like `call`, and return also when the rate limit ends that this call has used up, if it has."""
        deadline = deadline or Deadline(timedelta(seconds=self._channel.settings.timeout_seconds))
        where = f"channel {self._channel.name}"
        way = sign_in(self._channel, self._calls, self._base_url)
        call = Call(service="X", where=where, doing=doing, is_public=is_public)
        try:
            answer, token = self._send(way, deadline, method, path, content)
            if answer.status == 401 and way.can_renew:
                # A 401 was not carried out, so that to send the same once more is no second try.
                way.renew(token, deadline)
                answer, _ = self._send(way, deadline, method, path, content)
        except CallFailed as failed:
            raise without_answer(call, failed) from None
        document = answer.document()
        if answer.status in (200, 201) and document is not None:
            return document, self._used_up(answer)
        raise self._error(replace(call, secrets=way.secrets), answer, document or {})

    def _used_up(self, answer: Answer) -> datetime | None:
        names = [name for name in RESET_HEADERS if answer.headers.get(name.replace("reset", "remaining"), "") == "0"]
        return retry_at(answer, self._channel.clock.now(), names) if names else None

    def _send(
        self, way: SignIn, deadline: Deadline, method: str, path: str, content: dict[str, Any]
    ) -> tuple[Answer, str]:
        import httpx

        request: httpx.Request = httpx.Request(method, self._base_url + path, **content)
        token = way.sign(request)
        return self._calls.call(request, deadline), token

    def _error(self, call: Call, answer: Answer, document: dict[str, Any]) -> PressroomError:
        reason, kind = words_of(document), str(document.get("type", "")).rpartition("/")[2]
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
        return with_answer(
            call, answer, self._channel.clock.now(), reason=reason, reset_headers=RESET_HEADERS, default_wait=WINDOW
        )


def words_of(document: dict[str, Any]) -> str:
    """Return why X refused, in its own words: the first message of `errors`, else the detail, else the title."""
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    found = (first.get("message"), first.get("detail"), document.get("detail"), document.get("title"))
    return next((str(text) for text in found if text), "")
