"""The session of an account on Bluesky: opened with an app password, kept, and renewed with single-use tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pressroom import tokens
from pressroom.errors import AccountDisconnected, PressroomError, Unavailable
from pressroom.http_answers import Answer, CallFailed, Deadline
from pressroom.http_outcomes import Call, excerpt, with_answer, without_answer
from pressroom.publishers.base import Channel
from pressroom.redaction import redact
from pressroom.secret_sets import lacking

if TYPE_CHECKING:
    import httpx

    from pressroom.http_calls import HttpCalls

CREDENTIALS = ("identifier", "app_password")
RESET_HEADERS = ("ratelimit-reset",)
# createSession: 30 in 5 minutes, 300 in a day; Bluesky rate limits, 2026-11-20
WINDOW = timedelta(minutes=5)


class _TokenOver(AccountDisconnected):
    """The refresh token is used or too old; the app password may still be good."""


@dataclass(frozen=True)
class Session:
    """Implements `SignIn`. Both tokens are secrets of the channel, so that every process goes on with one session."""

    channel: Channel
    calls: HttpCalls
    base_url: str
    can_renew = True

    @property
    def secrets(self) -> tuple[str, ...]:
        names = ("app_password", "access_token", "refresh_token")
        return tuple(value for name in names if (value := self._secret(name)))

    def sign(self, request: httpx.Request) -> str:
        self._refuse_if_incomplete()
        token = self._secret("access_token") if self._is_of_these_credentials() else ""
        if not token:
            timeout = timedelta(seconds=self.channel.settings.timeout_seconds)
            token = self._opened("", Deadline(timeout))
        request.headers["authorization"] = f"Bearer {token}"
        return token

    def renew(self, refused: str, deadline: Deadline) -> None:
        self._refuse_if_incomplete()
        if self._is_of_these_credentials() and self._secret("refresh_token"):
            section = f"channels.{self.channel.name}"
            tokens.renewed(self.channel.secrets, section, refused, lambda refresh: self._exchanged(refresh, deadline))
        else:
            self._opened(refused, deadline)

    def _opened(self, refused: str, deadline: Deadline) -> str:
        """Return the access token of a new session, or of one that somebody else has opened meanwhile."""
        section = f"channels.{self.channel.name}"
        with self.channel.secrets.lock(f"{section}.tokens"):
            stored = self._secret("access_token")
            if stored and stored != refused and self._is_of_these_credentials():
                return stored
            new = self._created(deadline)
            self.channel.secrets.set_many(
                {
                    f"{section}.access_token": new.access,
                    f"{section}.refresh_token": new.refresh,
                    f"{section}.session_of": self._fingerprint(),
                }
            )
            return new.access

    def _exchanged(self, refresh: str, deadline: Deadline) -> tokens.Tokens:
        try:
            return self._refreshed(refresh.strip(), deadline)
        except _TokenOver:
            return self._created(deadline)

    def _created(self, deadline: Deadline) -> tokens.Tokens:
        password = self._secret("app_password")
        document = {"identifier": self._secret("identifier").removeprefix("@"), "password": password}
        call = self._call("open a session", password)
        answer = self._send(call, "createSession", deadline, json=document)
        if answer.status == 200:
            return self._read(call, answer)
        raise self._no_session(call, answer)

    def _refreshed(self, refresh: str, deadline: Deadline) -> tokens.Tokens:
        call = self._call("renew the session", refresh)
        answer = self._send(call, "refreshSession", deadline, headers={"authorization": f"Bearer {refresh}"})
        if answer.status == 200:
            return self._read(call, answer)
        if answer.status in (400, 401, 403) and answer.document() is not None:
            raise _TokenOver("The refresh token is no longer good.", where=call.where)
        raise self._passing(call, answer)

    def _send(self, call: Call, method: str, deadline: Deadline, **content: Any) -> Answer:
        import httpx

        request = httpx.Request("POST", f"{self.base_url}/xrpc/com.atproto.server.{method}", **content)
        try:
            return self.calls.call(request, deadline)
        except CallFailed as failed:
            raise without_answer(call, failed) from None

    def _read(self, call: Call, answer: Answer) -> tokens.Tokens:
        document = answer.document() or {}
        access, refresh = document.get("accessJwt"), document.get("refreshJwt")
        if isinstance(access, str) and access.strip() and isinstance(refresh, str) and refresh.strip():
            return tokens.Tokens(access.strip(), refresh.strip())
        raise self._passing(call, answer)

    def _no_session(self, call: Call, answer: Answer) -> PressroomError:
        """Disconnect only on Bluesky's own refusal; whatever else came may pass."""
        document = answer.document()
        if document is None or answer.status not in (400, 401, 403):
            return self._passing(call, answer)
        error, said = str(document.get("error", "")), str(document.get("message") or document.get("error") or "")
        name = f"channels.{self.channel.name}"
        todo = f"Set {name}.identifier and {name}.app_password with `pressroom secrets set`, then resume the channel."
        if error == "AuthFactorTokenRequired":
            todo = (
                "Make an app password in Bluesky's settings (Privacy and security): it needs no code. "
                f"`pressroom secrets set {name}.app_password`, then resume the channel."
            )
        elif error.startswith("Account"):
            todo = "Look at the account on Bluesky, then resume the channel."
        what = f"Bluesky opens no session for {call.where}: {redact(said, call.secrets).rstrip('.')}."
        return call.error(AccountDisconnected, what, todo, excerpt(answer, call.secrets))

    def _passing(self, call: Call, answer: Answer) -> PressroomError:
        if answer.status == 429 or answer.status >= 500:
            now = self.channel.clock.now()
            return with_answer(call, answer, now, reset_headers=RESET_HEADERS, default_wait=WINDOW)
        return Unavailable(
            f"Bluesky gave an answer ({answer.status}) that cannot be read when asked to {call.doing}.",
            where=call.where,
            todo="It is tried again later.",
            detail=excerpt(answer, call.secrets),
        )

    def _call(self, doing: str, *used: str) -> Call:
        where = f"channel {self.channel.name}"
        return Call(service="Bluesky", where=where, doing=doing, secrets=(*self.secrets, *used))

    def _refuse_if_incomplete(self) -> None:
        missing = lacking([CREDENTIALS], self._secret)
        if missing:
            names = [f"channels.{self.channel.name}.{name}" for name in missing[0]]
            raise AccountDisconnected(
                f"The secrets {' and '.join(names)} are not set."
                if len(names) > 1
                else f"The secret {names[0]} is not set.",
                where=f"channel {self.channel.name}",
                todo=f"`pressroom secrets set {names[0]}`, then resume the channel.",
            )

    def _is_of_these_credentials(self) -> bool:
        """Say whether the stored tokens were got with the account and password that are set now."""
        return self._secret("session_of") == self._fingerprint()

    def _fingerprint(self) -> str:
        return hashlib.sha256("\0".join(map(self._secret, CREDENTIALS)).encode()).hexdigest()[:16]

    def _secret(self, name: str) -> str:
        return (self.channel.secret(name) or "").strip()


def ends_at(token: str) -> datetime | None:
    """Return when a token (a JWT) says that it ends; None if it does not say."""
    payload = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (binascii.Error, ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
