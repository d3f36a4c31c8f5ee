"""`/api/v1/held`: every post that waits for a person, with what is known of it and where a decision is sent."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from pressroom.documents import held_document, waiting_document
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.publications_shapes import HeldPosts
from pressroom.entrypoints.api.scopes import Scope, needs

router = APIRouter(prefix="/api/v1/held", tags=["publications"])


@router.get("", operation_id="list_held", response_model=HeldPosts, dependencies=[needs(Scope.READ)])
def list_held(request: Request, runtime: RuntimeHere) -> Response:
    """List the posts that wait for a person.

    Two kinds: a publication of which nobody could find out whether it is on its network; and a post that moderation
    has flagged, which has no publication yet and goes by its job.
    """
    sent = [held_document(runtime.ports.events, publication) for publication in runtime.publishing.held()]
    flagged = [waiting_document(waiting) for waiting in runtime.approvals.waiting()]
    return answered(request, {"items": [one | {"decide_at": _decide_at(one)} for one in (*sent, *flagged)]})


def _decide_at(document: dict[str, Any]) -> dict[str, str]:
    if document["publication_id"] is None:
        return {action: f"/api/v1/jobs/{document['job_id']}/{action}" for action in document["actions"]}
    resolve = f"/api/v1/publications/{document['publication_id']}/resolve"
    return dict.fromkeys(document["actions"], resolve)
