"""Whom the fake Lightroom lets in: the key of the app, bearer tokens, and their renewal at IMS."""

from __future__ import annotations

from tests.fakes.lightroom_answers import invalid_key, token_refused, unauthorized
from tests.fakes.lightroom_state import ACCESS_TOKEN_SECONDS, State
from tests.fakes.messages import Answer, Request, json_answer, parse_form

CLIENT_ID = "client-id-of-pressroom"


def check_key(request: Request) -> None:
    if request.headers.get("x-api-key") != CLIENT_ID:
        raise invalid_key()


def check_token(request: Request, state: State, now: float) -> None:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    token = state.access_tokens.get(text)
    if scheme != "Bearer" or token is None or state.is_revoked:
        raise unauthorized()
    if token.expires_at is not None and token.expires_at <= now:
        raise unauthorized()


def renew(request: Request, state: State, now: float, client_secret: str) -> Answer:
    """`POST /ims/token/v3`: each refresh token is good for exactly one exchange."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise token_refused("invalid_request", "the body must be form-encoded")
    try:
        form = parse_form(request)
    except ValueError as error:
        raise token_refused("invalid_request", str(error)) from error
    if form.get("grant_type") != "refresh_token":
        raise token_refused("unsupported_grant_type")
    if form.get("client_id") != CLIENT_ID or form.get("client_secret", "") != client_secret:
        raise token_refused("invalid_client", "invalid client_id or client_secret", 401)
    token = state.refresh_tokens.get(form.get("refresh_token", ""))
    if token is None or token.is_used or state.is_revoked:
        raise token_refused("invalid_grant", "the refresh token is not valid")
    token.is_used = True
    access, refresh = state.issue_tokens(now)
    document = {
        "access_token": access.text,
        "refresh_token": refresh.text,
        "token_type": "bearer",
        "expires_in": ACCESS_TOKEN_SECONDS - 1,
    }
    return json_answer(200, document)
