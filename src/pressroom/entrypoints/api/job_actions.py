"""`/api/v1/jobs/{id}/…`: what a person does about a job: cancel, retry, approve its post, refuse it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from pressroom.documents import job_line
from pressroom.entrypoints.api.context import CallerHere, RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.jobs_shapes import JobLine
from pressroom.entrypoints.api.publications_shapes import Consent
from pressroom.entrypoints.api.scopes import Caller, Scope, needs
from pressroom.errors import BadInput, Conflict, NotFound
from pressroom.runtime import Runtime

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])

NO_COMMENT = Consent()


class NotNow(Conflict):
    """What it is about is not in a state in which that can be done."""

    retryable = False


@router.post(
    "/{job_id}/cancel",
    operation_id="cancel_job",
    response_model=JobLine,
    responses=problems(404, 409),
    dependencies=[needs(Scope.WRITE)],
)
def cancel_job(runtime: RuntimeHere, job_id: str) -> JSONResponse:
    """End a job; what it has published stays. One that is publishing at this moment is not cancelled (409)."""
    try:
        return JSONResponse(job_line(runtime.runner.cancel(job_id)))
    except BadInput as error:
        raise as_conflict(error) from error


@router.post(
    "/{job_id}/retry",
    operation_id="retry_job",
    response_model=JobLine,
    responses=problems(404, 409),
    # What is dead may be what publishes: this opens what `/api/v1/dead` opens, and no more easily.
    dependencies=[needs(Scope.PUBLISH)],
)
def retry_job(runtime: RuntimeHere, job_id: str) -> JSONResponse:
    """Put everything that is dead in a job back on its queue; steps that were completed are not run again."""
    try:
        return JSONResponse(job_line(runtime.runner.retry(job_id)))
    except BadInput as error:
        raise as_conflict(error) from error


@router.post(
    "/{job_id}/approve",
    operation_id="approve_post",
    response_model=JobLine,
    responses=problems(404, 409),
    dependencies=[needs(Scope.PUBLISH)],
    tags=["publications"],
)
def approve_post(runtime: RuntimeHere, caller: CallerHere, job_id: str, consent: Consent = NO_COMMENT) -> JSONResponse:
    """Let a post that was flagged go out as it stands. `/api/v1/held` lists those that wait."""
    return _decided(runtime, caller, job_id, consent, approve=True)


@router.post(
    "/{job_id}/refuse",
    operation_id="refuse_post",
    response_model=JobLine,
    responses=problems(404, 409),
    dependencies=[needs(Scope.PUBLISH)],
    tags=["publications"],
)
def refuse_post(runtime: RuntimeHere, caller: CallerHere, job_id: str, consent: Consent = NO_COMMENT) -> JSONResponse:
    """Never send a post that was flagged; its job ends as cancelled."""
    return _decided(runtime, caller, job_id, consent, approve=False)


def _decided(runtime: Runtime, caller: Caller, job_id: str, consent: Consent, *, approve: bool) -> JSONResponse:
    decide = runtime.approvals.approve if approve else runtime.approvals.refuse
    by = "over the API" if caller.is_operator else f"over the API, with the key {caller.id}"
    try:
        decide(job_id, consent.comment, by=by, step=consent.step)
    except BadInput as error:
        raise as_conflict(error) from error
    job = runtime.ports.jobs.get(job_id)
    assert job is not None, "it was decided about"
    return JSONResponse(job_line(job))


def as_conflict(error: BadInput) -> BadInput | Conflict:
    """Return what is wrong with the moment, not with the request, as what it is: 409. What is not there stays so."""
    if isinstance(error, NotFound):
        return error
    return NotNow(error.what, where=error.where, todo=error.todo, detail=error.detail)
