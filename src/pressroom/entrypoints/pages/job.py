"""`/jobs/{id}`: one job with its whole history, and what can be done with it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from pressroom.costs import total
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.pages import pictures
from pressroom.entrypoints.pages.headlines import reached, why
from pressroom.entrypoints.pages.made import headline_of
from pressroom.entrypoints.pages.rendering import page
from pressroom.entrypoints.pages.results import files_of, styles_of, template_of
from pressroom.entrypoints.pages.timeline import timeline
from pressroom.errors import NotFound
from pressroom.jobs import JobStatus
from pressroom.moderating import ApprovalNeeded

router = APIRouter(include_in_schema=False)


@router.get("/jobs/{job_id}")
def one_job(request: Request, runtime: RuntimeHere, job_id: str) -> HTMLResponse:
    ports = runtime.ports
    job = ports.jobs.get(job_id)
    if job is None:
        raise NotFound(f"There is no job {job_id}.", todo="The front page lists every job.")
    now = ports.clock.now()
    events = ports.events.of_job(job_id)
    dead = ports.dead_letters.find(job_id=job_id)
    costs = ports.costs.of_job(job_id)
    posts = ports.publications.of_job(job_id)
    return page(
        request,
        "job.html",
        job=job,
        headline=headline_of(ports, job),
        pictures=pictures.of_job(runtime, job_id),
        result_template=template_of(job.pipeline) if job.result else "",
        result_styles=styles_of(job.pipeline),
        files=files_of(runtime, job_id),
        bars=timeline(ports.jobs.steps(job_id).values(), now),
        events=events,
        number_of={event.id: number for number, event in enumerate(events, 1)},
        costs=costs,
        spent=total(costs),
        posts=posts,
        reached=reached(posts),
        not_posted="" if job.error else why(job),
        dead=dead,
        took=(job.completed_at or now) - job.created_at,
        is_running=not job.status.has_ended and job.status != JobStatus.HELD,
        can_cancel=not job.status.has_ended,
        can_retry=bool(dead),
        to_decide=f"/held#{job_id}" if job.error and job.error.kind == ApprovalNeeded.__name__ else "/held",
    )


@router.post("/jobs/{job_id}/cancel")
def cancel(runtime: RuntimeHere, job_id: str) -> RedirectResponse:
    runtime.runner.cancel(job_id)
    return RedirectResponse(f"/jobs/{job_id}?note=cancelled", 303)


@router.post("/jobs/{job_id}/retry")
def retry(runtime: RuntimeHere, job_id: str) -> RedirectResponse:
    runtime.runner.retry(job_id)
    return RedirectResponse(f"/jobs/{job_id}?note=retried", 303)
