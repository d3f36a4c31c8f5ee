"""Who asks: OAuth 1.0a signatures recomputed from the request, OAuth 2 bearer tokens, how they are got and renewed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode

from tests.fakes.messages import Answer, Request, json_answer, parse_form
from tests.fakes.x_problems import forbidden, token_refused, unauthorized
from tests.fakes.x_state import ACCESS_TOKEN_SECONDS, ALL_SCOPES, Account, State, Token

TIMESTAMP_WINDOW_SECONDS = 300
CODE_SECONDS = 30  # docs.x.com OAuth 2.0, 2026-11-20
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass
class Code:
    """What the user's yes gives: good for one exchange, by the same app, with the verifier of its challenge."""

    text: str
    account_id: str
    client_id: str
    redirect_uri: str
    challenge: str
    scopes: tuple[str, ...]
    expires_at: float
    is_used: bool = False


class Doorkeeper:
    """Finds the account behind a request, or refuses it."""

    def __init__(self, *, refresh_voids_access_token: bool) -> None:
        self._refresh_voids_access_token = refresh_voids_access_token
        self._nonces: dict[tuple[str, str], float] = {}
        self._codes: list[Code] = []
        self.redirect_uris: list[str] = []
        """What the app has registered; any address while there is none."""
        self.user_says_no = False

    def identify(self, request: Request, state: State, now: float, scopes: tuple[str, ...]) -> Account:
        """The account whose credentials the request carries; 401 for bad ones, 403 for a missing scope."""
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        if scheme == "OAuth":
            account, granted = self._check_signature(request, rest, state), None
        elif scheme == "Bearer":
            token = _find(state.access_tokens, rest.strip())
            if token is None or token.is_void:
                raise unauthorized("the access token is unknown or was replaced")
            if token.expires_at is not None and token.expires_at <= now:
                raise unauthorized("the access token has expired")
            account, granted = _account_of(token, state), token.scopes
        else:
            raise unauthorized("there is no Authorization header with OAuth or Bearer")
        if account.is_revoked:
            raise unauthorized("the user has revoked the app")
        if granted is not None and not set(scopes) <= set(granted):
            raise forbidden("Forbidden")
        return account

    def authorize(self, request: Request, state: State, now: float) -> Answer:
        """`GET /i/oauth2/authorize`: the first user answers at once, and is sent back with a code or an error.

        An app or an address that X does not know is told to the user, who is sent nowhere.
        """
        query = request.query
        account = next((one for one in state.accounts if one.client_id == query.get("client_id")), None)
        back = query.get("redirect_uri", "")
        is_registered = back in self.redirect_uris if self.redirect_uris else bool(back)
        if account is None or not is_registered:
            return Answer(400, b"Something went wrong. You weren't able to give access to the App.")
        scopes = tuple(query.get("scope", "").split(" "))
        is_proof = query.get("code_challenge_method") == "S256" and _CHALLENGE.fullmatch(
            query.get("code_challenge", "")
        )
        if query.get("response_type") != "code" or not query.get("state") or not is_proof:
            return _sent_back(back, query, error="invalid_request")
        if not set(scopes) <= set(ALL_SCOPES):
            return _sent_back(back, query, error="invalid_scope")
        if self.user_says_no:
            return _sent_back(back, query, error="access_denied")
        code = Code(
            secrets.token_urlsafe(48),
            account.id,
            account.client_id,
            back,
            query["code_challenge"],
            scopes,
            now + CODE_SECONDS,
        )
        self._codes.append(code)
        return _sent_back(back, query, code=code.text)

    def give_tokens(self, request: Request, state: State, now: float) -> Answer:
        """`POST /2/oauth2/token`: for a code, or for a refresh token, each of which is good for one exchange."""
        if request.content_type != "application/x-www-form-urlencoded":
            raise token_refused("invalid_request", "The body must be form-encoded.")
        try:
            form = parse_form(request)
        except ValueError as error:
            raise token_refused("invalid_request", str(error)) from error
        if form.get("grant_type") not in ("refresh_token", "authorization_code"):
            raise token_refused("unsupported_grant_type", "Unsupported grant_type.")
        client_id = self._identify_client(request, form, state)
        if form["grant_type"] == "authorization_code":
            return self._trade_code(form, client_id, state, now)
        return self._refresh(form, client_id, state, now)

    def _trade_code(self, form: dict[str, str], client_id: str, state: State, now: float) -> Answer:
        code = next((one for one in self._codes if one.text == form.get("code")), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if code is None or code.is_used or code.expires_at <= now or code.client_id != client_id:
            raise token_refused("invalid_request", "Value passed for the authorization code was invalid.")
        if code.redirect_uri != form.get("redirect_uri"):
            raise token_refused(
                "invalid_request", "Value passed for the redirect uri did not match the uri of the code."
            )
        if code.challenge != proof:
            raise token_refused(
                "invalid_request", "Value passed for the code verifier did not match the code challenge."
            )
        code.is_used = True
        account = next(account for account in state.accounts if account.id == code.account_id)
        return _tokens(*state.issue_tokens(account, code.scopes, now))

    def _refresh(self, form: dict[str, str], client_id: str, state: State, now: float) -> Answer:
        token = _find(state.refresh_tokens, form.get("refresh_token", ""))
        if token is None or token.is_void:
            raise token_refused("invalid_request", "Value passed for the token was invalid.")
        account = _account_of(token, state)
        if account.is_revoked or account.client_id != client_id:
            raise token_refused("invalid_request", "Value passed for the token was invalid.")
        token.is_void = True
        if self._refresh_voids_access_token:
            for old in state.access_tokens:
                old.is_void = old.is_void or old.account_id == account.id
        return _tokens(*state.issue_tokens(account, token.scopes, now))

    def _identify_client(self, request: Request, form: dict[str, str], state: State) -> str:
        """The client id: by HTTP Basic if it has a secret, by the form if it has none."""
        missing = token_refused("unauthorized_client", "Missing valid authorization header", 401)
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            client_id = form.get("client_id", "")
            known = [account for account in state.accounts if account.client_id == client_id]
            if not known:
                raise token_refused("invalid_request", "Missing required parameter [client_id].")
            if known[0].client_secret is not None:
                raise missing
            return client_id
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise missing from error
        for account in state.accounts:
            if account.client_id == unquote(client_id) and account.client_secret == unquote(secret):
                return account.client_id
        raise missing

    def _check_signature(self, request: Request, header: str, state: State) -> Account:
        found = re.findall(r'([A-Za-z_]+)="([^"]*)"', header)
        values = {unquote(name): unquote(value) for name, value in found}
        needed = ("consumer_key", "token", "signature_method", "timestamp", "nonce", "signature")
        absent = [name for name in needed if not values.get(f"oauth_{name}")]
        if absent or len(values) != len(found):
            raise unauthorized(f"OAuth parameters are missing or repeated: {', '.join(absent)}")
        if values["oauth_signature_method"] != "HMAC-SHA1" or values.get("oauth_version", "1.0") != "1.0":
            raise unauthorized("only OAuth 1.0 with HMAC-SHA1 is taken")
        account = next((a for a in state.accounts if a.access_token == values["oauth_token"]), None)
        if account is None or account.api_key != values["oauth_consumer_key"]:
            raise unauthorized("the consumer key or the token is unknown")
        self._check_freshness(values, time.time())
        expected = _sign(request, values, account)
        if expected != values["oauth_signature"]:
            raise unauthorized("the signature does not match the request")
        self._nonces[values["oauth_nonce"], values["oauth_timestamp"]] = time.time()
        return account

    def _check_freshness(self, values: dict[str, str], now: float) -> None:
        """Signatures are made with the wall clock, so the fake's own clock has no say here."""
        stamp = values["oauth_timestamp"]
        if not stamp.isdigit() or abs(int(stamp) - now) > TIMESTAMP_WINDOW_SECONDS:
            raise unauthorized("the timestamp is out of bounds")
        if (values["oauth_nonce"], stamp) in self._nonces:
            raise unauthorized("the nonce was used before")
        oldest = now - 2 * TIMESTAMP_WINDOW_SECONDS
        self._nonces = {nonce: at for nonce, at in self._nonces.items() if at > oldest}


def _sign(request: Request, values: dict[str, str], account: Account) -> str:
    """RFC 5849 section 3.4: of the body only form fields are signed, never JSON or multipart."""
    pairs = [(name, value) for name, value in values.items() if name not in ("oauth_signature", "realm")]
    pairs += parse_qsl(request.query_string, keep_blank_values=True)
    if request.content_type == "application/x-www-form-urlencoded":
        pairs += parse_qsl(request.body.decode(), keep_blank_values=True)
    encoded = sorted((_escape(name), _escape(value)) for name, value in pairs)
    parameters = "&".join(f"{name}={value}" for name, value in encoded)
    url = f"http://{request.headers.get('host', '').lower().removesuffix(':80')}{request.path}"
    base = "&".join([request.method.upper(), _escape(url), _escape(parameters)])
    key = f"{_escape(account.api_secret)}&{_escape(account.access_token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def _escape(text: str) -> str:
    return quote(text, safe="-._~")


def _sent_back(redirect_uri: str, query: dict[str, str], **result: str) -> Answer:
    result |= {"state": query["state"]} if "state" in query else {}
    joint = "&" if "?" in redirect_uri else "?"
    return Answer(302, headers={"location": f"{redirect_uri}{joint}{urlencode(result)}"})


def _tokens(access: Token, refresh: Token) -> Answer:
    document = {
        "token_type": "bearer",
        "expires_in": ACCESS_TOKEN_SECONDS,
        "access_token": access.text,
        "scope": " ".join(access.scopes),
    }
    # Only whoever asked for it may stay signed in; docs.x.com OAuth 2.0, 2026-11-20
    return json_answer(200, document | ({"refresh_token": refresh.text} if "offline.access" in access.scopes else {}))


def _find(tokens: list[Token], text: str) -> Token | None:
    return next((token for token in tokens if token.text == text), None)


def _account_of(token: Token, state: State) -> Account:
    return next(account for account in state.accounts if account.id == token.account_id)
