"""`/api/v1/dead`: deliveries that nobody tries again by themselves: looked at, put back, or discarded."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from pressroom.deliveries import DeadLetter
from pressroom.documents import dead_document
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.dead_shapes import DeadLetterLine, Redrive, RedriveMany, Redriven
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.job_actions import as_conflict
from pressroom.entrypoints.api.paging import Page, Paged
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.errors import BadInput, NotFound, PressroomError
from pressroom.runtime import Runtime

router = APIRouter(prefix="/api/v1/dead", tags=["dead deliveries"])

_LARGEST = 2**63 - 1
DeadId = Annotated[int, Path(ge=1, le=_LARGEST, description="As the list tells it.", examples=[12])]
AS_IT_IS = Redrive()


@router.get(
    "",
    operation_id="list_dead",
    response_model=Page[DeadLetterLine],
    responses=problems(400),
    dependencies=[needs(Scope.READ)],
)
def list_dead(
    request: Request,
    runtime: RuntimeHere,
    paging: Paged,
    queue: Annotated[str, Query(description="Only of this queue.", examples=["steps"])] = "",
    job: Annotated[str, Query(description="Only of this job.")] = "",
) -> Response:
    """List dead deliveries, those that died last first, each with its last error and what to do."""
    found = runtime.ports.dead_letters.find(
        queue=queue or None, job_id=job or None, limit=paging.one_more, before=_place(paging.after)
    )
    page, headers = paging.page(found, key=lambda one: f"{one.died_at.isoformat()} {one.id}", show=dead_document)
    return answered(request, page, headers=headers)


@router.get(
    "/{dead_id}",
    operation_id="show_dead",
    response_model=DeadLetterLine,
    responses=problems(400, 404),
    dependencies=[needs(Scope.READ)],
)
def show_dead(request: Request, runtime: RuntimeHere, dead_id: DeadId) -> Response:
    """Show one dead delivery with its history."""
    return answered(request, dead_document(_found(runtime, dead_id)))


@router.post(
    "/redrive",
    operation_id="redrive_many",
    response_model=Redriven,
    responses=problems(422),
    dependencies=[needs(Scope.PUBLISH)],
)
def redrive_many(runtime: RuntimeHere, which: RedriveMany) -> dict[str, object]:
    """Put all dead deliveries back that fit, at most `limit`. One that cannot go back keeps no other from it."""
    letters = runtime.ports.dead_letters.find(queue=which.queue, job_id=which.job, limit=which.limit)
    redriven, refused = [], []
    for letter in letters:
        try:
            runtime.runner.redrive(letter.id)
        except PressroomError as error:
            refused.append({"id": letter.id, "error": error.problem().as_dict()})
        else:
            redriven.append(letter.id)
    return {"redriven": redriven, "refused": refused, "left": runtime.ports.dead_letters.count()}


@router.post(
    "/{dead_id}/redrive",
    operation_id="redrive",
    status_code=204,
    response_class=Response,
    responses=problems(400, 404, 409),
    dependencies=[needs(Scope.PUBLISH)],
)
def redrive(runtime: RuntimeHere, dead_id: DeadId, how: Redrive = AS_IT_IS) -> None:
    """Put one dead delivery back on its queue, as it is or with other arguments for its step."""
    try:
        runtime.runner.redrive(dead_id, how.data)
    except BadInput as error:
        raise as_conflict(error) from error


@router.delete(
    "/{dead_id}",
    operation_id="discard",
    status_code=204,
    response_class=Response,
    responses=problems(400, 404),
    dependencies=[needs(Scope.PUBLISH)],
)
def discard(runtime: RuntimeHere, dead_id: DeadId) -> None:
    """Remove a dead delivery for good; the log keeps that it was there."""
    runtime.runner.discard(dead_id)


def _found(runtime: Runtime, dead_id: int) -> DeadLetter:
    letter = runtime.ports.dead_letters.get(dead_id)
    if letter is None:
        raise NotFound(
            f"There is no dead delivery {dead_id}.",
            todo="It was put back or discarded; /api/v1/dead lists those there are.",
        )
    return letter


def _place(after: str | None) -> tuple[datetime, int] | None:
    """Return when the last delivery of the page before died, and its id."""
    if after is None:
        return None
    died_at, _, number = after.partition(" ")
    try:
        place = datetime.fromisoformat(died_at), int(number)
    except ValueError:
        place = None
    if place is None or place[0].tzinfo is None or not 0 < place[1] <= _LARGEST:
        raise BadInput("This cursor is none of this listing.", todo="Take it from `next` as it is.")
    return place
