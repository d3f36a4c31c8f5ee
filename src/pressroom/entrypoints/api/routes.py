"""What each route takes and demands, known before anything of a request's body is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from pressroom.entrypoints.api.scopes import Scope, scopes_in

READING = ("GET", "HEAD", "OPTIONS")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    pattern: re.Pattern[str]
    methods: frozenset[str]
    scopes: frozenset[Scope] = frozenset()
    """Those that the route demands by `needs`."""
    takes_json: bool = False
    most_bytes: int | None = None
    """Of a body, if the route says so itself."""
    parameters: frozenset[str] = frozenset()
    """Those of its query, by the names that callers give."""

    def scopes_for(self, method: str) -> frozenset[Scope] | None:
        """Return what a caller needs; None if nothing is declared, so that only the operator may."""
        if self.scopes:
            return self.scopes
        return frozenset({Scope.READ}) if method in READING else None


class RouteTable:
    """The routes of one server, in the order in which they are looked for."""

    def __init__(self, routes: Iterator[Route]) -> None:
        self._routes = tuple(routes)

    def find(self, method: str, path: str) -> Route | None:
        return next(
            (route for route in self._routes if method in route.methods and route.pattern.match(path)),
            None,
        )

    def methods(self, path: str) -> list[str]:
        """Return the methods that a path takes; none if there is nothing at it."""
        found = {method for route in self._routes if route.pattern.match(path) for method in route.methods}
        if not found:
            return []
        found |= {"OPTIONS"} | ({"HEAD"} if "GET" in found else set())
        return sorted(found)


def routes_of(app: FastAPI) -> RouteTable:
    return RouteTable(_routes(app))


def _routes(app: FastAPI) -> Iterator[Route]:
    for found in iter_route_contexts(app.routes):
        pattern = getattr(found, "path_regex", None)
        if pattern is not None:
            yield Route(
                pattern=pattern,
                methods=frozenset(found.methods or ()),
                scopes=scopes_in(getattr(found, "dependencies", ())),
                takes_json=getattr(found, "body_field", None) is not None,
                most_bytes=getattr(found, "max_body_size", None),
                parameters=frozenset(_parameters(getattr(found, "dependant", None))),
            )


def _parameters(dependant: Any) -> Iterator[str]:
    """Yield what a route and all that it depends on read of the query."""
    if dependant is not None:
        yield from (field.alias for field in dependant.query_params)
        for inner in dependant.dependencies:
            yield from _parameters(inner)
