"""What Facebook, Instagram and Threads have in common as local servers: versions, tokens, scopes, usage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Request
from tests.fakes.meta_errors import (
    graph_error,
    missing_right,
    scripted_refusal,
    token_error,
    usage_headers,
)
from tests.fakes.meta_state import DAY_SECONDS, LONG_LIFE_SECONDS, Account, Token, new_token
from tests.fakes.server import FakeServer


class FakeMeta(FakeServer):
    """A subclass names its versions and what each route asks for, and carries requests out."""

    versions: ClassVar[tuple[str, ...]]
    old_versions: ClassVar[tuple[str, ...]] = ()
    routes: ClassVar[Mapping[str, tuple[str, ...]]]
    """Patterns of method and path without the version, and the scopes that each needs."""
    open_routes: ClassVar[frozenset[str]] = frozenset()
    """Those that look at the token themselves, with or without a version before them."""

    def __init__(self, *, port: int = 0, state_file: Path | None = None, shut_out_minutes: int = 7) -> None:
        super().__init__(port=port, state_file=state_file)
        self.shut_out_minutes = shut_out_minutes
        self.usage_percent = 1
        self.accounts: list[Account] = []
        self.tokens: list[Token] = []
        self._last_id = 17_000_000_000_000

    @property
    def account(self) -> Account:
        """The first account."""
        return self.accounts[0]

    @property
    def access_token(self) -> str:
        """A token of the first account that is good."""
        return next(token.text for token in self.tokens if token.account_id == self.account.id and not token.is_void)

    def connect(
        self,
        account: Account,
        life_seconds: float | None = LONG_LIFE_SECONDS,
        scopes: tuple[str, ...] | None = None,
        age_seconds: float = DAY_SECONDS,
    ) -> Token:
        """A further token of an account."""
        with self.lock:
            token = new_token(account, self.now() - age_seconds, life_seconds, scopes)
            self.tokens.append(token)
            self.mark_changed()
            return token

    def revoke(self) -> None:
        """The user takes the app's rights away: every token is void."""
        with self.lock:
            for token in self.tokens:
                token.is_void = True

    def carry_out(self, route: str, parts: list[str], request: Request, account: Account) -> Answer:
        """Carry out a request to one of `routes`; `parts` are its path without the version."""
        raise NotImplementedError

    def carry_out_open(self, route: str, request: Request) -> Answer:
        """Carry out a request to one of `open_routes`."""
        raise NotImplementedError

    def answer(self, request: Request) -> Answer:
        version, path = _split(request.path)
        name = f"{request.method} {path}"
        if name in self.open_routes:
            return self.carry_out_open(name, request)
        if version in self.old_versions:
            newest = self.versions[-1]
            message = f"(#2635) You are calling a deprecated version of the API. Please update to {newest}."
            raise graph_error(message, 2635)
        if version not in self.versions:
            raise graph_error(f"Unknown path components: {request.path}", 2500)
        route = next((route for route in self.routes if _matches(route, name)), None)
        if route is None:
            raise graph_error(f"Unsupported {request.method.lower()} request.", 100, 33, kind="GraphMethodException")
        account = self.identify(request, self.routes[route])
        answer = self.carry_out(route, path.strip("/").split("/"), request, account)
        return answer.with_headers(usage_headers(account.id, self.usage_percent, 0))

    def identify(self, request: Request, scopes: tuple[str, ...]) -> Account:
        """Whose token it is; refused if it is not good, or not for this."""
        token = self.token_of(request)
        for scope in scopes:
            if scope not in token.scopes:
                raise missing_right(scope)
        return next(account for account in self.accounts if account.id == token.account_id)

    def token_of(self, request: Request) -> Token:
        text = request.headers.get("authorization", "").removeprefix("Bearer ") or request.query.get("access_token", "")
        if not text:
            raise graph_error("An access token is required to request this resource.", 104, status=401)
        token = next((token for token in self.tokens if token.text == text), None)
        if token is None:
            raise graph_error("Invalid OAuth access token - Cannot parse access token", 190, status=400)
        if token.is_void:
            raise token_error("The user has not authorized the application.", 458)
        if token.expires_at is not None and token.expires_at <= self.now():
            raise token_error("Session has expired.", 463)
        return token

    def new_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    def refusal(self, fault: Fault, request: Request) -> Answer:
        return scripted_refusal(fault, self.account.id, self.shut_out_minutes)

    def reset(self) -> None:
        with self.lock:
            self.begin()
            super().reset()

    def begin(self) -> None:
        """Start anew, with one account and its token."""
        raise NotImplementedError


def _split(path: str) -> tuple[str, str]:
    match = re.fullmatch(r"/(v\d+\.\d+)(/.*)?", path)
    return (match[1], match[2] or "/") if match else ("", path)


def _matches(route: str, name: str) -> bool:
    pattern = re.escape(route).replace(r"\{id\}", r"\d+(?:_\d+)?").replace(r"\{account\}", r"(?:\d+|me)")
    return re.fullmatch(pattern, name) is not None


def own(parts: list[str], account: Account) -> bool:
    """Whether the first part of a path names the token's own account."""
    return parts[0] in ("me", account.id)


def dump_accounts(fake: FakeMeta) -> dict[str, Any]:
    return {"accounts": [vars(one) for one in fake.accounts], "tokens": [vars(one) for one in fake.tokens]}


def load_accounts(fake: FakeMeta, state: dict[str, Any]) -> None:
    def with_scopes(values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "scopes": tuple(values["scopes"])}

    fake.accounts = [Account(**with_scopes(values)) for values in state["accounts"]]
    fake.tokens = [Token(**with_scopes(values)) for values in state["tokens"]]
