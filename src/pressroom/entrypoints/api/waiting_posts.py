"""`/api/v1/waiting-posts`: posts that wait for their time; their words, their time, and taking them back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from pressroom.entrypoints.api.context import CallerHere, RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.job_actions import as_conflict
from pressroom.entrypoints.api.letters_shown import shown_to
from pressroom.entrypoints.api.paging import Page, Paged
from pressroom.entrypoints.api.problems import DoesNotFit
from pressroom.entrypoints.api.publications_shapes import PublicationLine
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.entrypoints.api.waiting_posts_shapes import WaitingChange
from pressroom.errors import BadInput, NotFound
from pressroom.publications import Publication, PublicationState
from pressroom.runtime import Runtime

router = APIRouter(prefix="/api/v1/waiting-posts", tags=["publications"])

FURTHEST = timedelta(days=3660)
"""What lies beyond is a slip of the finger."""
_WAITING = (PublicationState.REQUESTED, PublicationState.SCHEDULED)


@router.get(
    "",
    operation_id="list_waiting_posts",
    response_model=Page[PublicationLine],
    responses=problems(400, 422),
    dependencies=[needs(Scope.READ)],
)
def list_waiting_posts(
    request: Request,
    runtime: RuntimeHere,
    caller: CallerHere,
    paging: Paged,
    channel: Annotated[str, Query(description="Only posts for this channel.", examples=["main"])] = "",
) -> Response:
    """List the posts that wait for their time, their channel's windows or another try, those requested last first.

    `due_at` says when each goes out, and `problem` why only then.
    """
    if channel:
        runtime.publishing.publisher(channel)
    found = _waiting(runtime, channel, paging.one_more, paging.after)
    page, headers = paging.page(found, key=lambda one: one.id, show=lambda one: shown_to(caller, one.as_dict()))
    return answered(request, page, headers=headers)


@router.get(
    "/{publication_id}",
    operation_id="show_waiting_post",
    response_model=PublicationLine,
    responses=problems(404),
    dependencies=[needs(Scope.READ)],
)
def show_waiting_post(request: Request, runtime: RuntimeHere, caller: CallerHere, publication_id: str) -> Response:
    """Show one post that waits, as the list does; once it has moved on, `/api/v1/publications` tells of it."""
    found = _found(runtime, publication_id)
    if not _waits(runtime, found):
        raise NotFound(
            f"The post {publication_id} does not wait: it is {found.state}.",
            todo=f"/api/v1/publications/{publication_id} tells of it.",
        )
    return answered(request, shown_to(caller, found.as_dict()))


@router.patch(
    "/{publication_id}",
    operation_id="change_waiting_post",
    response_model=PublicationLine,
    responses=problems(404, 409, 422),
    dependencies=[needs(Scope.PUBLISH)],
)
def change_waiting_post(
    runtime: RuntimeHere, caller: CallerHere, publication_id: str, change: WaitingChange
) -> JSONResponse:
    """Give a waiting post other words or another time; what is sent later is what stands then.

    One that has moved on meanwhile is not changed (409). The same change twice is the same post. `due_at` and
    `problem` are what they then are: null for one that nothing holds back any more, which is tried at once.
    """
    before = _found(runtime, publication_id)
    if change.publish_at:
        _refuse_time(change.publish_at, runtime.ports.clock.now())
    try:
        changed = runtime.waiting_posts.change(publication_id, text=change.text, publish_at=change.publish_at)
    except BadInput as error:
        # The words may not fit, which is the request's fault; or the post waits no more, which is the moment's.
        is_the_same = before.state in _WAITING and runtime.ports.publications.get(publication_id) == before
        raise error if is_the_same else as_conflict(error) from error
    return JSONResponse(shown_to(caller, changed.as_dict()))


@router.post(
    "/{publication_id}/withdraw",
    operation_id="withdraw_waiting_post",
    response_model=PublicationLine,
    responses=problems(404, 409),
    dependencies=[needs(Scope.PUBLISH)],
)
def withdraw_waiting_post(runtime: RuntimeHere, caller: CallerHere, publication_id: str) -> JSONResponse:
    """Take a waiting post back: nothing sends it any more, and its job goes on with the other channels."""
    _found(runtime, publication_id)
    try:
        return JSONResponse(shown_to(caller, runtime.waiting_posts.withdraw(publication_id).as_dict()))
    except BadInput as error:
        raise as_conflict(error) from error


def _waiting(runtime: Runtime, channel: str, limit: int, after: str | None) -> list[Publication]:
    """Return so many posts that wait; what a job that has ended left behind waits for nothing."""
    found: list[Publication] = []
    while len(found) < limit:
        some = runtime.ports.publications.find(states=_WAITING, channel=channel or None, limit=limit, before=after)
        found += [one for one in some if _waits(runtime, one)]
        if len(some) < limit:
            break
        after = some[-1].id
    return found[:limit]


def _waits(runtime: Runtime, publication: Publication) -> bool:
    job = runtime.ports.jobs.get(publication.job_id)
    return publication.state in _WAITING and job is not None and not job.status.has_ended


def _refuse_time(wanted: datetime, now: datetime) -> None:
    if wanted <= now:
        why = f"is over; it is {now.isoformat(timespec='seconds')}"
    elif wanted > now + FURTHEST:
        why = f"is more than {FURTHEST.days} days from now"
    else:
        return
    raise DoesNotFit(
        f"{wanted.isoformat()} {why}.", todo="Give a time that is still to come and not so far; the post is as it was."
    )


def _found(runtime: Runtime, publication_id: str) -> Publication:
    publication = runtime.ports.publications.get(publication_id)
    if publication is None:
        raise NotFound(
            f"There is no post {publication_id}.", todo="/api/v1/waiting-posts lists those that wait for their time."
        )
    return publication
