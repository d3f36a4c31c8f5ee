"""`/api/v1/held`: every post that waits for a person, with what is known of it and where a decision is sent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from pressroom.documents import held_document, waiting_document
from pressroom.entrypoints.api.context import CallerHere, RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.letters_shown import without_words
from pressroom.entrypoints.api.paging import Page, Paged
from pressroom.entrypoints.api.publications_shapes import HeldPost
from pressroom.entrypoints.api.scopes import Caller, Scope, needs
from pressroom.errors import BadInput
from pressroom.publications import PublicationState
from pressroom.runtime import Runtime

router = APIRouter(prefix="/api/v1/held", tags=["publications"])

_SENT, _FLAGGED = "sent", "flagged"


@router.get(
    "",
    operation_id="list_held",
    response_model=Page[HeldPost],
    responses=problems(400),
    dependencies=[needs(Scope.READ)],
)
def list_held(request: Request, runtime: RuntimeHere, caller: CallerHere, paging: Paged) -> Response:
    """List the posts that wait for a person, the newest of each kind first.

    Two kinds: a publication of which nobody could find out whether it is on its network; then a post that moderation
    has flagged, which has no publication yet and goes by its job.
    """
    found = list(islice(_held(runtime, caller, paging.one_more, paging.after), paging.one_more))
    page, headers = paging.page(found, key=_place, show=lambda one: one | {"decide_at": _decide_at(one)})
    return answered(request, page, headers=headers)


def _held(runtime: Runtime, caller: Caller, limit: int, after: str | None) -> Iterator[dict[str, Any]]:
    """Yield what is held from behind a place on; up to `limit` of each kind are looked for."""
    kind, *place = (after or _SENT).split(" ", 2)
    if kind not in (_SENT, _FLAGGED) or len(place) != {_SENT: int(after is not None), _FLAGGED: 2}[kind]:
        raise BadInput("This cursor is none of this listing.", todo="Take it from `next` as it is.")
    if kind == _SENT:
        before = place[0] if place else None
        states = [PublicationState.HELD]
        for publication in runtime.ports.publications.find(states=states, limit=limit, before=before):
            document = held_document(runtime.ports.events, publication)
            if publication.post.letter and not caller.is_operator:
                document["known"] = without_words(document["known"])
            yield document
    # Ids begin with the time: the newest job has the greatest.
    by_step = sorted(runtime.approvals.waiting(), key=lambda one: one.step)
    for waiting in sorted(by_step, key=lambda one: one.job.id, reverse=True):
        if kind == _SENT or waiting.job.id < place[0] or (waiting.job.id == place[0] and waiting.step > place[1]):
            yield waiting_document(waiting)


def _place(document: dict[str, Any]) -> str:
    if document["publication_id"] is None:
        return f"{_FLAGGED} {document['job_id']} {document['step']}"
    return f"{_SENT} {document['publication_id']}"


def _decide_at(document: dict[str, Any]) -> dict[str, str]:
    if document["publication_id"] is None:
        return {action: f"/api/v1/jobs/{document['job_id']}/{action}" for action in document["actions"]}
    resolve = f"/api/v1/publications/{document['publication_id']}/resolve"
    return dict.fromkeys(document["actions"], resolve)
