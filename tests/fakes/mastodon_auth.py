"""Who asks: bearer tokens with their scopes, and the authorization code flow that gives them."""

from __future__ import annotations

import base64
import hashlib
import secrets
from urllib.parse import urlencode

from tests.fakes.mastodon_errors import refused
from tests.fakes.mastodon_state import ALL_SCOPES, Account, Code, State
from tests.fakes.messages import Answer, Refused, Request, json_answer, parse_form

CLIENT_ID, CLIENT_SECRET = "client-id-of-pressroom", "client-secret-of-pressroom"


def identify(request: Request, state: State, scope: str) -> Account:
    """The account whose token the request bears; 401 without one, 403 without the scope."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    token = next((one for one in state.tokens if scheme == "Bearer" and one.text == text), None)
    if token is None:
        raise refused(401, "The access token is invalid")
    if token.is_revoked:
        raise refused(401, "The access token was revoked")
    if scope not in token.scopes and scope.partition(":")[0] not in token.scopes:
        raise refused(403, "This action is outside the authorized scopes")
    account = state.account(token.account_id)
    if account.trouble:
        raise refused(403, account.trouble)
    return account


def authorize(request: Request, state: State) -> Answer:
    """`GET /oauth/authorize`: the first user says yes at once, and is sent back with a code."""
    query = request.query
    if query.get("client_id") != CLIENT_ID or query.get("response_type") != "code" or "redirect_uri" not in query:
        raise refused(401, "Client authentication failed due to unknown client")
    scopes = tuple(query.get("scope", "read").split())
    if not set(scopes) <= {*ALL_SCOPES, "read", "write"}:
        raise refused(400, "The requested scope is invalid, unknown, or malformed.")
    code = Code(
        secrets.token_urlsafe(16),
        state.accounts[0].id,
        scopes,
        query["redirect_uri"],
        query.get("code_challenge", ""),
    )
    state.codes.append(code)
    back = {"code": code.text} | ({"state": query["state"]} if "state" in query else {})
    return Answer(302, headers={"location": f"{code.redirect_uri}?{urlencode(back)}"})


def exchange(request: Request, state: State, now: float) -> Answer:
    """`POST /oauth/token`: each code is good for one token."""
    form = parse_form(request)
    if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
        raise _refused("invalid_client", "Client authentication failed due to unknown client.", 401)
    if form.get("grant_type") != "authorization_code":
        raise _refused("unsupported_grant_type", "The authorization grant type is not supported.")
    code = next((one for one in state.codes if one.text == form.get("code")), None)
    verifier = form.get("code_verifier", "")
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    is_proved = code is not None and (not code.challenge or code.challenge == hashed)
    if code is None or code.is_used or code.redirect_uri != form.get("redirect_uri") or not is_proved:
        raise _refused("invalid_grant", "The provided authorization grant is invalid, expired, or revoked.")
    code.is_used = True
    token = state.issue(code.account_id, code.scopes)
    document = {"access_token": token.text, "token_type": "Bearer", "scope": " ".join(code.scopes)}
    return json_answer(200, document | {"created_at": int(now)})


def _refused(error: str, description: str, status: int = 400) -> Refused:
    return Refused(json_answer(status, {"error": error, "error_description": description}))
