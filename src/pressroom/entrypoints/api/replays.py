"""`/api/v1/replay`: stored events again, into a read model or through a handler. Takes minutes on a long log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.problems import DoesNotFit
from pressroom.entrypoints.api.replaying import Replaying
from pressroom.entrypoints.api.replays_shapes import ReplayDocument, Replays, ReplayWanted
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.errors import NotFound, UnknownName

router = APIRouter(prefix="/api/v1/replay", tags=["replay"], dependencies=[needs(Scope.ADMIN)])


def _replaying(request: Request) -> Replaying:
    found: Replaying = request.app.state.replaying
    return found


ReplayingHere = Annotated[Replaying, Depends(_replaying)]


@router.get("", operation_id="list_replays", response_model=Replays)
def list_replays(request: Request, runtime: RuntimeHere, replaying: ReplayingHere) -> Response:
    """List the replays of this server, and what can be replayed."""
    document = {
        "items": [run.as_dict() for run in replaying.runs()],
        "read_models": runtime.replay.models(),
        "handlers": runtime.replay.handlers(),
    }
    return answered(request, document)


@router.get("/{replay_id}", operation_id="show_replay", response_model=ReplayDocument, responses=problems(404))
def show_replay(request: Request, replaying: ReplayingHere, replay_id: str) -> Response:
    """Show how far a replay is, or what it came to."""
    run = replaying.get(replay_id)
    if run is None:
        raise NotFound(
            f"There is no replay {replay_id} (any more).",
            todo="It is forgotten when the server stops; what it wrote stays. /api/v1/replay lists the others.",
        )
    return answered(request, run.as_dict())


@router.post(
    "",
    operation_id="replay",
    status_code=202,
    response_model=ReplayDocument,
    responses={
        202: {"headers": {"Location": {"description": "Where it is told of.", "schema": {"type": "string"}}}},
        **problems(409, 422),
    },
)
def replay(replaying: ReplayingHere, wanted: ReplayWanted) -> JSONResponse:
    """Run stored events again, into a read model or through a handler; nothing is ever published by it.

    It goes on after this has answered, one at a time (409 while another does). It ends with the server: a read model
    is then caught up when it is next read, and through a handler it has to be asked for again.
    """
    if (wanted.into is None) == (wanted.through is None):
        raise DoesNotFit("Either `into` or `through` must be given.", todo="Name a read model or a handler, not both.")
    if wanted.into is not None and (wanted.since or wanted.until):
        raise DoesNotFit("`from` and `to` go with `through`.", todo="A read model is always built from all events.")
    try:
        run = replaying.start(wanted.into, wanted.through, wanted.since, wanted.until)
    except UnknownName as error:
        raise DoesNotFit(error.what, todo=error.todo) from error
    return JSONResponse(run.as_dict(), 202, {"location": f"/api/v1/replay/{run.id}"})
