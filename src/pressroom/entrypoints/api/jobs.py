"""`/api/v1/jobs`: every job with its whole history, as `pressroom jobs --json` tells it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from pressroom.documents import event_document, job_document, job_line
from pressroom.entrypoints.api.context import CallerHere, RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.event_choice import EventChoice, at, position_of
from pressroom.entrypoints.api.events_shapes import EventLine
from pressroom.entrypoints.api.jobs_shapes import JobDocument, JobLine
from pressroom.entrypoints.api.letters_shown import shown_to
from pressroom.entrypoints.api.paging import Page, Paged
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.entrypoints.api.signed_assets import asset_document
from pressroom.errors import NotFound
from pressroom.jobs import Job, JobStatus
from pressroom.runtime import Runtime

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])


@router.get(
    "",
    operation_id="list_jobs",
    response_model=Page[JobLine],
    responses=problems(400),
    dependencies=[needs(Scope.READ)],
)
def list_jobs(
    request: Request,
    runtime: RuntimeHere,
    paging: Paged,
    pipeline: Annotated[str, Query(description="Only jobs of this pipeline.", examples=["daily_post"])] = "",
    status: Annotated[
        list[JobStatus] | None, Query(description="Only jobs with this status; may be given several times.")
    ] = None,
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="Only jobs whose input or result, such as recognised text, has words that begin so.",
            examples=["receipt"],
        ),
    ] = "",
) -> Response:
    """List jobs, newest first. `/api/v1/jobs/{job_id}` tells the rest of each."""
    found = runtime.ports.jobs.find(
        limit=paging.one_more, before=paging.after, pipeline=pipeline or None, statuses=status or (), text=q
    )
    page, headers = paging.page(found, key=lambda job: job.id, show=job_line)
    return answered(request, page, headers=headers)


@router.get(
    "/{job_id}",
    operation_id="show_job",
    response_model=JobDocument,
    responses=problems(404),
    dependencies=[needs(Scope.READ)],
)
def show_job(request: Request, runtime: RuntimeHere, caller: CallerHere, job_id: str) -> Response:
    """Show one job with everything that is known of it: steps, events, assets, posts, costs, what is dead."""
    job = found_job(runtime, job_id)
    assets: list[dict[str, Any]] = [asset_document(runtime, one) for one in runtime.ports.assets.of_job(job_id)]
    document = job_document(runtime, job) | {"assets": assets}
    document["publications"] = [shown_to(caller, one) for one in document["publications"]]
    return answered(request, document)


@router.get(
    "/{job_id}/events",
    operation_id="list_job_events",
    response_model=Page[EventLine],
    responses=problems(400, 404),
    dependencies=[needs(Scope.READ)],
)
def list_job_events(request: Request, runtime: RuntimeHere, job_id: str, paging: Paged) -> Response:
    """List what happened to a job, oldest first. `/api/v1/events/stream?job=…` tells it as it happens."""
    found_job(runtime, job_id)
    choice = EventChoice(job_id=job_id)
    events = choice.read(runtime.ports.events, paging.one_more, position_of(paging.after))
    page, headers = paging.page(events, key=lambda one: str(at(one)), show=event_document)
    return answered(request, page, headers=headers)


def found_job(runtime: Runtime, job_id: str) -> Job:
    job = runtime.ports.jobs.get(job_id)
    if job is None:
        raise NotFound(f"There is no job {job_id}.", todo="/api/v1/jobs lists the jobs there are.")
    return job
