"""The parameters of a query: one that its address does not know would be a filter that filters nothing."""

from __future__ import annotations

import difflib

from starlette.requests import Request
from starlette.responses import Response

from pressroom.entrypoints.api.errors import answer
from pressroom.entrypoints.api.mistakes import mistakes
from pressroom.entrypoints.api.routes import Route
from pressroom.errors import Problem

STRICT = "/api/v1/"
"""Elsewhere addresses are signed, or come from other programs that may add to them."""


def refuse_unknown(request: Request, route: Route) -> Response | None:
    """Answer 422 for a parameter that the route does not declare; None if it knows them all."""
    if not request.scope["path"].startswith(STRICT):
        return None
    unknown = sorted(set(request.query_params) - route.parameters)
    if not unknown:
        return None
    known = sorted(route.parameters)
    wrong = mistakes(
        {"type": "unknown", "loc": ("query", name), "msg": f"There is no such parameter here. {_hint(name, known)}"}
        for name in unknown
    )
    first = wrong[0]
    problem = Problem(f"This address has no parameter {first.name!r}.", todo=_hint(unknown[0], known))
    return answer(request, 422, problem, kind="unknown-parameter", errors=wrong)


def _hint(name: str, known: list[str]) -> str:
    if not known:
        return "It takes none: leave it out."
    listed = f"Known: {', '.join(known)}."
    close = difflib.get_close_matches(name[:100], known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}? {listed}" if close else listed
