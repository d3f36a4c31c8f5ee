"""Stands before every route: host, key, scope, rate and forgery checks, and the security headers of every answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from pressroom.api_keys import PREFIX, ApiKeys
from pressroom.entrypoints.api import refusals
from pressroom.entrypoints.api.access import Access, bearer_token, is_from_elsewhere
from pressroom.entrypoints.api.bodies import bounded
from pressroom.entrypoints.api.cors import Cors
from pressroom.entrypoints.api.errors import answer, answer_error, is_json, wants_page
from pressroom.entrypoints.api.headers import security_headers
from pressroom.entrypoints.api.parameters import refuse_unknown
from pressroom.entrypoints.api.problems import TooManyRequests
from pressroom.entrypoints.api.rates import Rates
from pressroom.entrypoints.api.routes import READING, Route, RouteTable
from pressroom.entrypoints.api.scopes import NOBODY, OPERATOR, Caller, NotAllowed, caller_with
from pressroom.errors import PressroomError


@dataclass(frozen=True, kw_only=True)
class House:
    """What the guard of one server goes by."""

    access: Access
    keys: ApiKeys
    routes: RouteTable
    rates: Rates
    cors: Cors
    public: tuple[str, ...]
    """Paths that everybody may ask for, and what is below those with a slash; `{name}` stands for one part."""
    most_bytes: int
    now: Callable[[], datetime]

    def is_public(self, path: str) -> bool:
        return any(_is_meant(one, path) for one in self.public)


class Guard:
    """Lets the operator everywhere, a key where its scopes reach, and everybody else to the public paths.

    What is asked for is what the router is asked for, `scope["path"]`: a URL that is put together from it and parsed
    again is without the tabs and newlines that the path held.
    """

    def __init__(self, app: ASGIApp, house: House) -> None:
        self.app, self.house = app, house

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        path, method = scope["path"], "GET" if scope["method"] == "HEAD" else scope["method"]
        route = self.house.routes.find(method, path)
        request.state.caller, request.state.is_operator, request.state.route = NOBODY, False, route
        cors = self.house.cors.headers(request.headers)
        # What demands a scope is open to nobody without a key, whatever paths around it are.
        is_public = self.house.is_public(path) and not (route and route.scopes)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers(headers.get("content-type", "")).items():
                    headers.setdefault(name, value)
                if not is_public:
                    headers.setdefault("cache-control", "no-store")
                for name, value in cors.items():
                    if name == "vary":
                        headers.add_vary_header(value)
                    else:
                        headers[name] = value
            await send(message)

        try:
            refused = await self._refuse(request, is_public)
        except PressroomError as error:
            refused = answer_error(request, error)
        if refused is not None:
            await refused(scope, receive, send_with_headers)
            return
        if request.method not in READING:
            # What a reader sends as well is read by nobody; to wait for it would end an answer that goes on for long.
            receive = bounded(receive, (route.most_bytes if route else None) or self.house.most_bytes)
        if request.method == "HEAD":
            await self.app({**scope, "method": "GET"}, *_without_body(receive, send_with_headers))
        else:
            await self.app(scope, receive, send_with_headers)

    async def _refuse(self, request: Request, is_public: bool) -> Response | None:
        """Return why a request goes no further, or the answer that needs no route; None to let it in."""
        house, headers, route = self.house, request.headers, request.state.route
        if not house.access.expects(headers.get("host", "")):
            return answer(request, 421, refusals.STRANGE_HOST)
        methods = house.routes.methods(request.scope["path"])
        if request.method == "OPTIONS" and (allowed := house.cors.preflight(headers, methods)) is not None:
            return Response(status_code=204, headers=allowed)
        is_forgery = is_from_elsewhere(headers) and not house.cors.allows(headers.get("origin", ""))
        if request.method not in READING and is_forgery:
            return answer(request, 403, refusals.FROM_ELSEWHERE)
        caller, is_by_key = await self._caller(request)
        request.state.caller, request.state.is_operator = caller or NOBODY, caller is OPERATOR
        if not is_public:
            if caller in (None, NOBODY):
                return await self._ask_for_key(request, is_wrong=caller is None)
            if is_by_key and (seconds := house.rates.take(request.state.caller.id)):
                raise TooManyRequests(seconds)
        if methods and request.method not in methods:
            return answer(request, 405, refusals.OTHER_METHOD, {"allow": ", ".join(methods)})
        if route is None:
            return Response(status_code=204, headers={"allow": ", ".join(methods)}) if methods else None
        if not is_public:
            _demand_scopes(route, request)
        return refuse_unknown(request, route) or self._refuse_body(request, route)

    async def _caller(self, request: Request) -> tuple[Caller | None, bool]:
        """Return who asks, None for a key that opens nothing, and whether a key said so."""
        access, headers = self.house.access, request.headers
        token = bearer_token(headers)
        if access.matches(token):
            return OPERATOR, True
        # Whoever shows a server's key that is too short is told so further on.
        if token.startswith(PREFIX) or (token and (access.key_is_usable or not access.key)):
            key = await run_in_threadpool(self.house.keys.open, token)
            return (caller_with(key) if key else None), True
        # A script of another site's page asks: its reader's cookie and machine are not its own.
        is_script = "origin" in headers and is_from_elsewhere(headers)
        if access.is_local(headers) and not (is_script and not self.house.cors.trusts(headers["origin"])):
            return OPERATOR, False
        if not is_script and access.has_session(headers, self.house.now()):
            return OPERATOR, False
        return NOBODY, False

    async def _ask_for_key(self, request: Request, *, is_wrong: bool) -> Response:
        access = self.house.access
        challenge = 'Bearer realm="Pressroom"'
        if is_wrong:
            return answer(request, 401, refusals.KEY_WRONG, {"www-authenticate": f'{challenge}, error="invalid_token"'})
        is_closed = not access.key_is_usable and not access.is_local(request.headers)
        if is_closed and (wants_page(request) or not await run_in_threadpool(self.house.keys.has_any)):
            return answer(request, 403, refusals.TOO_SHORT if access.key else refusals.NO_KEY)
        if wants_page(request) and request.method == "GET":
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
        return answer(request, 401, refusals.KEY_NEEDED, {"www-authenticate": challenge})

    def _refuse_body(self, request: Request, route: Route) -> Response | None:
        length = request.headers.get("content-length", "0")
        if length.isdecimal() and int(length[:20]) > (route.most_bytes or self.house.most_bytes):
            return answer(request, 413, refusals.TOO_LARGE)
        has_body = length != "0" or "transfer-encoding" in request.headers
        if route.takes_json and has_body and not is_json(request.headers.get("content-type", "")):
            return answer(request, 415, refusals.NOT_JSON, {"accept": "application/json"})
        return None


def _demand_scopes(route: Route, request: Request) -> None:
    """Raise unless the caller has what the route demands; what demands nothing of a key changes nothing for one."""
    caller: Caller = request.state.caller
    wanted = route.scopes_for(request.method)
    if wanted is None and not caller.is_operator:
        raise refusals.OperatorsOnly()
    for scope in sorted((wanted or frozenset()) - caller.scopes):
        raise NotAllowed(scope)


def _without_body(receive: Receive, send: Send) -> tuple[Receive, Send]:
    """Return what a GET is answered through whose body nobody wants: HEAD. What would stream for ever ends."""
    has_ended = False

    async def receive_end() -> Message:
        return {"type": "http.disconnect"} if has_ended else await receive()

    async def send_headers(message: Message) -> None:
        nonlocal has_ended
        if message["type"] == "http.response.start":
            await send(message)
        elif not has_ended:
            has_ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return receive_end, send_headers


def _is_meant(public: str, path: str) -> bool:
    if public.endswith("/"):
        return path.startswith(public)
    parts, given = public.split("/"), path.split("/")
    return len(parts) == len(given) and all(
        part == one or (part == "{name}" and one) for part, one in zip(parts, given, strict=True)
    )
