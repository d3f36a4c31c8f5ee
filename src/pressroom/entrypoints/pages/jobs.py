"""`/`: what needs a person, and all jobs, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.forms import PostedForm
from pressroom.entrypoints.pages import pictures
from pressroom.entrypoints.pages.headlines import reached, why
from pressroom.entrypoints.pages.made import headline_of
from pressroom.entrypoints.pages.rendering import page
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import Pipeline
from pressroom.runtime import Runtime

router = APIRouter(include_in_schema=False)

PAGE_LENGTH = 25
RESULT_PICTURES = ("picture", "processed_key", "image_key")
"""What in a result is the key of the picture that came out; the first of them that is there."""
LONGEST_SEARCH = 200
"""Characters that are looked for."""


@dataclass(frozen=True, slots=True)
class Row:
    job: Job
    headline: str
    why: str
    reached: str
    """On how many of its channels it is, if not on all."""
    picture: pictures.Shown | None

    @property
    def took(self) -> timedelta | None:
        return self.job.completed_at - self.job.created_at if self.job.completed_at else None


@dataclass(frozen=True, slots=True)
class Lead:
    """The newest job that posted a picture, as the front page shows it off."""

    job: Job
    headline: str
    picture: pictures.Shown
    text: str
    channels: list[str]
    address: str


@router.get("/")
def overview(
    request: Request,
    runtime: RuntimeHere,
    status: Annotated[str, Query()] = "",
    pipeline: Annotated[str, Query()] = "",
    search: Annotated[str, Query()] = "",
    before: Annotated[str, Query()] = "",
) -> HTMLResponse:
    # A filter that is unknown, from an old bookmark say, is left out and not an error.
    status = status if status in set(JobStatus) else ""
    search = " ".join(search.split())[:LONGEST_SEARCH]
    pipelines = runtime.runner.pipelines()
    found = runtime.ports.jobs.find(
        limit=PAGE_LENGTH + 1,
        before=before or None,
        pipeline=pipeline or None,
        statuses=[JobStatus(status)] if status else (),
        text=search,
    )
    jobs = found[:PAGE_LENGTH]
    rows = [_row(runtime, job) for job in jobs]
    counts = runtime.ports.jobs.count()
    chosen = {"status": status, "pipeline": pipeline, "search": search}

    def address(**changed: str) -> str:
        query = {name: value for name, value in (chosen | changed).items() if value}
        return f"/?{urlencode(query)}" if query else "/"

    return page(
        request,
        "jobs.html",
        rows=rows,
        counts={one.value: counts[one] for one in JobStatus if counts.get(one)},
        pipelines=sorted({*pipelines, pipeline} - {""}),
        lead=_lead(runtime, rows) if not (before or status or pipeline or search) else None,
        can_start=sorted(name for name, one in pipelines.items() if not _asks(one)),
        chosen=chosen,
        is_filtered=bool(status or pipeline or search),
        is_first=not before,
        address=address,
        older=address(before=jobs[-1].id) if len(found) > PAGE_LENGTH else "",
        is_running=any(not job.status.has_ended and job.status != JobStatus.HELD for job in jobs),
        this=address(before=before),
    )


@router.get("/jobs")
def all_jobs() -> RedirectResponse:
    """Lead whoever shortens the address of one job to where all are listed."""
    return RedirectResponse("/", 307)


@router.post("/jobs")
def start(runtime: RuntimeHere, form: PostedForm) -> RedirectResponse:
    """Start a pipeline that needs no input, as `pressroom run` does."""
    jobs = runtime.runner.request(form.text("pipeline"), {})
    if len(jobs) == 1:
        return RedirectResponse(f"/jobs/{jobs[0].id}?note=requested", 303)
    return RedirectResponse("/?note=requested", 303)


def _asks(pipeline: Pipeline) -> bool:
    """Say whether the pipeline cannot start without being told something."""
    needs_file = pipeline.upload_gate is not None
    return needs_file or any(field.is_required() for field in pipeline.input.model_fields.values())


def _row(runtime: Runtime, job: Job) -> Row:
    shown = pictures.of_job(runtime, job.id)
    publications = runtime.ports.publications.of_job(job.id)
    return Row(job, headline_of(runtime.ports, job), why(job), reached(publications), _chosen(shown, job))


def _chosen(shown: list[pictures.Shown], job: Job) -> pictures.Shown | None:
    """Return the picture that a job's result names, rather than one on the way to it; else its first."""
    by_key = {one.key: one for one in shown}
    named = (by_key.get(str(job.result.get(name))) for name in RESULT_PICTURES)
    return next((one for one in named if one is not None), shown[0] if shown else None)


def _lead(runtime: Runtime, rows: list[Row]) -> Lead | None:
    for row in rows:
        if row.picture is None or row.job.status is not JobStatus.COMPLETED:
            continue
        posted = [one for one in runtime.ports.publications.of_job(row.job.id) if one.receipt]
        if posted:
            channels = [one.channel for one in posted]
            address = f"/preview/{posted[0].id}"
            return Lead(row.job, row.headline, row.picture, posted[0].post.text, channels, address)
    return None
