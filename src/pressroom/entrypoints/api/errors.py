"""Turns every error into an answer: a page for a reader, JSON for a program."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from pressroom.entrypoints.api.headers import SECURITY_HEADERS
from pressroom.entrypoints.pages.rendering import render
from pressroom.errors import BadInput, Conflict, NotFound, PressroomError, Problem, Unavailable, UnknownName
from pressroom.webhooks import NotGenuine

_STATUS: tuple[tuple[type[PressroomError], int], ...] = (
    (NotFound, 404),
    (NotGenuine, 401),
    (UnknownName, 404),
    (BadInput, 400),
    (Conflict, 409),
    (Unavailable, 503),
)

_PLAIN = {
    400: Problem("This request cannot be used as it is.", todo="Check the address and what was sent."),
    401: Problem("This page is not public.", todo="Log in with the server's key."),
    403: Problem("This is not for everybody.", todo="Check the address, or ask whoever runs this Pressroom."),
    404: Problem("There is nothing at this address.", todo="It may have moved or expired; begin at the front page."),
    405: Problem("This address cannot be used in that way.", todo="Begin at the front page."),
    413: Problem("That is larger than what is taken here.", todo="Send less at once."),
    410: Problem("This was here and is gone.", todo="Its time was over, or it was removed; open its job again."),
}


def wants_page(request: Request) -> bool:
    """Say whether a reader asks, not a program."""
    return "text/html" in request.headers.get("accept", "") and "hx-request" not in request.headers


def answer(request: Request, status: int, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """Return the problem as a page or as JSON; never more of it than its own words."""
    more = SECURITY_HEADERS | {"cache-control": "no-store"} | (headers or {})
    if wants_page(request):
        page = render(request, "error.html", status=status, problem=problem)
        return HTMLResponse(page, status_code=status, headers=more)
    return JSONResponse({"message": problem.what, "todo": problem.todo}, status_code=status, headers=more)


def handle_errors(app: FastAPI) -> None:
    @app.exception_handler(PressroomError)
    def ours(request: Request, error: PressroomError) -> Response:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        return answer(request, status, error.problem())

    @app.exception_handler(HTTPException)
    def plain(request: Request, error: HTTPException) -> Response:
        problem = _PLAIN.get(error.status_code, Problem(str(error.detail)))
        return answer(request, error.status_code, problem, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        places = ", ".join(sorted({".".join(map(str, item["loc"][1:])) or "the request" for item in error.errors()}))
        return answer(request, 400, Problem(f"A part of the request is wrong: {places}.", todo="Correct it."))

    # The server logs the traceback; what an unexpected error says may hold anything, so it is not shown.
    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        problem = Problem(
            f"Something unexpected went wrong here ({type(error).__name__}).",
            todo="Nothing of yours is lost: what was committed stays. The server's log has the details.",
        )
        return answer(request, 500, problem)
