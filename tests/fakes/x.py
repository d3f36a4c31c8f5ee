"""X as a strict local server: `python -m tests.fakes.x`, or `with FakeX() as x` in a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.fakes import x_media, x_posts
from tests.fakes.control import argument_parser, serve
from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.server import FakeServer
from tests.fakes.x_auth import Doorkeeper
from tests.fakes.x_limits import (
    CREATE_MILLS,
    CREATE_WITH_LINK_MILLS,
    LIMITS,
    METADATA_MILLS,
    OWNED_READ_MILLS,
    WINDOW_SECONDS,
    RateLimits,
    Till,
    headers,
    spent,
)
from tests.fakes.x_problems import forbidden, scripted_refusal
from tests.fakes.x_state import Account, Charge, Media, Post, State, Token

TOKEN_PATH = "/2/oauth2/token"
AUTHORIZE_PATH = "/i/oauth2/authorize"
READ = ("tweet.read", "users.read")
SCOPES = {
    "POST /2/tweets": ("tweet.read", "tweet.write", "users.read"),
    "POST /2/media/upload": ("media.write",),
    "POST /2/media/metadata": ("media.write",),
    "GET /2/users/me": READ,
    "GET /2/users/{id}/tweets": READ,
    "GET /2/tweets": READ,
    "GET /2/tweets/{id}": READ,
}


class FakeX(FakeServer):
    """Holds accounts, media and posts; the first account and its tokens are there from the start."""

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        limits: Mapping[str, int] | None = None,
        credit: Decimal | None = None,
        read_lag_seconds: float = 0.0,
        refuse_repeats: bool = True,
        refresh_voids_access_token: bool = True,
        client_secret: str | None = "client-secret-of-pressroom",
    ) -> None:
        """`limits` overrides `x_limits.LIMITS`; `credit` is in dollars; no `client_secret` is a public client."""
        super().__init__(port=port, state_file=state_file)
        self.read_lag_seconds = read_lag_seconds
        self.refuse_repeats = refuse_repeats
        self._limits = limits
        self._client_secret = client_secret
        self._refresh_voids_access_token = refresh_voids_access_token
        self._till = Till(None if credit is None else int(credit * 1000))
        self._begin()

    @property
    def posts(self) -> list[Post]:
        """Every post that was accepted, oldest first."""
        return self._state.posts

    @property
    def media(self) -> list[Media]:
        return self._state.media

    @property
    def charges(self) -> list[Charge]:
        return self._state.charges

    @property
    def cost(self) -> Decimal:
        """What all calls have cost so far, in dollars."""
        return Decimal(spent(self._state)) / 1000

    @property
    def account(self) -> Account:
        """The first account, with its OAuth 1.0a keys and its OAuth 2 client."""
        return self._state.accounts[0]

    def add_account(self, username: str, *, is_premium: bool = False) -> Account:
        """A further user, connected through the same app."""
        with self.lock:
            number = len(self._state.accounts) + 1
            account = Account(
                id=str(2_244_994_944 + number),
                username=username,
                api_key="api-key-of-pressroom",
                api_secret="api-secret-of-pressroom",
                access_token=f"{2_244_994_944 + number}-access-token",
                access_token_secret=f"access-token-secret-{number}",
                client_id="client-id-of-pressroom",
                client_secret=self._client_secret,
                is_premium=is_premium,
            )
            self._state.accounts.append(account)
            self.mark_changed()
            return account

    def connect(self, account: Account, scopes: tuple[str, ...] | None = None) -> tuple[Token, Token]:
        """A new OAuth 2 access token and refresh token, as after the user's consent."""
        with self.lock:
            self.mark_changed()
            return self._state.issue_tokens(account, scopes or account.scopes, self.now())

    def register_redirect(self, *addresses: str) -> None:
        """Send users back to no other address from now on."""
        self._doorkeeper.redirect_uris = list(addresses)

    def say_no(self, says_no: bool = True) -> None:
        """Let the user refuse the app on X's page."""
        self._doorkeeper.user_says_no = says_no

    def set_credit(self, credit: Decimal | None) -> None:
        """Top up or drain: the total that may be spent, in dollars; None is without end."""
        self._till.credit_mills = None if credit is None else int(credit * 1000)

    def answer(self, request: Request) -> Answer:
        if (request.method, request.path) == ("POST", TOKEN_PATH):
            self.mark_changed()
            return self._doorkeeper.give_tokens(request, self._state, self.now())
        if (request.method, request.path) == ("GET", AUTHORIZE_PATH):
            return self._doorkeeper.authorize(request, self._state, self.now())
        route = _route(request)
        if route is None:
            return Answer(404)
        account = self._doorkeeper.identify(request, self._state, self.now(), SCOPES[route])
        counted = self._rate_limits.count(route, account, self.now())
        try:
            return self._carry_out(route, request, account).with_headers(counted)
        except Refused as refused:
            raise Refused(refused.answer.with_headers(counted)) from refused

    def refusal(self, fault: Fault, request: Request) -> Answer:
        limit = LIMITS.get(_route(request) or "", 100)
        exhausted = headers(limit, 0, self.now() + WINDOW_SECONDS)
        return scripted_refusal(fault, request.path == TOKEN_PATH, exhausted)

    def usual_status(self, request: Request) -> int:
        return 201 if _route(request) == "POST /2/tweets" else 200

    def holdings(self) -> dict[str, Any]:
        state = self._state.dump()
        return {
            "posts": state["posts"],
            "media": state["media"],
            "charges": state["charges"],
            "cost": str(self.cost),
            "accounts": state["accounts"],
            "tokens": {name: state[name] for name in ("access_tokens", "refresh_tokens")},
        }

    def dump(self) -> dict[str, Any]:
        return self._state.dump()

    def load(self, state: dict[str, Any]) -> None:
        self._state = State.load(state)

    def reset(self) -> None:
        with self.lock:
            self._begin()
            super().reset()

    def _begin(self) -> None:
        self._state = State()
        self._doorkeeper = Doorkeeper(refresh_voids_access_token=self._refresh_voids_access_token)
        self._rate_limits = RateLimits(self._limits)
        self.connect(self.add_account("pressroom"))

    def _carry_out(self, route: str, request: Request, account: Account) -> Answer:
        state, now = self._state, self.now()
        match route:
            case "POST /2/tweets":
                return self._create(request, account)
            case "POST /2/media/upload":
                self.mark_changed()
                return x_media.upload(request, account, state, now)
            case "POST /2/media/metadata":
                self._till.check(state, account, METADATA_MILLS)
                answer = x_media.describe(request, account, state, now)
                self._till.charge(state, "describe media", METADATA_MILLS, now)
                self.mark_changed()
                return answer
            case "GET /2/users/me":
                return json_answer(
                    200, {"data": {"id": account.id, "name": account.username, "username": account.username}}
                )
        self._till.check(state, account, OWNED_READ_MILLS)
        visible = [post for post in state.posts if post.created_at <= now - self.read_lag_seconds]
        if route == "GET /2/users/{id}/tweets":
            if request.path.split("/")[3] != account.id:
                raise forbidden("This fake shows each user only the user's own posts.")
            own = [post for post in visible if post.account_id == account.id]
            answer, given = x_posts.read_timeline(request, own, state)
        else:
            one = request.path.split("/")[3] if route == "GET /2/tweets/{id}" else None
            answer, given = x_posts.read_posts(request, one, visible, state)
        if self._till.charge_reads(state, [post.id for post in given], now):
            self.mark_changed()
        return answer

    def _create(self, request: Request, account: Account) -> Answer:
        state, now = self._state, self.now()
        post = x_posts.check_new_post(request, account, state, now, refuse_repeats=self.refuse_repeats)
        mills = CREATE_WITH_LINK_MILLS if x_posts.has_link(post) else CREATE_MILLS
        self._till.check(state, account, mills)
        answer = x_posts.accept(post, state, now)
        self._till.charge(state, f"create {post.id}", mills, now)
        self.mark_changed()
        return answer


def _route(request: Request) -> str | None:
    path = re.sub(r"^/2/users/\d+/tweets$", "/2/users/{id}/tweets", request.path)
    path = re.sub(r"^/2/tweets/\d+$", "/2/tweets/{id}", path)
    return f"{request.method} {path}" if f"{request.method} {path}" in SCOPES else None


def main() -> None:
    parser = argument_parser("x")
    parser.add_argument("--limit", action="append", default=[], metavar="ROUTE=N", help="of 15 minutes, per user")
    parser.add_argument("--read-lag", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--allow-repeats", action="store_true", help="take the same text twice within a day")
    options = parser.parse_args()
    limits = {route: int(number) for route, _, number in (line.rpartition("=") for line in options.limit)}
    serve(
        FakeX(
            port=options.port,
            state_file=options.state,
            limits=limits,
            read_lag_seconds=options.read_lag,
            refuse_repeats=not options.allow_repeats,
        ),
        options,
    )


if __name__ == "__main__":
    main()
