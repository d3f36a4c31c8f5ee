"""What the server answers beside the API: every path with its method, who may ask, and what it does."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from fastapi.routing import APIRoute

from docs.reference_pages._markdown import begin, finish, table
from pressroom.entrypoints import api, pages
from pressroom.entrypoints.pages import static_files

API = "/api/v1"


def page() -> str:
    lines = begin(
        "HTTP",
        "`pressroom up` serves these on 127.0.0.1:8080. From this machine they are open. Once `[server] host` is "
        "another address, everything but the public paths needs the key `server.key` (`pressroom secrets set "
        "server.key`, 16 characters or more): as `Authorization: Bearer KEY`, or by logging in with a browser.",
        "What programs use, `/api/v1`, is told by [the reference of the API](http-api.md), and by `/openapi.json`; "
        "[keys with scopes](../how-to/use-the-http-api.md#keys-and-scopes) open it. An error is a page for a browser, "
        "and a problem document for a program.",
    )
    others = [row for row in routes() if not row[1].startswith(f"`{API}/")]
    lines += table(["method", "path", "open to", "does"], sorted(others, key=lambda row: (row[1], row[0])))
    return finish(lines)


def routes() -> Iterator[list[str]]:
    for package in (api, pages):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            public = getattr(module, "PUBLIC", ())
            for route in getattr(getattr(module, "router", None), "routes", []):
                if isinstance(route, APIRoute) and module is not static_files:
                    yield [
                        " ".join(sorted(route.methods or ())),
                        f"`{route.path}`",
                        "everybody" if is_public(route.path, public) else "the operator",
                        sentence(route, module),
                    ]


def is_public(path: str, public: tuple[str, ...]) -> bool:
    return any(path == one or (one.endswith("/") and path.startswith(one)) for one in public)


def sentence(route: APIRoute, module: ModuleType) -> str:
    """Return what a route says of itself, else what its page says; a form without words is its page's own."""
    text = inspect.getdoc(route.endpoint) or ""
    if not text and "GET" in (route.methods or ()):
        text = (inspect.getdoc(module) or "").partition("`: ")[2] or inspect.getdoc(module) or ""
    first = " ".join(text.partition("\n\n")[0].split())
    return first[:1].upper() + first[1:] or "What the page's own buttons send."
