"""`/api/v1/events`: the log, page by page, and as a stream of what happens."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from pressroom.documents import event_document
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.event_choice import EventChoice, at, position_of
from pressroom.entrypoints.api.event_streams import EventStreams, Wanted
from pressroom.entrypoints.api.events_shapes import EventLine
from pressroom.entrypoints.api.moments import Moment
from pressroom.entrypoints.api.paging import Page, Paged
from pressroom.entrypoints.api.scopes import Scope, needs

router = APIRouter(prefix="/api/v1/events", tags=["events"])

_LARGEST = 2**63 - 1
Types = Annotated[
    list[str] | None,
    Query(
        alias="type",
        max_length=50,
        description="Only events of this type; several may be named.",
        examples=["JobFailed"],
    ),
]
OfJob = Annotated[str, Query(alias="job", description="Only events of this job.")]


@router.get(
    "",
    operation_id="list_events",
    response_model=Page[EventLine],
    responses=problems(400),
    dependencies=[needs(Scope.READ)],
)
def list_events(
    request: Request,
    runtime: RuntimeHere,
    paging: Paged,
    types: Types = None,
    job_id: OfJob = "",
    since: Annotated[Moment | None, Query(description="The first moment, with its zone.")] = None,
    until: Annotated[Moment | None, Query(description="The moment before which to stop.")] = None,
    order: Annotated[Literal["oldest", "newest"], Query(description="Which comes first.")] = "oldest",
) -> Response:
    """List events in the order of the log, or backwards. `/api/v1/events/stream` goes on where a list ends."""
    choice = EventChoice(
        types=tuple(types or ()), job_id=job_id, since=since, until=until, newest_first=order == "newest"
    )
    found = choice.read(runtime.ports.events, paging.one_more, position_of(paging.after))
    page, headers = paging.page(found, key=lambda one: str(at(one)), show=event_document)
    return answered(request, page, headers=headers)


async def _streams(request: Request) -> EventStreams:
    found: EventStreams = request.app.state.event_streams
    return found


_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Messages: `id` is the event's position, `event` its type, `data` its CloudEvents envelope.",
        "content": {
            "text/event-stream": {
                "itemSchema": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "description": "The event's position in the log."},
                        "event": {"type": "string", "description": "The event's type."},
                        "data": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "description": "The event's CloudEvents envelope.",
                        },
                        "retry": {"type": "integer", "minimum": 0},
                    },
                },
                "example": 'event: JobStarted\ndata: {"specversion": "1.0", "type": "JobStarted"}\nid: 17\n\n',
            }
        },
    },
    204: {"description": "There is nothing to come: the job has ended, and `until_ended` was asked for."},
}


@router.get(
    "/stream",
    operation_id="stream_events",
    response_class=Response,
    responses={**_STREAM, **problems(400, 404, 503)},
    dependencies=[needs(Scope.READ)],
)
async def stream_events(
    streams: Annotated[EventStreams, Depends(_streams)],
    types: Types = None,
    job_id: OfJob = "",
    after: Annotated[
        int | None,
        Query(
            ge=0,
            le=_LARGEST,
            description="The position behind which to begin, 0 for the whole log; what happens from now on by default.",
        ),
    ] = None,
    until_ended: Annotated[bool, Query(description="With `job`: the stream ends when the job has ended.")] = False,
    last_event_id: Annotated[
        str | None, Header(description="The last `id` that was read, as a browser sends it; wins over `after`.")
    ] = None,
) -> Response:
    """Stream events as they are stored (server-sent events), each once and in order.

    A stream ends after a quarter of an hour at the latest, and whenever the server stops; whoever comes back with
    `Last-Event-ID` misses nothing. Browsers do so by themselves.
    """
    wanted = Wanted(
        after=after if last_event_id is None else position_of(last_event_id.strip()),
        types=tuple(types or ()),
        job_id=job_id,
        until_ended=until_ended and bool(job_id),
    )
    return await streams.open(wanted) or Response(status_code=204)
