"""Stands before every route: host, key and forgery checks, and the security headers of every answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pressroom.entrypoints.api.access import SHORTEST_KEY, Access, is_from_elsewhere
from pressroom.entrypoints.api.errors import answer, wants_page
from pressroom.entrypoints.api.headers import SECURITY_HEADERS
from pressroom.errors import Problem

_READING = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Lets the operator everywhere, and everybody else to the `public` paths and what is below those with a slash.

    In a public path `{name}` stands for one part. What is asked for is what the router is asked for, `scope["path"]`:
    a URL that is put together from it and parsed again is without the tabs and newlines that the path held.
    """

    def __init__(self, app: ASGIApp, access: Access, public: tuple[str, ...], now: Callable[[], datetime]) -> None:
        self.app, self.access, self.public, self.now = app, access, public, now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request.state.is_operator = False

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if not self._is_public(scope["path"]):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        refused = self._refuse(request)
        await (refused or self.app)(scope, receive, send_with_headers)

    def _is_public(self, path: str) -> bool:
        return any(_is_meant(one, path) for one in self.public)

    def _refuse(self, request: Request) -> Response | None:
        if not self.access.expects(request.headers.get("host", "")):
            return answer(request, 421, _STRANGE_HOST)
        request.state.is_operator = self.access.is_operator(request.headers, self.now())
        if request.method not in _READING and is_from_elsewhere(request.headers):
            return answer(request, 403, _FROM_ELSEWHERE)
        if request.state.is_operator or self._is_public(request.scope["path"]):
            return None
        if not self.access.key_is_usable:
            return answer(request, 403, _TOO_SHORT if self.access.key else _NO_KEY)
        if wants_page(request) and request.method == "GET":
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
        return answer(request, 401, _KEY_NEEDED, {"www-authenticate": 'Bearer realm="Pressroom"'})


def _is_meant(public: str, path: str) -> bool:
    if public.endswith("/"):
        return path.startswith(public)
    parts, given = public.split("/"), path.split("/")
    return len(parts) == len(given) and all(
        part == one or (part == "{name}" and one) for part, one in zip(parts, given, strict=True)
    )


_STRANGE_HOST = Problem(
    "This server does not answer to that name.",
    todo="Open it as http://127.0.0.1 or http://localhost, or set [server] public_base_url to the name it has outside.",
)
_FROM_ELSEWHERE = Problem(
    "This was sent from another site's page, and was not done.",
    todo="Open the page here and use its own button.",
)
_NO_KEY = Problem(
    "This Pressroom can be reached from outside and has no key yet, so its pages are closed.",
    todo="Whoever runs it sets one with `pressroom secrets set server.key` and starts it again.",
)
_TOO_SHORT = Problem(
    f"This Pressroom's key has fewer than {SHORTEST_KEY} characters and could be guessed, so its pages are closed.",
    todo="Whoever runs it sets a longer one with `pressroom secrets set server.key` and starts it again.",
)
_KEY_NEEDED = Problem(
    "This needs the server's key.",
    todo="Send it as `Authorization: Bearer KEY`, or log in with a browser.",
)
