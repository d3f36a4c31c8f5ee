"""The ways to sign in: where the credentials go, and which secrets each kind needs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pressroom.errors import AccountDisconnected
from pressroom.http_answers import Deadline
from pressroom.publishers._rest_settings import Auth
from pressroom.publishers.base import Channel

if TYPE_CHECKING:
    import httpx

    from pressroom.publishers._rest_oauth import Tokens

NEEDS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "bearer": ("token",),
    "basic": ("username", "password"),
    "api_key_header": ("api_key",),
    "api_key_query": ("api_key",),
    "oauth2_client_credentials": ("client_id", "client_secret"),
    "oauth2_refresh": ("client_id", "refresh_token"),
    "jwt_hs256": ("api_key",),
    "hmac_sha256": ("api_key",),
}
"""The secrets of each kind; `client_secret` besides for oauth2_refresh, where the service gave one."""
SECRET = ("token", "password", "api_key", "client_secret", "access_token", "refresh_token")
"""What must not be in an error, a log or a dry run."""
_PREFIXES = {"basic": "Basic", "api_key_header": "", "hmac_sha256": "sha256="}
_HEADERS = {"api_key_header": "X-API-Key", "hmac_sha256": "X-Hub-Signature-256"}
_IN_A_HEADER = re.compile(r"[!-~]([ -~]*[!-~])?")


def placed(auth: Auth, credential: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the headers and the parameters of the address that bear a credential."""
    if auth.kind == "none":
        return {}, {}
    if auth.kind == "api_key_query":
        return {}, {auth.parameter: credential}
    prefix = _PREFIXES.get(auth.kind, "Bearer") if auth.prefix is None else auth.prefix
    before = f"{prefix} " if prefix and not prefix.endswith(("=", ":", " ")) else prefix
    return {(auth.header or _HEADERS.get(auth.kind, "Authorization")).lower(): before + credential}, {}


def renews(auth: Auth) -> bool:
    """Say whether a credential that is refused can be replaced by another one."""
    return auth.kind.startswith("oauth2_")


@dataclass(frozen=True)
class Way:
    """Signs the requests of one call."""

    channel: Channel = field(repr=False)
    auth: Auth
    tokens: Tokens = field(repr=False)
    deadline: Deadline = field(repr=False)

    @property
    def can_renew(self) -> bool:
        return renews(self.auth)

    @property
    def secrets(self) -> tuple[str, ...]:
        return secrets_of(self.channel) + self.tokens.secrets

    def sign(self, request: httpx.Request) -> str:
        credential = self._credential(request)
        headers, parameters = placed(self.auth, credential)
        for name, value in headers.items():
            if not _IN_A_HEADER.fullmatch(value):
                raise self._missing("holds a character that no header takes")
            request.headers[name] = value
        if parameters:
            request.url = request.url.copy_merge_params(parameters)
        return credential

    def renew(self, refused: str, deadline: Deadline) -> None:
        self.tokens.renew(refused, deadline)

    def _credential(self, request: httpx.Request) -> str:
        match self.auth.kind:
            case "none":
                return ""
            case "bearer":
                return self._secret("token")
            case "basic":
                return _base64(f"{self._secret('username')}:{self._secret('password')}".encode())
            case "api_key_header" | "api_key_query":
                return self._secret("api_key")
            case "jwt_hs256":
                return self._token_made_here()
            case "hmac_sha256":
                return hmac.new(self._key(self._secret("api_key"), "text"), request.read(), hashlib.sha256).hexdigest()
        return self.tokens.current(self.deadline)

    def _token_made_here(self) -> str:
        """Return a JSON Web Token (RFC 7519), signed with the part of api_key after its colon."""
        key_id, colon, signing = self._secret("api_key").partition(":")
        if not colon:
            key_id, signing = "", key_id
        key_id = self.auth.key_id or key_id
        now = int(self.channel.clock.now().timestamp())
        head: dict[str, Any] = {"alg": "HS256", "typ": "JWT"} | ({"kid": key_id} if key_id else {})
        claims: dict[str, Any] = {"iat": now, "exp": now + self.auth.lifetime_seconds}
        claims |= {"aud": self.auth.audience} if self.auth.audience else {}
        claims |= {"iss": self.auth.issuer} if self.auth.issuer else {}
        body = ".".join(_base64_url(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
        signature = hmac.new(self._key(signing, "hex"), body.encode(), hashlib.sha256).digest()
        return f"{body}.{_base64_url(signature)}"

    def _key(self, text: str, usual: str) -> bytes:
        written = self.auth.key_is or usual
        try:
            if written == "hex":
                return bytes.fromhex(text)
            return base64.b64decode(text, validate=True) if written == "base64" else text.encode()
        except ValueError:
            raise self._missing(f"is not written as {written}, which key_is says") from None

    def _secret(self, name: str) -> str:
        value = (self.channel.secret(name) or "").strip()
        if not value:
            full = f"channels.{self.channel.name}.{name}"
            raise AccountDisconnected(
                f"The secret {full} is not set.",
                where=f"channel {self.channel.name}",
                todo=f"Store it with `pressroom secrets set {full}`, then resume the channel.",
            )
        return value

    def _missing(self, why: str) -> AccountDisconnected:
        names = " or ".join(f"channels.{self.channel.name}.{name}" for name in NEEDS[self.auth.kind])
        return AccountDisconnected(
            f"The secret {names} {why}.",
            where=f"channel {self.channel.name}",
            todo="Copy it again with `pressroom secrets set NAME`, then resume the channel.",
        )


@dataclass(frozen=True)
class Unsigned:
    """For an address that is not the service's own: it gets no credentials, and errors still hold none."""

    channel: Channel = field(repr=False)
    can_renew = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return secrets_of(self.channel)

    def sign(self, request: httpx.Request) -> str:
        return ""

    def renew(self, refused: str, deadline: Deadline) -> None:
        raise AccountDisconnected("There are no credentials to renew.")


def secrets_of(channel: Channel) -> tuple[str, ...]:
    """Return the values of the channel's secrets, and the parts of a key that is written `id:secret`."""
    found = [value.strip() for name in SECRET if (value := channel.secret(name))]
    parts = [part for value in found if ":" in value for part in value.split(":", 1) if len(part) >= 8]
    return tuple(dict.fromkeys([*found, *parts]))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _base64_url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
