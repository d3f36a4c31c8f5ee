"""Sessions: opened with a password, proved with tokens that end, renewed with tokens that are good for once."""

from __future__ import annotations

from typing import Any

from tests.fakes.bluesky_errors import invalid, refused
from tests.fakes.bluesky_state import Account, State, Token
from tests.fakes.messages import Answer, Request, json_answer

ACCESS = ("com.atproto.access", "com.atproto.appPass")
REFRESH = ("com.atproto.refresh",)


def identify(request: Request, state: State, now: float, scopes: tuple[str, ...] = ACCESS) -> tuple[Account, Token]:
    """The account whose token the request bears. A token that is over is a 400, a missing one a 401."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not text:
        raise refused(401, "AuthMissing", "Authentication Required")
    token = next((one for one in state.tokens if one.text == text), None)
    if token is None:
        raise invalid("Token could not be verified", "InvalidToken")
    if token.scope not in scopes:
        raise invalid("Bad token scope", "InvalidToken")
    if token.is_void:
        raise invalid("Token has been revoked", "ExpiredToken")
    if token.expires_at <= now:
        raise invalid("Token has expired", "ExpiredToken")
    account = next(one for one in state.accounts if one.did == token.did)
    return account, token


def create(document: dict[str, Any], state: State, now: float) -> Answer:
    """`com.atproto.server.createSession`"""
    name, password = document.get("identifier"), document.get("password")
    if not isinstance(name, str) or not isinstance(password, str) or document.keys() - {"identifier", "password"}:
        raise invalid("Input must have the properties identifier and password")
    account = state.account(name)
    if account is None or password not in (account.password, account.app_password):
        raise refused(401, "AuthenticationRequired", "Invalid identifier or password")
    if account.status == "takendown":
        raise refused(401, "AccountTakedown", "Account has been taken down")
    is_app = password == account.app_password
    if account.needs_code and not is_app:
        raise refused(401, "AuthFactorTokenRequired", "A sign in code has been sent to your email address")
    scope = "com.atproto.appPass" if is_app else "com.atproto.access"
    return _session(account, scope, state, now)


def renew(request: Request, state: State, now: float) -> Answer:
    """`com.atproto.server.refreshSession`: each refresh token is good for exactly one."""
    account, token = identify(request, state, now, REFRESH)
    if account.status == "takendown":
        raise refused(401, "AccountTakedown", "Account has been taken down")
    token.is_void = True
    return _session(account, "com.atproto.appPass", state, now)


def describe(account: Account) -> Answer:
    """`com.atproto.server.getSession`"""
    activity = {"active": False, "status": account.status} if account.status else {"active": True}
    return json_answer(200, {"did": account.did, "handle": account.handle, **activity})


def refuse_if_inactive(account: Account) -> None:
    """What may be read by an account that is switched off may not be written by it."""
    if account.status == "takendown":
        raise refused(401, "AccountTakedown", "Account has been taken down")
    if account.status:
        raise refused(401, "AccountDeactivated", "Account is deactivated")


def _session(account: Account, scope: str, state: State, now: float) -> Answer:
    access, refresh = state.issue(account, scope, now), state.issue(account, "com.atproto.refresh", now)
    document = {"accessJwt": access.text, "refreshJwt": refresh.text, "did": account.did, "handle": account.handle}
    return json_answer(200, document | {"active": not account.status})
