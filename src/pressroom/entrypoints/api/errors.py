"""Turns every error into an answer: a page for a reader, a problem document for a program."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from pressroom.entrypoints.api.headers import security_headers
from pressroom.entrypoints.api.mistakes import Mistake, mistakes
from pressroom.entrypoints.api.problems import (
    MEDIA_TYPE,
    PLAIN,
    InFlight,
    TooManyRequests,
    document,
    kind_of,
    kind_of_status,
    status_of,
)
from pressroom.entrypoints.api.routes import READING
from pressroom.entrypoints.api.scopes import NotAllowed
from pressroom.entrypoints.pages.rendering import render
from pressroom.errors import PressroomError, Problem, Unavailable

_NO_LONGER_READ = (408, 413, 415)
"""What would still come of the body is not waited for."""
_LONGEST_TOLD = 500
"""Characters; `errors` has the rest."""


def wants_page(request: Request) -> bool:
    """Say whether a reader asks, not a program."""
    return "text/html" in request.headers.get("accept", "") and "hx-request" not in request.headers


def is_json(content_type: str) -> bool:
    """Say whether a `Content-Type` means JSON: `application/json`, or what ends with `+json`."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def answer(
    request: Request,
    status: int,
    problem: Problem,
    headers: Mapping[str, str] | None = None,
    *,
    kind: str = "",
    errors: Sequence[Mistake] = (),
) -> Response:
    """Return the problem as a page or as a document; never more of it than its own words."""
    is_page = wants_page(request)
    more = security_headers("text/html" if is_page else MEDIA_TYPE) | {"cache-control": "no-store"}
    more |= dict(headers or {}) | ({"connection": "close"} if status in _NO_LONGER_READ else {})
    if is_page:
        page = render(request, "error.html", status=status, problem=problem)
        return HTMLResponse(page, status_code=status, headers=more)
    found = document(
        status, problem, kind=kind or kind_of_status(status), instance=request.scope["path"], errors=errors
    )
    return Response(_text(found), status_code=status, headers=more, media_type=MEDIA_TYPE)


def answer_error(request: Request, error: PressroomError) -> Response:
    """Answer one of our own errors."""
    has_json = request.method not in READING and is_json(request.headers.get("content-type", ""))
    status = status_of(error, has_json=has_json, in_path=request.path_params.values())
    headers = {}
    if isinstance(error, NotAllowed):
        headers["www-authenticate"] = f'Bearer realm="Pressroom", error="insufficient_scope", scope="{error.missing}"'
    elif isinstance(error, TooManyRequests | InFlight):
        headers["retry-after"] = str(error.seconds)
    elif isinstance(error, Unavailable) and error.retry_at is not None:
        wait = (error.retry_at - request.app.state.runtime.ports.clock.now()).total_seconds()
        headers["retry-after"] = str(max(1, math.ceil(wait)))
    return answer(request, status, error.problem(), headers, kind=kind_of(error))


def handle_errors(app: FastAPI) -> None:
    app.add_exception_handler(PressroomError, _ours)  # type: ignore[arg-type] # each is handed its own kind
    app.add_exception_handler(HTTPException, _plain)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _unexpected)


def _ours(request: Request, error: PressroomError) -> Response:
    return answer_error(request, error)


def _plain(request: Request, error: HTTPException) -> Response:
    problem = PLAIN.get(error.status_code, Problem(str(error.detail)))
    return answer(request, error.status_code, problem, error.headers)


def _invalid(request: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        problem = Problem("The body is not JSON.", todo="Send one JSON document, in UTF-8.")
        return answer(request, 400, problem, kind="malformed-body", errors=mistakes(found))
    wrong = mistakes(found)
    told = "; ".join(map(str, wrong))
    told = f"{told[:_LONGEST_TOLD]}…" if len(told) > _LONGEST_TOLD else told
    # What does not fit in a body is the body's fault (422); a query or a path is an address that cannot be used (400).
    status = 422 if any(item["loc"][:1] == ("body",) for item in found) else 400
    problem = Problem(f"The request does not fit: {told.rstrip('.')}.", todo="Correct it; `errors` names each place.")
    return answer(request, status, problem, kind="does-not-fit", errors=wrong)


def _unexpected(request: Request, error: Exception) -> Response:
    # The server logs the traceback; what an unexpected error says may hold anything, so it is not shown.
    problem = Problem(
        f"Something unexpected went wrong here ({type(error).__name__}).",
        todo="Nothing of yours is lost: what was committed stays. The server's log has the details.",
    )
    return answer(request, 500, problem)


def _text(found: object) -> bytes:
    # A lone surrogate, which a path or a body can hold, is no UTF-8.
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
