"""`/login`: where a browser shows the server's key once, and gets a session."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pressroom.entrypoints.api.access import COOKIE, SESSION, Access
from pressroom.entrypoints.api.context import IsOperator, RuntimeHere
from pressroom.entrypoints.api.forms import PostedForm
from pressroom.entrypoints.pages.rendering import render

router = APIRouter(include_in_schema=False)
PUBLIC = ("/login",)


@router.get("/login")
def login_page(request: Request, is_operator: IsOperator, next: Annotated[str, Query()] = "/") -> Response:
    if is_operator:
        return RedirectResponse(_within(next), 303)
    return HTMLResponse(render(request, "login.html", next=_within(next), is_wrong=False))


@router.post("/login")
def login(request: Request, runtime: RuntimeHere, form: PostedForm) -> Response:
    access: Access = request.app.state.access
    wanted = _within(form.text("next"))
    if not access.matches(form.text("key")):
        return HTMLResponse(render(request, "login.html", next=wanted, is_wrong=True), 403)
    response = RedirectResponse(wanted, 303)
    response.set_cookie(
        COOKIE,
        access.open_session(runtime.ports.clock.now()),
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https" or access.public_base_url.startswith("https:"),
    )
    return response


@router.post("/logout")
def logout() -> Response:
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def _within(path: str) -> str:
    """Return the path if it leads to a page of ours; an address elsewhere (`//host`, `/\\host`) becomes `/`."""
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if ours else "/"
