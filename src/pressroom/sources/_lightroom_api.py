"""The API of Lightroom for one source: what only Lightroom says, in its JSON and its refusals, and how it is spared."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import AccountDisconnected, BadInput, NotFound, PressroomError, RateLimited
from pressroom.http_answers import Answer
from pressroom.http_api import DONE, HttpApi
from pressroom.http_outcomes import Call, excerpt, retry_at, unreadable
from pressroom.ports import Clock
from pressroom.redaction import redact
from pressroom.retry import doubled
from pressroom.sources._lightroom_auth import sign_in
from pressroom.sources.base import Setup

LARGEST_PAGE_BYTES = 32_000_000
"""Of JSON. Photos of the same capture time come on one page, however many they are."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
_PREFIX = re.compile(r"^while\s*\(\s*1\s*\)\s*{\s*}\s*")  # AdobeDocs, Calling a Lightroom API, 2026-11-20


class Patience:
    """Until when Lightroom is left alone after a 429, whose body is empty: longer each time; may be shared by threads.

    Without it every thread and every retry would ask on, and Adobe revokes the keys of apps that do.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._times = 0
        self._until: datetime | None = None

    @property
    def until(self) -> datetime | None:
        with self._lock:
            return self._until if self._until and self._until > self._clock.now() else None

    def refused(self, asked_for: datetime | None) -> datetime:
        """Note a 429; several that were under way together count once. Returns when to ask again."""
        now = self._clock.now()
        with self._lock:
            if self._until is None or self._until <= now:
                self._until = now + doubled(FIRST_WAIT, self._times, LONGEST_WAIT)
                self._times += 1
            if asked_for:
                self._until = max(self._until, asked_for)
            return self._until

    def accepted(self) -> None:
        with self._lock:
            self._times, self._until = 0, None


class LightroomApi:
    """May be shared by threads."""

    def __init__(self, setup: Setup) -> None:
        settings = setup.settings
        self.where = f"source {setup.name}"
        self.base_url: str = settings.base_url.rstrip("/")
        self.clock = setup.clock
        self._setup = setup
        self._patience = Patience(setup.clock)
        self._http = HttpApi(
            service="Lightroom",
            where=self.where,
            base_url=self.base_url,
            timeout=timedelta(seconds=settings.timeout_seconds),
            clock=setup.clock,
            sign_in=lambda: sign_in(setup),
            words=words_of,
            explain=self._explain,
            largest_answer_bytes=max(settings.largest_bytes, LARGEST_PAGE_BYTES),
        )

    def call(self, method: str, path: str, doing: str, *, ok: Sequence[int] = DONE, **how: Any) -> Answer:
        """As `HttpApi.call`, and not at all as long as Lightroom wants to be left alone."""
        if until := self._patience.until:
            raise self._asked_too_often(doing, until)
        answer = self._http.call(method, path, doing, ok=ok, **how)
        self._patience.accepted()
        return answer

    def document(self, path: str, doing: str, **how: Any) -> tuple[dict[str, Any], Answer]:
        """Return the JSON object of a success, and its answer; anything else is no clear answer."""
        answer = self.call("GET", path, doing, **how)
        if len(answer.body) >= LARGEST_PAGE_BYTES:
            raise BadInput(
                f"Lightroom answers with more than {LARGEST_PAGE_BYTES:,} bytes when asked to {doing}.",
                where=self.where,
                todo=f"Set a smaller page_size in [{self._section}].",
            )
        document = document_of(answer)
        if document is None:
            raise self.unreadable(doing, answer)
        return document, answer

    def unreadable(self, doing: str, answer: Answer) -> PressroomError:
        return unreadable(self._told(doing), answer)

    def _told(self, doing: str) -> Call:
        return Call(service="Lightroom", where=self.where, doing=doing, secrets=sign_in(self._setup).secrets)

    def _asked_too_often(self, doing: str, until: datetime, detail: str = "") -> RateLimited:
        return RateLimited(
            f"Lightroom asks to wait before it is asked again to {doing}.",
            where=self.where,
            todo="It is tried again when the wait is over.",
            detail=detail,
            retry_at=until,
        )

    def _explain(self, call: Call, answer: Answer) -> PressroomError | None:
        status, detail = answer.status, excerpt(answer, call.secrets)
        reason = redact(words_of(answer), call.secrets).rstrip(".")
        said = f": {reason}." if reason else "."
        if status == 429:
            until = self._patience.refused(retry_at(answer, self.clock.now()))
            return self._asked_too_often(call.doing, until, detail)
        if status == 401:
            what = f"Lightroom no longer accepts the credentials of {call.where}{said}"
            todo = f"Connect the account again and store its tokens under {self._section} with `pressroom secrets set`."
            return call.error(AccountDisconnected, what, todo, detail)
        if status == 403:
            what = f"Lightroom does not let {call.where} {call.doing}{said}"
            todo = (
                f"Look whether {self._section}.client_id is the key of an app with Lightroom Services, whether the "
                "account has a subscription, and whether it was connected with the scopes lr_partner_apis and "
                "lr_partner_rendition_apis."
            )
            return call.error(AccountDisconnected, what, todo, detail)
        if status == 404:
            what = f"Lightroom has nothing there when asked to {call.doing}{said}"
            return call.error(NotFound, what, "It may have been removed.", detail)
        if 400 <= status < 500 and status not in (408, 425):
            what = f"Lightroom refused to {call.doing} ({status}){said}"
            return call.error(BadInput, what, f"Look at the settings of [{self._section}].", detail)
        return None

    @property
    def _section(self) -> str:
        return f"sources.{self._setup.name}"


def document_of(answer: Answer) -> dict[str, Any] | None:
    """Return the body as a JSON object, or None if it is anything else.

    Lightroom puts `while (1) {}` before its JSON; what stands before Lightroom at Adobe does not.
    """
    if not answer.is_whole:
        return None
    try:
        found = json.loads(_PREFIX.sub("", answer.body.decode("utf-8-sig", errors="replace")), strict=False)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def words_of(answer: Answer) -> str:
    """Return why Lightroom refused, in its own words, with the fields that it names."""
    document = document_of(answer) or {}
    said = next((text for name in ("description", "message") if isinstance(text := document.get(name), str)), "")
    errors = document.get("errors")
    fields = [
        f"{name} {' and '.join(map(str, why)) if isinstance(why, list) else why}"
        for name, why in (errors.items() if isinstance(errors, dict) else ())
    ]
    return f"{said} ({', '.join(fields)})" if fields else said
