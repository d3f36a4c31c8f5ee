"""The API of one outside service, as its adapters call it: signed, sent once, once more with a renewed token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pressroom.errors import PressroomError
from pressroom.http_answers import LARGEST_ANSWER_BYTES, Answer, CallFailed, Deadline
from pressroom.http_outcomes import Call, retry_at, unreadable, with_answer, without_answer
from pressroom.ports import Clock
from pressroom.signing import SignIn

if TYPE_CHECKING:
    from pressroom.http_calls import HttpCalls

Explain = Callable[[Call, Answer], PressroomError | None]
"""What an answer that is no success means at this service; None where it means what it means everywhere.

`call.secrets` are the credentials it was made with, to be taken out of what is quoted."""
DONE = (200, 201)


def no_words(answer: Answer) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class HttpApi:
    """May be shared by threads. Knows no service: what only one of them says is read by its `explain` and `words`."""

    service: str
    """As people write it: "X"."""
    where: str
    """For whose calls: "channel main"."""
    base_url: str
    timeout: timedelta
    clock: Clock
    sign_in: Callable[[], SignIn] = field(repr=False)
    """Asked for each call, so that credentials that were stored meanwhile are used."""
    words: Callable[[Answer], str] = no_words
    """Returns why the service refused, in its own words, from its answer; empty if it does not say."""
    explain: Explain = lambda call, answer: None
    reset_headers: Sequence[str] = ()
    """That say, beside `Retry-After`, when a rate limit ends."""
    default_wait: timedelta = timedelta(minutes=1)
    """For a rate limit without any."""
    is_over: Callable[[Answer], bool] = lambda answer: False
    """Says of an answer that is no 401 that it means one: the token is over, and nothing was carried out."""
    largest_answer_bytes: int = LARGEST_ANSWER_BYTES

    @cached_property
    def _calls(self) -> HttpCalls:
        from pressroom.http_calls import HttpCalls

        return HttpCalls()

    def document(self, method: str, path: str, doing: str, **how: Any) -> dict[str, Any]:
        """Return the JSON object of a success; an answer without one is no clear answer. Takes what `call` takes."""
        answer = self.call(method, path, doing, **how)
        document = answer.document()
        if document is None:
            raise unreadable(self._told(doing, how.get("is_public", False), self.sign_in().secrets), answer)
        return document

    def call(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        is_public: bool = False,
        deadline: Deadline | None = None,
        ok: Sequence[int] = DONE,
        **content: Any,
    ) -> Answer:
        """Return an answer whose status is one of `ok`; whatever else comes, or nothing, is raised as what it means.

        `path` may be a whole URL. `content` is what `httpx.Request` takes: json, params, data, files, content,
        headers. The deadline, by default that of the settings, holds for everything together, so that nothing goes
        out after a caller has given up. Nothing is sent twice but after a 401, which surely was not carried out.
        """
        deadline = deadline or Deadline(self.timeout)
        way = self.sign_in()
        try:
            answer, token = self._send(way, deadline, method, path, content)
            if answer.status == 401 and way.can_renew:
                way.renew(token, deadline)
                answer, _ = self._send(way, deadline, method, path, content)
        except CallFailed as failed:
            raise without_answer(self._told(doing, is_public, ()), failed) from None
        if answer.status in ok:
            return answer
        raise self.refusal(self._told(doing, is_public, way.secrets), answer)

    def refusal(self, call: Call, answer: Answer) -> PressroomError:
        """Return what an answer means that is not the success that was hoped for."""
        return self.explain(call, answer) or with_answer(
            call,
            answer,
            self.clock.now(),
            reason=self.words(answer),
            reset_headers=self.reset_headers,
            default_wait=self.default_wait,
        )

    def used_up(self, answer: Answer) -> datetime | None:
        """Return when the rate limit ends that a successful call has used up; None if something is left of it."""
        names = [
            name for name in self.reset_headers if answer.headers.get(name.replace("reset", "remaining"), "") == "0"
        ]
        return retry_at(replace(answer, headers=_without_retry_after(answer)), self.clock.now(), names)

    def _told(self, doing: str, is_public: bool, secrets: tuple[str, ...]) -> Call:
        return Call(service=self.service, where=self.where, doing=doing, is_public=is_public, secrets=secrets)

    def _send(
        self, way: SignIn, deadline: Deadline, method: str, path: str, content: dict[str, Any]
    ) -> tuple[Answer, str]:
        import httpx

        url = path if path.startswith(("http://", "https://")) else self.base_url.rstrip("/") + path
        request = httpx.Request(method, url, **content)
        token = way.sign(request)
        answer = self._calls.call(request, deadline, self.largest_answer_bytes)
        return replace(answer, status=401) if self.is_over(answer) else answer, token


def _without_retry_after(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "retry-after"}
