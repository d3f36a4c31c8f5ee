"""`/dead`: deliveries that nobody tries again by themselves, with their history and what can be done."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pressroom.deliveries import DeadLetter
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.forms import Form, PostedForm
from pressroom.entrypoints.pages.made import headline_of
from pressroom.entrypoints.pages.rendering import page
from pressroom.errors import BadInput, Conflict, NotFound, Problem
from pressroom.runtime import Runtime

router = APIRouter(include_in_schema=False)

_NOTES = {"redrive": "redriven", "discard": "discarded"}
"""The actions, with the notes that tell of them."""


@router.get("/dead")
def dead(request: Request, runtime: RuntimeHere) -> HTMLResponse:
    return _list(request, runtime, {})


@router.post("/dead")
def many(request: Request, runtime: RuntimeHere, form: PostedForm) -> Response:
    """Redrive or discard every delivery that was ticked; what is refused is told, and keeps no other from it."""
    ticked = [int(value) for value in form.every("id") if value.isascii() and value.isdigit()]
    if not ticked:
        raise BadInput("No delivery was ticked.", todo="Go back and tick at least one.")
    action, refused = _action(form), {}
    for dead_id in ticked:
        try:
            _act(runtime, action, dead_id)
        except (Conflict, BadInput) as error:
            refused[dead_id] = error.problem()
    return _list(request, runtime, refused) if refused else RedirectResponse(f"/dead?note={_NOTES[action]}", 303)


@router.get("/dead/{dead_id}")
def one_dead(request: Request, runtime: RuntimeHere, dead_id: int) -> HTMLResponse:
    letter = runtime.ports.dead_letters.get(dead_id)
    if letter is None:
        raise NotFound(
            f"There is no dead delivery {dead_id}.", todo="It was redriven or discarded; the list shows the others."
        )
    return page(request, "dead_letter.html", letter=letter, data=json.dumps(letter.data, indent=2, ensure_ascii=False))


@router.post("/dead/{dead_id}")
def one(runtime: RuntimeHere, dead_id: int, form: PostedForm) -> RedirectResponse:
    action = _action(form)
    _act(runtime, action, dead_id, _edited(form))
    return RedirectResponse(f"/dead?note={_NOTES[action]}", 303)


def _headline(runtime: Runtime, letter: DeadLetter) -> str:
    job = runtime.ports.jobs.get(letter.job_id) if letter.job_id else None
    return headline_of(runtime.ports, job) if job else ""


def _list(request: Request, runtime: Runtime, refused: dict[int, Problem]) -> HTMLResponse:
    letters = [(letter, _headline(runtime, letter)) for letter in runtime.ports.dead_letters.find(limit=200)]
    return page(request, "dead.html", status=409 if refused else 200, letters=letters, refused=refused)


def _action(form: Form) -> str:
    action = form.text("action")
    if action not in _NOTES:
        raise BadInput(f"There is no action called {action!r}.", todo="Use one of the page's buttons.")
    return action


def _act(runtime: Runtime, action: str, dead_id: int, data: dict[str, Any] | None = None) -> None:
    if action == "redrive":
        runtime.runner.redrive(dead_id, data)
    else:
        runtime.runner.discard(dead_id)


def _edited(form: Form) -> dict[str, Any] | None:
    """Return what the form puts in the place of the delivery's data; None if it was left as it was."""
    text = form.text("data")
    if not text or text.split() == form.text("data_before").split():
        return None
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"The edited data is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.",
            todo="Go back and correct it there.",
        ) from error
    if not isinstance(data, dict):
        raise BadInput("The edited data is not a JSON object.", todo="Go back and write it as {…}.")
    return data
