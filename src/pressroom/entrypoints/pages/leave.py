"""`/leave/{token}`: where a reader leaves the list, by a letter's link or their mail program, and comes back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.pages.rendering import render
from pressroom.populating import table_of
from pressroom.readers import Readers, Subscriber
from pressroom.runtime import Runtime

router = APIRouter(include_in_schema=False)
PUBLIC = ("/leave/",)

READERS_OF = "bedtime_story"


@router.get("/leave/{token}")
@router.get("/leave/{token}/back")
def ask(request: Request, runtime: RuntimeHere, token: str) -> Response:
    """Show where the reader stands, and a button. Nothing is changed: programs open links too, to look for harm."""
    return _page(request, _readers(runtime).with_token(token), token)


@router.post("/leave/{token}")
def leave(request: Request, runtime: RuntimeHere, token: str) -> Response:
    """Take the reader off the list, durably, before it is answered.

    A mail program posts `List-Unsubscribe=One-Click`, as a form of either kind, and no redirect may answer it:
    RFC 8058, 3.1 and 3.2. The page's button means the same, so what is posted is not looked at.
    """
    left = _readers(runtime).leave(token, runtime.ports.clock.now())
    return _page(request, left, token)


@router.post("/leave/{token}/back")
def come_back(request: Request, runtime: RuntimeHere, token: str) -> Response:
    """Put a reader who has left on the list again."""
    return _page(request, _readers(runtime).come_back(token), token, is_back=True)


def _readers(runtime: Runtime) -> Readers:
    return Readers(runtime.ports.tables, table_of(READERS_OF, "readers"))


def _page(request: Request, reader: Subscriber | None, token: str, *, is_back: bool = False) -> Response:
    html = render(request, "leave.html", reader=reader, way=f"/leave/{token}", is_back=is_back)
    # The page of one reader, at an address that only they know: no cache in between keeps it.
    return HTMLResponse(html, 200 if reader else 404, {"cache-control": "private, no-store"})
