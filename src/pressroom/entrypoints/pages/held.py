"""`/held`: posts that wait for a person. Those that moderation has flagged, to be approved or refused; and those of
which nobody can find out whether they are there, with what is known and the three ways on."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from pressroom.approvals import Decision
from pressroom.desk import Resolution
from pressroom.documents import found_out, found_words
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.forms import PostedForm
from pressroom.entrypoints.pages import pictures
from pressroom.entrypoints.pages.consents import consents
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
    return page(request, "held.html", flagged=consents(runtime), posts=posts, paused=paused)


@router.post("/held/{held_id}")
def resolve(runtime: RuntimeHere, held_id: str, form: PostedForm) -> RedirectResponse:
    """Carry out a decision about a publication, or about the flagged post of a job, by its id."""
    action = form.text("action")
    if action in set(Decision):
        approvals = runtime.approvals
        decide = approvals.approve if action == Decision.APPROVE else approvals.refuse
        decide(held_id, form.text("comment"), by="on the page", step=form.text("step"))
    elif action in set(Resolution):
        runtime.publishing.resolve(held_id, Resolution(action), remote_id=form.text("remote_id"), url=form.text("url"))
    else:
        raise BadInput(f"There is no way on called {action!r}.", todo="Use one of the page's buttons.")
    return RedirectResponse(f"/held?note={action}", 303)
