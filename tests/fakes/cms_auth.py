"""Who asks the fake CMS: every kind of credentials that an HTTP API may want, each checked to the letter."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.fakes.messages import Answer, Refused, Request, json_answer, parse_form

TOKEN_SECONDS = 3600
LONGEST_JWT_SECONDS = 300
KINDS = (
    "none",
    "bearer",
    "basic",
    "api_key_header",
    "api_key_query",
    "oauth2_client_credentials",
    "oauth2_refresh",
    "jwt_hs256",
    "hmac_sha256",
)


def refused(status: int, message: str, **more: Any) -> Refused:
    return Refused(json_answer(status, {"error": {"message": message}, **more}))


@dataclass
class Credentials:
    """What the one account of the CMS has."""

    token: str = "token-0815-of-the-cms"
    username: str = "editor"
    password: str = "correct horse battery staple"
    api_key: str = "key-4711-of-the-cms"
    client_id: str = "client-of-pressroom"
    client_secret: str = "client-secret-2718-of-pressroom"
    jwt_key: str = "65f1a2:00112233445566778899aabbccddeeff"
    audience: str = "/cms/"


@dataclass
class CmsDoorkeeper:
    kind: str
    credentials: Credentials = field(default_factory=Credentials)
    is_revoked: bool = False
    client_in: str = "header"
    access: dict[str, float] = field(default_factory=dict)
    """Each access token with its end."""
    refresh: set[str] = field(default_factory=set)
    """Those that are still good; each is good for one exchange."""

    def check(self, request: Request, now: float) -> None:
        """Raise 401 unless the request bears what this kind wants."""
        said = getattr(self, f"_check_{self.kind}")(request, now)
        if self.is_revoked and self.kind != "none":
            said = "The credentials were revoked."
        if said:
            raise refused(401, said)

    def issue(self, now: float) -> dict[str, Any]:
        """A new access token, and for the kind with a refresh token that too."""
        access = "access-" + secrets.token_urlsafe(16)
        self.access[access] = now + TOKEN_SECONDS
        document: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        if self.kind == "oauth2_refresh":
            document["refresh_token"] = "refresh-" + secrets.token_urlsafe(16)
            self.refresh.add(document["refresh_token"])
        return document

    def give_token(self, request: Request, now: float) -> Answer:
        """`POST /token`, after RFC 6749."""
        if request.content_type != "application/x-www-form-urlencoded":
            return _oauth_error("invalid_request", "The body must be a form.")
        form = parse_form(request)
        if self._client_of(request, form) != (self.credentials.client_id, self.credentials.client_secret):
            return _oauth_error("invalid_client", "Unknown client.", 401)
        if self.is_revoked:
            return _oauth_error("invalid_grant", "Access was revoked.")
        if self.kind == "oauth2_client_credentials":
            if form.get("grant_type") != "client_credentials":
                return _oauth_error("unsupported_grant_type", "Only client_credentials.")
        elif form.get("grant_type") != "refresh_token":
            return _oauth_error("unsupported_grant_type", "Only refresh_token.")
        elif form.get("refresh_token") not in self.refresh:
            return _oauth_error("invalid_grant", "The refresh token was used or never given.")
        else:
            self.refresh.discard(form["refresh_token"])
        return json_answer(200, self.issue(now))

    def _client_of(self, request: Request, form: dict[str, str]) -> tuple[str, str]:
        if self.client_in == "form":
            return form.get("client_id", ""), form.get("client_secret", "")
        name, _, password = _basic(request).partition(":")
        return unquote(name), unquote(password)

    def _check_none(self, request: Request, now: float) -> str:
        return "There must be no credentials." if "authorization" in request.headers else ""

    def _check_bearer(self, request: Request, now: float) -> str:
        return "" if _bearer(request) == self.credentials.token else "Unknown token."

    def _check_basic(self, request: Request, now: float) -> str:
        wanted = f"{self.credentials.username}:{self.credentials.password}"
        return "" if _basic(request) == wanted else "Unknown user."

    def _check_api_key_header(self, request: Request, now: float) -> str:
        return "" if request.headers.get("x-api-key") == self.credentials.api_key else "Unknown key."

    def _check_api_key_query(self, request: Request, now: float) -> str:
        return "" if request.query.get("api_key") == self.credentials.api_key else "Unknown key."

    def _check_oauth2_client_credentials(self, request: Request, now: float) -> str:
        return "" if self.access.get(_bearer(request), 0) > now else "The token has expired."

    _check_oauth2_refresh = _check_oauth2_client_credentials

    def _check_hmac_sha256(self, request: Request, now: float) -> str:
        digest = hmac.new(self.credentials.api_key.encode(), request.body, hashlib.sha256).hexdigest()
        return "" if request.headers.get("x-hub-signature-256") == f"sha256={digest}" else "Wrong signature."

    def _check_jwt_hs256(self, request: Request, now: float) -> str:
        return jwt_mistake(_bearer(request), self.credentials.jwt_key, self.credentials.audience, now)


def jwt_mistake(token: str, key: str, audience: str, now: float) -> str:
    """What is wrong with a token that must be signed by `id:hex secret`; empty for nothing."""
    key_id, _, secret = key.partition(":")
    try:
        head_text, claims_text, signature = token.split(".")
        head, claims = (json.loads(_unpadded(text)) for text in (head_text, claims_text))
    except ValueError:
        return "That is no token."
    digest = hmac.new(bytes.fromhex(secret), f"{head_text}.{claims_text}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(digest, _unpadded(signature)):
        return "Invalid token: invalid signature"
    if head != {"alg": "HS256", "typ": "JWT", "kid": key_id}:
        return "Invalid token: unknown kid"
    if claims.get("aud") != audience:
        return f"Invalid token: jwt audience invalid. expected: {audience}"
    if not claims["iat"] - 5 <= now < claims["exp"] <= claims["iat"] + LONGEST_JWT_SECONDS:
        return "Invalid token: maxAge exceeded"
    return ""


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


def _basic(request: Request) -> str:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        return base64.b64decode(encoded, validate=True).decode() if scheme == "Basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _oauth_error(error: str, description: str, status: int = 400) -> Answer:
    return json_answer(status, {"error": error, "error_description": description})
