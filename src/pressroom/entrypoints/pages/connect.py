"""`/channels/NAME/connect` and `/connected`: sends the browser to the network's page, and takes it back."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pressroom.connecting import NoWayIn, arrive, begin, belongs
from pressroom.entrypoints.api.access import Access
from pressroom.entrypoints.api.context import IsOperator, RuntimeHere
from pressroom.entrypoints.api.errors import answer
from pressroom.entrypoints.pages._attempts import LASTS, Attempt, Attempts
from pressroom.entrypoints.pages.rendering import page, render
from pressroom.errors import ConfigurationError, Problem, problem_of
from pressroom.log import log
from pressroom.runtime import Runtime

router = APIRouter(include_in_schema=False)
PUBLIC = ("/channels/{name}/connected",)
"""The network sends the browser there from its own site, and so without the session's strict cookie. What opens it is
the cookie of the attempt, with what only the network was told."""
COOKIE = "pressroom_connecting"


async def _attempts(request: Request) -> Attempts:
    """Return the server's attempts. On the event loop, where nobody else makes them at the same time."""
    state = request.app.state
    if not hasattr(state, "attempts"):
        state.attempts = Attempts()
    found: Attempts = state.attempts
    return found


AttemptsHere = Annotated[Attempts, Depends(_attempts)]


def redirect_address(request: Request, name: str) -> str:
    """Return where the network sends the browser back to, as far outside as the settings of the server say."""
    access: Access = request.app.state.access
    base = access.public_base_url.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"
    return f"{base}/channels/{quote(name, safe='')}/connected"


@router.post("/channels/{name}/connect")
def connect(request: Request, runtime: RuntimeHere, attempts: AttemptsHere, name: str) -> Response:
    publisher = runtime.publishing.publisher(name)
    try:
        begun = begin(publisher, redirect_address(request, name))
    except (NoWayIn, ConfigurationError) as error:
        return answer(request, 400, error.problem(f"channel {name}"))
    # Not a redirect: browsers hold `form-action` of our policy against each address that a form leads on to.
    response = page(request, "leaving.html", title=publisher.title, url=begun.url)
    response.set_cookie(
        COOKIE,
        attempts.add(begun, runtime.ports.clock.now()),
        max_age=int(LASTS.total_seconds()),
        path=urlsplit(begun.redirect_uri).path,
        httponly=True,
        samesite="lax",
        secure=begun.redirect_uri.startswith("https:"),
    )
    return response


@router.get("/channels/{name}/connected")
def connected(
    request: Request, runtime: RuntimeHere, is_operator: IsOperator, attempts: AttemptsHere, name: str
) -> Response:
    attempt = attempts.find(request.cookies.get(COOKIE, ""), name, runtime.ports.clock.now())
    if attempt is None:
        return _shown(request, is_operator, 400, problem=_UNKNOWN)
    if not request.url.query:
        return _result(request, is_operator, attempt)
    query = _query(request)
    if not belongs(attempt.begun, query):
        return _shown(request, is_operator, 400, problem=_STRANGE)
    if attempts.take(attempt):
        _finish(runtime, attempt, query)
    # Away from an address with the code in it, which else would stay in the browser's history.
    return RedirectResponse(urlsplit(attempt.begun.redirect_uri).path, 303, headers={"cache-control": "no-store"})


def _finish(runtime: Runtime, attempt: Attempt, query: dict[str, str]) -> None:
    try:
        attempt.outcome = arrive(runtime.publishing, attempt.begun, query)
    except Exception as error:  # noqa: BLE001 - whatever it is, the browser is told; the code cannot be used again
        attempt.problem = problem_of(error, f"channel {attempt.begun.channel}")
        log.warning("an account was not connected", channel=attempt.begun.channel, why=attempt.problem.what)


def _query(request: Request) -> dict[str, str]:
    """Return the parameters; those of an address that repeats one are none, since nobody can tell which counts."""
    try:
        pairs = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    query = dict(pairs)
    return query if len(query) == len(pairs) else {}


def _result(request: Request, is_operator: bool, attempt: Attempt) -> Response:
    if attempt.problem is not None:
        return _shown(request, is_operator, 400, problem=attempt.problem)
    if attempt.outcome is None:
        return _shown(request, is_operator, 200, problem=_UNDER_WAY if attempt.is_taken else _NOT_BACK_YET)
    return _shown(request, is_operator, 200, outcome=attempt.outcome)


def _shown(request: Request, is_operator: bool, status: int, **context: Any) -> Response:
    """Answer with the page; somebody of whom only the attempt is known sees nothing else of Pressroom on it."""
    context = {"outcome": None, "problem": None} | context
    if is_operator:
        response = page(request, "connected.html", status=status, **context)
    else:
        response = HTMLResponse(render(request, "connected.html", **context), status)
    response.headers["cache-control"] = "no-store"
    return response


_UNKNOWN = Problem(
    "This browser has not begun to connect that channel here, or more than ten minutes ago.",
    todo="Open the page of the channels under the same address that the network sends the browser back to, and use "
    "its button.",
)
_STRANGE = Problem(
    "What the browser brought does not belong to the attempt that it began here.",
    todo="Nothing was connected by it. If you did not come from the network's own page, close this one.",
)
_UNDER_WAY = Problem("The network is being asked for the tokens.", todo="Load this page again in a moment.")
_NOT_BACK_YET = Problem(
    "The network has not sent this browser back yet.",
    todo="Finish it there, or begin again on the page of the channels.",
)
