"""How calls to Lightroom are signed in: the key of the app, and a bearer token that Adobe's IMS renews."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pressroom import tokens
from pressroom.errors import AccountDisconnected, PressroomError, Unavailable
from pressroom.http_answers import Answer, CallFailed, Deadline
from pressroom.http_outcomes import Call, excerpt, with_answer, without_answer
from pressroom.signing import Bearer
from pressroom.sources.base import Setup

if TYPE_CHECKING:
    import httpx

IMS_TOKEN_URL = "https://ims-na1.adobelogin.com/ims/token/v3"  # developer.adobe.com, IMS API reference, 2026-11-20
_OAUTH_ERROR = re.compile(r"invalid_\w+|unauthorized_client|unsupported_grant_type|access_denied|ride_\w+")
"""`ride_…` is IMS's own: the user must sign in again to accept terms or to change a password."""


def token_url(base_url: str, chosen: str) -> str:
    """Return where tokens are renewed: at Adobe for Adobe, at a compatible server for that server."""
    if chosen:
        return chosen
    host = urlsplit(base_url).hostname or ""
    if host == "adobe.io" or host.endswith(".adobe.io"):
        return IMS_TOKEN_URL
    return base_url.rstrip("/") + "/ims/token/v3"


@dataclass(frozen=True)
class KeyAndBearer(Bearer):
    """A bearer token beside the key of the app, which Adobe wants in every call."""

    def sign(self, request: httpx.Request) -> str:
        key = self.stored.get(f"{self.section}.client_id")
        if not key or not key.strip():
            raise AccountDisconnected(
                f"There is no {self.section}.client_id, the API key of your app at Adobe.",
                where=self.section,
                todo=f"Store it with `pressroom secrets set {self.section}.client_id`.",
            )
        for name, value in (("client_id", key), (self.name, self.stored.get(f"{self.section}.{self.name}") or "")):
            if not (value.strip().isascii() and value.strip().isprintable()):
                raise AccountDisconnected(
                    f"The secret {self.section}.{name} has a character that none of Adobe's has.",
                    where=self.section,
                    todo=f"Copy it again: `pressroom secrets set {self.section}.{name}`.",
                )
        token = super().sign(request)
        request.headers["x-api-key"] = key.strip()
        return token


def sign_in(setup: Setup) -> KeyAndBearer:
    section = f"sources.{setup.name}"
    return KeyAndBearer(setup.secrets, section, exchange=_exchange(setup), also_secret=("client_id",))


def _exchange(setup: Setup) -> Callable[[str, Deadline], tokens.Tokens]:
    def exchange(refresh: str, deadline: Deadline) -> tokens.Tokens:
        """Ask IMS for new tokens; the refresh token is good for this once."""
        import httpx

        from pressroom.http_calls import HttpCalls

        client_id, secret = (setup.secret(name) or "" for name in ("client_id", "client_secret"))
        form = {"grant_type": "refresh_token", "refresh_token": refresh.strip(), "client_id": client_id.strip()}
        if secret.strip():
            form["client_secret"] = secret.strip()
        url = token_url(setup.settings.base_url, setup.settings.token_url)
        call = Call(
            service="Adobe",
            where=f"source {setup.name}",
            doing="renew the access token",
            secrets=tuple(filter(None, (refresh.strip(), client_id.strip(), secret.strip()))),
        )
        try:
            answer = HttpCalls().call(httpx.Request("POST", url, data=form), deadline)
        except CallFailed as failed:
            raise without_answer(call, failed) from None
        document = answer.document() or {}
        access, new_refresh = document.get("access_token"), document.get("refresh_token") or ""
        if answer.status == 200 and isinstance(access, str) and access.strip() and isinstance(new_refresh, str):
            return tokens.Tokens(access.strip(), new_refresh.strip())
        raise _refused(setup, call, answer, document)

    return exchange


def _refused(setup: Setup, call: Call, answer: Answer, document: dict[str, object]) -> PressroomError:
    """Disconnect only on IMS's own refusal in OAuth's words; whatever else came may pass."""
    error = document.get("error")
    detail = excerpt(answer, call.secrets)
    if answer.status in (400, 401, 403) and isinstance(error, str) and _OAUTH_ERROR.fullmatch(error):
        is_client = error in ("invalid_client", "unauthorized_client")
        keys = "client_id and client_secret" if is_client else "access_token and refresh_token"
        return AccountDisconnected(
            f"Adobe no longer lets {call.where} renew its access token ({error}).",
            where=call.where,
            todo=f"Connect the account again and store its {keys} with `pressroom secrets set sources.{setup.name}.…`.",
            detail=detail,
        )
    if answer.status == 429 or answer.status >= 500:
        return with_answer(call, answer, setup.clock.now())
    return Unavailable(
        f"Adobe gave an answer ({answer.status}) that cannot be read when asked to renew the access token.",
        where=call.where,
        todo="It is tried again later.",
        detail=detail,
    )
