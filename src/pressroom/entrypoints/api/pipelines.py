"""`/api/v1/pipelines`: what can be started, with what, and starting it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from pressroom.documents import job_line
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.jobs_shapes import JobsStarted, Start
from pressroom.entrypoints.api.once import Made, OnceHere
from pressroom.entrypoints.api.pipeline_flow import first_sentence, flow, seconds, trigger_document
from pressroom.entrypoints.api.pipeline_inputs import checked_input, input_schema, needs_input
from pressroom.entrypoints.api.pipelines_shapes import PipelineDocument, PipelineList
from pressroom.entrypoints.api.problems import DoesNotFit
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.jobs import Job
from pressroom.pipeline import Pipeline, Step
from pressroom.runtime import Runtime
from pressroom.scheduler import Scheduler

router = APIRouter(prefix="/api/v1/pipelines", tags=["pipelines"])

STARTED: dict[str, Any] = {
    "description": "The job is accepted.",
    "headers": {
        "Location": {"description": "Where the job is told of.", "schema": {"type": "string"}},
        "Idempotency-Replayed": {
            "description": "`true` if the same request was answered before; nothing was started again.",
            "schema": {"type": "string"},
        },
    },
}


@router.get("", operation_id="list_pipelines", response_model=PipelineList, dependencies=[needs(Scope.READ)])
def list_pipelines(request: Request, runtime: RuntimeHere) -> Response:
    """List the pipelines that are installed, with what starts each and when it does next."""
    starts = Scheduler(runtime).next_starts()
    lines = [_line(runtime, one, starts) for _, one in sorted(runtime.runner.pipelines().items())]
    return answered(request, {"items": lines})


@router.get(
    "/{name}",
    operation_id="show_pipeline",
    response_model=PipelineDocument,
    responses=problems(404),
    dependencies=[needs(Scope.READ)],
)
def show_pipeline(request: Request, runtime: RuntimeHere, name: str) -> Response:
    """Show one pipeline: its input as JSON Schema, its steps, its settings."""
    pipeline = runtime.runner.pipeline(name)
    settings = runtime.runner.execution.settings[name]
    document = _line(runtime, pipeline, Scheduler(runtime).next_starts()) | {
        "input": input_schema(pipeline),
        "steps": flow(pipeline.steps, settings),
        "on_failure": flow(pipeline.on_failure, settings),
        "keep_days": (settings.keep or pipeline.keep).total_seconds() / 86400,
        "deadline_seconds": seconds(pipeline.deadline),
        "settings": settings.model_dump(mode="json"),
    }
    return answered(request, document)


@router.post(
    "/{name}/jobs",
    operation_id="start_job",
    status_code=202,
    response_model=JobsStarted,
    responses={202: STARTED, **problems(404, 409, 422)},
    dependencies=[needs(Scope.WRITE)],
)
def start_job(runtime: RuntimeHere, name: str, start: Start, once: OnceHere) -> Response:
    """Start a pipeline: the job is stored when this answers, and a worker runs it.

    One start may mean several jobs, such as one for each theme of a day: then `jobs` lists them all. What stands
    for the same already is answered, and not started again.
    """
    pipeline = runtime.runner.pipeline(name)
    if pipeline.upload_gate is not None:
        raise DoesNotFit(
            f"{name} works on a file, and this address takes none: nothing was started.",
            where=name,
            todo=f'Ask for an upload: POST /api/v1/uploads with {{"pipeline": "{name}"}}. Its file starts the job.',
        )
    given = checked_input(pipeline, start.input)
    return once(lambda along: runtime.runner.request(name, given, trigger="api", along=along), _started)


def _started(jobs: Sequence[Job]) -> Made:
    if not jobs:
        raise DoesNotFit("With this input there is nothing to do, so no job was started.", todo="Change the input.")
    lines = [job_line(job) for job in jobs]
    follow = f"/api/v1/events/stream?job={jobs[0].id}&after=0&until_ended=true"
    return Made(lines[0] | {"jobs": lines, "events_url": follow}, f"/api/v1/jobs/{jobs[0].id}")


def _line(runtime: Runtime, pipeline: Pipeline, starts: dict[str, datetime]) -> dict[str, Any]:
    return {
        "name": pipeline.name,
        "does": _does(pipeline),
        "trigger": trigger_document(pipeline, runtime.runner.execution.settings[pipeline.name]),
        "needs_input": needs_input(pipeline),
        "next_start": starts.get(pipeline.name),
    }


def _does(pipeline: Pipeline) -> str:
    """Return what the module of the pipeline's first own function says of itself."""
    for node in pipeline.nodes():
        module = sys.modules.get(node.run.__module__) if isinstance(node, Step) else None
        if getattr(module, "pipeline", None) is pipeline:
            return first_sentence(module)
    return ""
