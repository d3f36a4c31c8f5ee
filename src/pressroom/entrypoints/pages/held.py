"""`/held`: posts of which nobody can find out whether they are there, with what is known and the three ways on."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from pressroom.desk import Resolution
from pressroom.documents import found_out, found_words
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.forms import PostedForm
from pressroom.entrypoints.pages import pictures
from pressroom.entrypoints.pages.rendering import page
from pressroom.errors import BadInput

router = APIRouter(include_in_schema=False)


@router.get("/held")
def held(request: Request, runtime: RuntimeHere) -> HTMLResponse:
    posts = [
        (
            publication,
            found_words(found_out(runtime.ports.events, publication)),
            pictures.of_post(runtime, publication.post),
        )
        for publication in runtime.publishing.held()
    ]
    paused = {one.channel for one, _, _ in posts if runtime.ports.channel_states.get(one.channel).paused}
    return page(request, "held.html", posts=posts, paused=paused)


@router.post("/held/{publication_id}")
def resolve(runtime: RuntimeHere, publication_id: str, form: PostedForm) -> RedirectResponse:
    action = form.text("action")
    if action not in set(Resolution):
        raise BadInput(f"There is no way on called {action!r}.", todo="Use one of the page's three buttons.")
    runtime.publishing.resolve(
        publication_id, Resolution(action), remote_id=form.text("remote_id"), url=form.text("url")
    )
    return RedirectResponse(f"/held?note={action}", 303)
