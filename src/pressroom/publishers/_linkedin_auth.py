"""How a channel signs in to LinkedIn: a bearer token for sixty days; approved partners can renew it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pressroom.errors import AccountDisconnected, PressroomError, Unavailable
from pressroom.http_answers import Answer, CallFailed, Deadline
from pressroom.http_outcomes import Call, excerpt, with_answer, without_answer
from pressroom.oauth import Connected, OAuth
from pressroom.publishers.base import Channel
from pressroom.signing import Bearer
from pressroom.tokens import Tokens

if TYPE_CHECKING:
    import httpx

    from pressroom.http_calls import HttpCalls

MEMBER_SCOPES = ("openid", "profile", "w_member_social")
ORGANIZATION_SCOPES = ("w_organization_social", "r_organization_social", "rw_organization_admin")
_LINKEDIN = re.compile(r"(?:.+\.)?linkedin\.com")
_OAUTH_ERROR = re.compile(r"invalid_\w+|unauthorized_client|access_denied|unsupported_grant_type")


@dataclass(frozen=True)
class VersionedBearer(Bearer):
    """Names the version of the API with each request, and gives the token to LinkedIn's own hosts alone.

    Pictures go to an address that LinkedIn chooses.
    """

    base_url: str = ""
    version: str = ""

    def sign(self, request: httpx.Request) -> str:
        token = super().sign(request)
        if not self._is_linkedins(request.url):
            del request.headers["authorization"]
        request.headers["linkedin-version"] = self.version
        request.headers["x-restli-protocol-version"] = "2.0.0"
        return token

    def _is_linkedins(self, url: httpx.URL) -> bool:
        own = urlsplit(self.base_url)
        if (url.scheme, url.netloc.decode()) == (own.scheme, own.netloc):
            return True
        return url.scheme == "https" and _LINKEDIN.fullmatch(url.host) is not None


@dataclass(frozen=True)
class Renewal:
    """Exchanges a refresh token, which only approved partners have, for a new access token."""

    channel: Channel = field(repr=False)
    calls: HttpCalls = field(repr=False)
    token_url: str

    @property
    def is_possible(self) -> bool:
        return all(self.channel.secret(name) for name in ("refresh_token", "client_id", "client_secret"))

    def __call__(self, refresh: str, deadline: Deadline) -> Tokens:
        import httpx

        client_id, secret = (self.channel.secret(name) or "" for name in ("client_id", "client_secret"))
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh.strip(),
            "client_id": client_id.strip(),
            "client_secret": secret.strip(),
        }
        call = Call(
            service="LinkedIn",
            where=f"channel {self.channel.name}",
            doing="renew the access token",
            secrets=(refresh.strip(), secret.strip()),
        )
        try:
            answer = self.calls.call(httpx.Request("POST", self.token_url, data=form), deadline)
        except CallFailed as failed:
            raise without_answer(call, failed) from None
        document = answer.document() or {}
        access, again = document.get("access_token"), document.get("refresh_token") or ""
        if answer.status == 200 and isinstance(access, str) and access.strip() and isinstance(again, str):
            return Tokens(access.strip(), again.strip())
        raise self._refused(call, answer, document)

    def _refused(self, call: Call, answer: Answer, document: dict[str, object]) -> PressroomError:
        """Disconnect only on LinkedIn's own refusal in OAuth's words; whatever else came may pass."""
        error, detail = document.get("error"), excerpt(answer, call.secrets)
        if answer.status in (400, 401) and isinstance(error, str) and _OAUTH_ERROR.fullmatch(error):
            said = str(document.get("error_description") or error).rstrip(".")
            what = f"LinkedIn no longer renews the access token of {call.where}: {said}."
            return call.error(AccountDisconnected, what, reconnect(self.channel.name), detail)
        if answer.status == 429 or answer.status >= 500:
            return with_answer(call, answer, self.channel.clock.now())
        what = f"LinkedIn gave an answer ({answer.status}) that cannot be read when asked to renew the access token."
        return call.error(Unavailable, what, "It is tried again later.", detail)


def reconnect(channel: str) -> str:
    return f"Connect the account again (`pressroom channels connect {channel}`), then resume the channel."


def oauth(channel: Channel, author: str, base_url: str, oauth_url: str, client: tuple[str, str]) -> OAuth:
    """Return how an account is connected: an organisation's if that is the author, else a member's."""
    is_organization = author.startswith("urn:li:organization:")

    def finish(document: dict[str, Any]) -> Connected:
        now, access = channel.clock.now(), str(document.get("access_token") or "")
        if not access:
            raise Unavailable("LinkedIn gave no access token.", todo="Connect the account once more.")
        secrets = {"access_token": access}
        expires_at = _after(now, document.get("expires_in"))
        if expires_at:
            secrets["access_token_expires_at"] = expires_at.isoformat()
        if document.get("refresh_token"):
            secrets["refresh_token"] = str(document["refresh_token"])
            if until := _after(now, document.get("refresh_token_expires_in")):
                secrets["refresh_token_expires_at"] = until.isoformat()
        if is_organization:
            return Connected(secrets=secrets, account=author, expires_at=expires_at)
        member = _whose(channel, base_url, access)
        return Connected(
            secrets=secrets,
            account=str(member.get("name") or member["sub"]),
            expires_at=expires_at,
            settings={"author": f"urn:li:person:{member['sub']}"},
        )

    return OAuth(
        authorize_url=f"{oauth_url}/authorization",
        token_url=f"{oauth_url}/accessToken",
        client_id=client[0],
        client_secret=client[1],
        scopes=ORGANIZATION_SCOPES if is_organization else MEMBER_SCOPES,
        uses_pkce=False,
        finish=finish,
    )


def _whose(channel: Channel, base_url: str, token: str) -> dict[str, Any]:
    """Return the member whose token it is, before it is stored."""
    import httpx

    from pressroom.http_calls import HttpCalls

    where = f"channel {channel.name}"
    call = Call(service="LinkedIn", where=where, doing="say whose account it is", secrets=(token,))
    request = httpx.Request("GET", f"{base_url}/v2/userinfo", headers={"authorization": f"Bearer {token}"})
    try:
        answer = HttpCalls().call(request, Deadline(timedelta(seconds=channel.settings.timeout_seconds)))
    except CallFailed as failed:
        raise without_answer(call, failed) from None
    if answer.status != 200:
        raise with_answer(call, answer, channel.clock.now())
    member = answer.document() or {}
    if not member.get("sub"):
        raise call.error(Unavailable, "LinkedIn did not say whose account it is.", "Connect it once more.")
    return member


def _after(now: datetime, seconds: object) -> datetime | None:
    return now + timedelta(seconds=int(seconds)) if isinstance(seconds, int | float) and seconds > 0 else None
