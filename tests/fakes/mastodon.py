"""Mastodon as a strict local server: `python -m tests.fakes.mastodon`, or `with FakeMastodon() as server` in a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from tests.fakes import mastodon_auth, mastodon_media, mastodon_statuses
from tests.fakes.control import argument_parser, serve
from tests.fakes.faults import Fault
from tests.fakes.mastodon_errors import not_found, scripted_refusal
from tests.fakes.mastodon_limits import LIMITS, RateLimits, headers
from tests.fakes.mastodon_state import ALL_SCOPES, Account, Media, State, Status, Token
from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.server import FakeServer

# Route, and the scope that it asks for
_ROUTES = (
    (r"POST /api/v2/media", "write:media"),
    (r"GET /api/v1/media/(\w+)", "write:media"),
    (r"POST /api/v1/statuses", "write:statuses"),
    (r"GET /api/v1/statuses", "read:statuses"),
    (r"GET /api/v1/statuses/(\w+)", "read:statuses"),
    (r"GET /api/v1/accounts/verify_credentials", "read:accounts"),
    (r"GET /api/v1/accounts/(\w+)/statuses", "read:statuses"),
)


class FakeMastodon(FakeServer):
    """One server; the first account and its token are there from the start."""

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        limits: Mapping[str, int] | None = None,
        working_seconds: float = 0.0,
        max_characters: int = 500,
        image_size_limit: int = mastodon_media.MAX_IMAGE_BYTES,
        shows_many: bool = True,
    ) -> None:
        """`limits` overrides `mastodon_limits.LIMITS`; `working_seconds` is how long a picture is worked on.

        A server before 4.3 does not show many statuses at once.
        """
        super().__init__(port=port, state_file=state_file)
        self.working_seconds = working_seconds
        self.max_characters = max_characters
        self.image_size_limit = image_size_limit
        self.shows_many = shows_many
        self._limits = limits
        self._begin()

    @property
    def account(self) -> Account:
        return self._state.accounts[0]

    @property
    def token(self) -> Token:
        """The first account's, with all scopes."""
        return self._state.tokens[0]

    @property
    def posts(self) -> list[Status]:
        """Every status, oldest first."""
        return self._state.statuses

    @property
    def media(self) -> list[Media]:
        return self._state.media

    def add_account(self, username: str) -> tuple[Account, Token]:
        with self.lock:
            account = Account(self._state.new_id(self.now()), username)
            self._state.accounts.append(account)
            self.mark_changed()
            return account, self._state.issue(account.id, ALL_SCOPES)

    def connect(self, account: Account, scopes: tuple[str, ...]) -> Token:
        with self.lock:
            self.mark_changed()
            return self._state.issue(account.id, scopes)

    def revoke(self, account: Account) -> None:
        """The user takes the app's access away."""
        with self.lock:
            for token in self._state.tokens:
                token.is_revoked = token.is_revoked or token.account_id == account.id
            self.mark_changed()

    def forget_keys(self) -> None:
        """As a server does whose cache is emptied."""
        with self.lock:
            self._state.keys.clear()

    def answer(self, request: Request) -> Answer:
        said = {"date": format_datetime(datetime.fromtimestamp(self.now(), UTC), usegmt=True)}
        try:
            said |= self._counted(request)
            return self._carry_out(request).with_headers(said)
        except Refused as refusal:
            raise Refused(refusal.answer.with_headers({**said, **refusal.answer.headers})) from refusal

    def refusal(self, fault: Fault, request: Request) -> Answer:
        most, seconds = LIMITS["all"]
        return scripted_refusal(fault, headers(most, 0, self.now() + seconds))

    def holdings(self) -> dict[str, Any]:
        return self._state.dump() | {"posts": self._state.dump()["statuses"]}

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
        self._rate_limits = RateLimits(self._limits)
        self.add_account("pressroom")

    def _counted(self, request: Request) -> dict[str, str]:
        who = request.headers.get("authorization", "somebody")
        said = self._rate_limits.count("all", who, self.now())
        if (request.method, request.path) == ("POST", "/api/v2/media"):
            said = self._rate_limits.count("media", who, self.now())
        return said

    def _carry_out(self, request: Request) -> Answer:
        asked = f"{request.method} {request.path}"
        match asked:
            case "GET /api/v2/instance":
                return self._instance()
            case "GET /oauth/authorize":
                self.mark_changed()
                return mastodon_auth.authorize(request, self._state)
            case "POST /oauth/token":
                self.mark_changed()
                return mastodon_auth.exchange(request, self._state, self.now())
        for route, scope in _ROUTES:
            found = re.fullmatch(route, asked)
            if found:
                account = mastodon_auth.identify(request, self._state, scope)
                return self._route(route, found.groups(), request, account)
        raise not_found()

    def _route(self, route: str, named: tuple[str, ...], request: Request, account: Account) -> Answer:
        state, now = self._state, self.now()
        self.mark_changed()
        match route.replace(r"(\w+)", ":id"):
            case "POST /api/v2/media":
                return mastodon_media.upload(request, account, state, now, self.working_seconds)
            case "GET /api/v1/media/:id":
                return mastodon_media.look(named[0], account, state, now)
            case "POST /api/v1/statuses":
                return mastodon_statuses.create(request, account, state, now, self.max_characters)
            case "GET /api/v1/statuses" if self.shows_many:
                return mastodon_statuses.by_ids(request, state)
            case "GET /api/v1/statuses/:id":
                return mastodon_statuses.by_id(named[0], state)
            case "GET /api/v1/accounts/verify_credentials":
                return json_answer(200, mastodon_statuses.account_shown(account))
            case "GET /api/v1/accounts/:id/statuses":
                return mastodon_statuses.of_account(request, account, named[0], state)
        raise not_found()

    def _instance(self) -> Answer:
        statuses = {"max_characters": self.max_characters, "max_media_attachments": mastodon_statuses.MOST_MEDIA}
        media = {
            "supported_mime_types": list(mastodon_media.TYPES),
            "image_size_limit": self.image_size_limit,
            "image_matrix_limit": mastodon_media.MAX_PIXELS,
        }
        configuration = {"statuses": statuses | {"characters_reserved_per_url": 23}, "media_attachments": media}
        return json_answer(200, {"domain": "mastodon.example", "version": "4.5.2", "configuration": configuration})


def main() -> None:
    parser = argument_parser("mastodon")
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=N", help="of mastodon_limits.LIMITS")
    parser.add_argument("--working", type=float, default=0.0, metavar="SECONDS", help="on each picture")
    options = parser.parse_args()
    limits = {name: int(number) for name, _, number in (line.rpartition("=") for line in options.limit)}
    server = FakeMastodon(port=options.port, state_file=options.state, limits=limits, working_seconds=options.working)
    serve(server, options)


if __name__ == "__main__":
    main()
