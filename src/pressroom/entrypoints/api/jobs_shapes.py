"""The documents of jobs, as the API's description shows them: those of `pressroom jobs --json`, with addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pressroom.entrypoints.api.asset_shapes import AssetLine
from pressroom.entrypoints.api.costs_shapes import JobCosts
from pressroom.entrypoints.api.dead_shapes import DeadLetterLine
from pressroom.entrypoints.api.events_shapes import JOB_ID, EventLine
from pressroom.entrypoints.api.problem_shapes import StoredProblem
from pressroom.entrypoints.api.publications_shapes import PublicationLine
from pressroom.jobs import JobStatus, StepStatus


class JobLine(BaseModel):
    """A job as lists show it."""

    id: str = Field(examples=[JOB_ID])
    pipeline: str = Field(examples=["daily_post"])
    status: JobStatus = Field(examples=["completed"])
    phase: str = Field(description="The pipeline's own word beside the status; often empty.", examples=["uploaded"])
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    expires_at: datetime | None = Field(description="Then its content is removed.")
    input: dict[str, Any] = Field(description="The pipeline's own.", examples=[{"date": "2026-10-31"}])
    result: dict[str, Any] = Field(
        description="The pipeline's own; grows with each step.", examples=[{"theme": "Cake"}]
    )
    error: StoredProblem | None = Field(description="Why it failed, was skipped, is held or was cancelled.")


class StepLine(BaseModel):
    path: str = Field(description="Its place in the pipeline.", examples=["publish_post[main]"])
    status: StepStatus = Field(examples=["completed"])
    attempts: int = Field(examples=[1])
    started_at: datetime | None
    completed_at: datetime | None
    output: Any = Field(description="The step's own.", examples=[{}])
    error: StoredProblem | None


class JobDocument(JobLine):
    """Everything that is known of a job."""

    steps: list[StepLine]
    events: list[EventLine]
    assets: list[AssetLine]
    cost: JobCosts
    publications: list[PublicationLine]
    dead: list[DeadLetterLine] = Field(description="What nobody tries any more; `retry` puts it back.")


class JobsStarted(JobLine):
    """The job that was started, or that stands for the same already; of several the first."""

    jobs: list[JobLine] = Field(description="Every job that this start means, the first included.")
    events_url: str = Field(
        description="Streams the first job's events until it has ended.",
        examples=[f"/api/v1/events/stream?job={JOB_ID}&after=0&until_ended=true"],
    )


class Start(BaseModel):
    """What a pipeline is started with."""

    model_config = ConfigDict(extra="forbid")

    input: dict[str, Any] = Field(
        default_factory=dict,
        description="As the pipeline's `input` describes it.",
        examples=[{"date": "2026-10-31"}],
    )
