"""`/api/v1/publications`: each post on each channel with its state, its attempts, and what a person decides."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from pressroom.desk import Resolution
from pressroom.documents import held_document
from pressroom.entrypoints.api.context import CallerHere, RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.job_actions import as_conflict
from pressroom.entrypoints.api.letters_shown import shown_to
from pressroom.entrypoints.api.paging import Page, Paged
from pressroom.entrypoints.api.problems import DoesNotFit
from pressroom.entrypoints.api.publications_shapes import PublicationDocument, PublicationLine, Resolve
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.errors import BadInput, NotFound
from pressroom.publications import Publication, PublicationState
from pressroom.runtime import Runtime

router = APIRouter(prefix="/api/v1/publications", tags=["publications"])


@router.get(
    "",
    operation_id="list_publications",
    response_model=Page[PublicationLine],
    responses=problems(400),
    dependencies=[needs(Scope.READ)],
)
def list_publications(
    request: Request,
    runtime: RuntimeHere,
    caller: CallerHere,
    paging: Paged,
    channel: Annotated[str, Query(description="Only posts on this channel.", examples=["main"])] = "",
    state: Annotated[
        list[PublicationState] | None, Query(description="Only posts in this state; may be given several times.")
    ] = None,
) -> Response:
    """List publications, those requested last first."""
    found = runtime.ports.publications.find(
        states=state or (), channel=channel or None, limit=paging.one_more, before=paging.after
    )
    page, headers = paging.page(found, key=lambda one: one.id, show=lambda one: shown_to(caller, one.as_dict()))
    return answered(request, page, headers=headers)


@router.get(
    "/{publication_id}",
    operation_id="show_publication",
    response_model=PublicationDocument,
    responses=problems(404),
    dependencies=[needs(Scope.READ)],
)
def show_publication(request: Request, runtime: RuntimeHere, caller: CallerHere, publication_id: str) -> Response:
    """Show one publication: its post, its attempts, why it waits, and what can be decided about it."""
    return answered(request, shown_to(caller, _document(runtime, _found(runtime, publication_id))))


@router.post(
    "/{publication_id}/resolve",
    operation_id="resolve_publication",
    response_model=PublicationDocument,
    responses=problems(404, 409, 422),
    dependencies=[needs(Scope.PUBLISH)],
)
def resolve_publication(
    runtime: RuntimeHere, caller: CallerHere, publication_id: str, resolve: Resolve
) -> JSONResponse:
    """Carry out what a person decided about a held publication; its job goes on from there.

    Look on the network first: nothing is sent again on a guess. Of two decisions at once the first counts (409).
    """
    says_where = bool(resolve.url or resolve.remote_id)
    if (resolve.action is Resolution.IT_IS_THERE) != says_where:
        raise DoesNotFit(
            f"The action {resolve.action} comes {'without' if says_where else 'with'} the post's url or remote_id.",
            todo="A post that is there has an address; for the other actions there is none.",
        )
    _found(runtime, publication_id)
    try:
        done = runtime.publishing.resolve(publication_id, resolve.action, remote_id=resolve.remote_id, url=resolve.url)
    except BadInput as error:
        raise as_conflict(error) from error
    return JSONResponse(shown_to(caller, _document(runtime, done)))


def _found(runtime: Runtime, publication_id: str) -> Publication:
    publication = runtime.ports.publications.get(publication_id)
    if publication is None:
        raise NotFound(f"There is no publication {publication_id}.", todo="/api/v1/publications lists those there are.")
    return publication


def _document(runtime: Runtime, publication: Publication) -> dict[str, Any]:
    held = None
    if publication.state is PublicationState.HELD:
        held = held_document(runtime.ports.events, publication)
    return publication.as_dict() | {
        "actions": held["actions"] if held else [],
        "known": held["known"] if held else None,
    }
