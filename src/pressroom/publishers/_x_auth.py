"""The two ways to sign in to X: OAuth 1.0a signatures, and OAuth 2 tokens that are renewed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from pressroom import tokens
from pressroom.errors import AccountDisconnected, PressroomError, Unavailable
from pressroom.http_answers import Answer, CallFailed, Deadline
from pressroom.http_outcomes import Call, excerpt, with_answer, without_answer
from pressroom.publishers.base import Channel
from pressroom.secret_sets import lacking
from pressroom.signing import SignIn

if TYPE_CHECKING:
    import httpx

    from pressroom.http_calls import HttpCalls

OAUTH1 = ("api_key", "api_secret", "access_token", "access_token_secret")
OAUTH2 = ("client_id", "access_token", "refresh_token")
_ALLOWED = re.compile(r"[!-~]+")
_OAUTH_ERROR = re.compile(r"invalid_\w+|unauthorized_client|unsupported_grant_type|access_denied")


def sign_in(channel: Channel, calls: HttpCalls, base_url: str) -> SignIn:
    """Return the way for which the channel has all secrets; raises `AccountDisconnected` if for none."""
    found = {name: value.strip() for name in {*OAUTH1, *OAUTH2} if (value := channel.secret(name))}
    for name, value in found.items():
        if not _ALLOWED.fullmatch(value):
            raise AccountDisconnected(
                f"The secret channels.{channel.name}.{name} has a blank or a character that none of X's has.",
                where=f"channel {channel.name}",
                todo=f"Copy it again: `pressroom secrets set channels.{channel.name}.{name}`.",
            )
    if found.keys() >= set(OAUTH1):
        return OAuth1(*(found[name] for name in OAUTH1))
    if found.keys() >= set(OAUTH2):
        return OAuth2(channel, calls, base_url)
    raise AccountDisconnected(
        f"The channel {channel.name} has no complete set of credentials for X: {missing(found, channel.name)}.",
        where=f"channel {channel.name}",
        todo="Store what is missing of one way to sign in with `pressroom secrets set NAME`.",
    )


def missing(found: dict[str, str], name: str) -> str:
    """Say which secrets are missing for the way to sign in that was begun, or for both."""
    ways = lacking((OAUTH1, OAUTH2), found.__contains__)
    return ", or else ".join(", ".join(f"channels.{name}.{key}" for key in way) + " missing" for way in ways)


@dataclass(frozen=True)
class OAuth1:
    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)
    can_renew = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.api_key, self.api_secret, self.access_token, self.access_token_secret)

    def sign(self, request: httpx.Request) -> str:
        """Sign method, address and query; JSON and multipart bodies are not part of it (RFC 5849, 3.4.1.3.1).

        Made of oauthlib's parts, since its `Client.sign` writes the token to the debug log.
        """
        from oauthlib.common import generate_nonce, generate_timestamp
        from oauthlib.oauth1.rfc5849 import signature

        values = {
            "oauth_consumer_key": self.api_key,
            "oauth_nonce": generate_nonce(),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": generate_timestamp(),
            "oauth_token": self.access_token,
            "oauth_version": "1.0",
        }
        parameters = [*values.items(), *request.url.params.multi_items()]
        base = signature.signature_base_string(
            request.method,
            signature.base_string_uri(str(request.url)),
            signature.normalize_parameters(parameters),
        )
        signed = signature.sign_hmac_sha1_with_client(base, _Keys(self.api_secret, self.access_token_secret))
        pairs = (
            f'{name}="{quote(value, safe="-._~")}"' for name, value in {**values, "oauth_signature": signed}.items()
        )
        request.headers["authorization"] = "OAuth " + ", ".join(pairs)
        return self.access_token

    def renew(self, refused: str, deadline: Deadline) -> None:
        """Such a token has no end and cannot be renewed."""
        raise AccountDisconnected("An OAuth 1.0a token cannot be renewed.")


@dataclass(frozen=True)
class _Keys:
    """What oauthlib asks of its client for a signature."""

    client_secret: str = field(repr=False)
    resource_owner_secret: str = field(repr=False)


@dataclass(frozen=True)
class OAuth2:
    channel: Channel = field(repr=False)
    calls: HttpCalls = field(repr=False)
    base_url: str
    can_renew = True

    @property
    def secrets(self) -> tuple[str, ...]:
        names = ("client_secret", "access_token", "refresh_token")
        return tuple(value.strip() for name in names if (value := self.channel.secret(name)))

    def sign(self, request: httpx.Request) -> str:
        token = self.channel.secret("access_token") or ""
        request.headers["authorization"] = f"Bearer {token.strip()}"
        return token

    def renew(self, refused: str, deadline: Deadline) -> None:
        section = f"channels.{self.channel.name}"
        tokens.renewed(self.channel.secrets, section, refused, lambda refresh: self._exchange(refresh, deadline))

    def _exchange(self, refresh: str, deadline: Deadline) -> tokens.Tokens:
        import httpx

        client_id, secret = self.channel.secret("client_id") or "", self.channel.secret("client_secret")
        form = {"grant_type": "refresh_token", "refresh_token": refresh.strip()}
        headers = {}
        if secret:
            pair = f"{quote(client_id.strip(), safe='')}:{quote(secret.strip(), safe='')}"
            headers["authorization"] = "Basic " + _base64(pair)
        else:
            form["client_id"] = client_id.strip()
        request = httpx.Request("POST", f"{self.base_url}/2/oauth2/token", data=form, headers=headers)
        call = Call(
            service="X",
            where=f"channel {self.channel.name}",
            doing="renew the access token",
            secrets=(*self.secrets, refresh),
        )
        try:
            answer = self.calls.call(request, deadline)
        except CallFailed as failed:
            raise without_answer(call, failed) from None
        document = answer.document() or {}
        access, new_refresh = document.get("access_token"), document.get("refresh_token", "")
        if answer.status == 200 and isinstance(access, str) and access.strip() and isinstance(new_refresh, str):
            return tokens.Tokens(access.strip(), new_refresh.strip())
        raise self._refused(call, answer, document)

    def _refused(self, call: Call, answer: Answer, document: dict[str, object]) -> PressroomError:
        """Disconnect only on X's own refusal in OAuth's words; whatever else came may pass."""
        error, where = document.get("error"), call.where
        if answer.status in (400, 401) and isinstance(error, str) and _OAUTH_ERROR.fullmatch(error):
            said = document.get("error_description") or error
            is_client = error in ("invalid_client", "unauthorized_client")
            keys = "client_id and client_secret" if is_client else "access_token and refresh_token"
            return AccountDisconnected(
                f"X no longer lets the channel renew its access token: {str(said).rstrip('.')}.",
                where=where,
                todo=f"Connect the account again and store its {keys} with `pressroom secrets set`.",
                detail=excerpt(answer, call.secrets),
            )
        if answer.status == 429 or answer.status >= 500:
            return with_answer(call, answer, self.channel.clock.now())
        return Unavailable(
            f"X gave an answer ({answer.status}) that cannot be read when asked to renew the access token.",
            where=where,
            todo="It is tried again later.",
            detail=excerpt(answer, call.secrets),
        )


def _base64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()
