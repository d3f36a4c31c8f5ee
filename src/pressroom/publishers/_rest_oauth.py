"""OAuth 2 tokens of a channel: asked for once, kept until shortly before their end, renewed behind a lock."""

from __future__ import annotations

import base64
import re
import threading
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urljoin

from pressroom import tokens
from pressroom.errors import AccountDisconnected, PostRejected, PressroomError, Unavailable
from pressroom.http_answers import Answer, CallFailed, Deadline
from pressroom.http_outcomes import Call, excerpt, with_answer, without_answer
from pressroom.oauth import Connected
from pressroom.publishers._rest_auth import secrets_of
from pressroom.publishers._rest_settings import RestSettings
from pressroom.publishers.base import Channel

EARLY = timedelta(seconds=60)
"""A token is renewed so long before its end, so that it does not end on the way."""
# RFC 6749, 5.2: what a token endpoint says when no further try would help
_OVER = re.compile(r"invalid_(client|grant|request|scope)|unauthorized_client|unsupported_grant_type|access_denied")


class Tokens:
    """The tokens of one channel in this process; may be shared by threads."""

    def __init__(self, channel: Channel, settings: RestSettings) -> None:
        self._channel, self._settings = channel, settings
        self._lock = threading.Lock()
        self._token = ""
        self._ends: dict[str, datetime] = {}

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self._token,) if self._token else ()

    @property
    def ends_at(self) -> datetime | None:
        """When the token in use ends; None if there is none, or nobody said."""
        return self._ends.get(self._token or self._channel.secret("access_token") or "")

    @property
    def url(self) -> str:
        """Where tokens are given."""
        return urljoin(self._settings.base_url.rstrip("/") + "/", self._settings.auth.token_url.lstrip("/"))

    def current(self, deadline: Deadline) -> str:
        """Return a token that is good for a while yet, asking for one if need be."""
        if self._settings.auth.kind == "oauth2_client_credentials":
            with self._lock:
                if not self._token or self._is_about_to_end(self._token):
                    self._ask_with_client(deadline)
                return self._token
        stored = (self._channel.secret("access_token") or "").strip()
        if stored and not self._is_about_to_end(stored):
            return stored
        return self._renewed(stored, deadline)

    def renew(self, refused: str, deadline: Deadline) -> None:
        if self._settings.auth.kind == "oauth2_client_credentials":
            with self._lock:
                if self._token == refused:
                    self._ask_with_client(deadline)
            return
        self._renewed(refused, deadline)

    def _renewed(self, refused: str, deadline: Deadline) -> str:
        section = f"channels.{self._channel.name}"
        return tokens.renewed(
            self._channel.secrets, section, refused, lambda refresh: self._ask_with_refresh(refresh, deadline)
        )

    def _is_about_to_end(self, token: str) -> bool:
        ends = self._ends.get(token)
        return ends is not None and ends - EARLY <= self._channel.clock.now()

    def _ask_with_client(self, deadline: Deadline) -> None:
        self._token = self._ask({"grant_type": "client_credentials"}, deadline).access

    def _ask_with_refresh(self, refresh: str, deadline: Deadline) -> tokens.Tokens:
        return self._ask({"grant_type": "refresh_token", "refresh_token": refresh.strip()}, deadline)

    def _ask(self, form: dict[str, str], deadline: Deadline) -> tokens.Tokens:
        import httpx

        from pressroom.http_calls import HttpCalls

        auth = self._settings.auth
        if auth.scopes:
            form["scope"] = " ".join(auth.scopes)
        form |= auth.parameters
        headers = self._client(form)
        call = Call(
            service=self._settings.service_name,
            where=f"channel {self._channel.name}",
            doing="give an access token",
            secrets=secrets_of(self._channel) + self.secrets,
        )
        try:
            answer = HttpCalls().call(httpx.Request("POST", self.url, data=form, headers=headers), deadline)
        except CallFailed as failed:
            raise without_answer(call, failed) from None
        document = answer.document() or {}
        access, refresh = document.get("access_token"), document.get("refresh_token") or ""
        if answer.status not in (200, 201) or not _is_token(access) or not isinstance(refresh, str):
            raise self._refused(call, answer, document)
        self._remember(str(access), document.get("expires_in"))
        return tokens.Tokens(str(access), refresh.strip())

    def _client(self, form: dict[str, str]) -> dict[str, str]:
        """Put the client's id and secret where the service wants them; return the headers for it."""
        client_id = (self._channel.secret("client_id") or "").strip()
        secret = (self._channel.secret("client_secret") or "").strip()
        if secret and self._settings.auth.client_in == "header":
            pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
            return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        form["client_id"] = client_id
        if secret:
            form["client_secret"] = secret
        return {}

    def _remember(self, access: str, expires_in: Any) -> None:
        try:
            seconds = min(float(expires_in), 10 * 365 * 86_400)
        except (TypeError, ValueError):
            seconds = 0.0
        # One token is in use at a time; what is known of those before it is of no use to anybody.
        self._ends = {access: self._channel.clock.now() + timedelta(seconds=seconds)} if seconds > 0 else {}

    def _refused(self, call: Call, answer: Answer, document: dict[str, Any]) -> PressroomError:
        """Disconnect only on a refusal in OAuth's own words; whatever else came may pass."""
        error = document.get("error")
        if answer.status in (400, 401, 403) and isinstance(error, str) and _OVER.fullmatch(error):
            from pressroom.redaction import redact

            said = redact(str(document.get("error_description") or error), call.secrets).rstrip(".")
            is_client = "client" in error
            names = "client_id and client_secret" if is_client else "refresh_token, scopes and parameters"
            return AccountDisconnected(
                f"{call.service} gives {call.where} no access token: {said}.",
                where=call.where,
                todo=f"Look at its {names}, store what is new with `pressroom secrets set`, then resume the channel.",
                detail=excerpt(answer, call.secrets),
            )
        if answer.status == 429 or answer.status >= 500:
            return with_answer(call, answer, self._channel.clock.now())
        return Unavailable(
            f"{call.service} gave an answer ({answer.status}) without an access token.",
            where=call.where,
            todo="Is token_url right? It is tried again later.",
            detail=excerpt(answer, call.secrets),
        )


def _is_token(access: Any) -> bool:
    return isinstance(access, str) and re.fullmatch(r"[!-~]+", access) is not None


def connected(document: dict[str, Any]) -> Connected:
    """Make the answer of the token endpoint into what is stored when an account is connected in a browser."""
    access, refresh = document.get("access_token"), document.get("refresh_token")
    if not _is_token(access) or not _is_token(refresh):
        raise PostRejected(
            "The service gave no access token and refresh token.",
            todo="Ask for the scope that lets an app refresh its token, often offline_access, in auth.scopes.",
        )
    return Connected(secrets={"access_token": str(access), "refresh_token": str(refresh)})
