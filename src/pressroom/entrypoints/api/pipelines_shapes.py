"""The documents of pipelines, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class TriggerDocument(BaseModel):
    """What starts the pipeline; every pipeline can also be started by hand."""

    kind: Literal["schedule", "request", "upload", "event", "poll"] = Field(examples=["schedule"])
    cron: str | None = Field(None, description="Of a schedule; null if it is switched off.", examples=["0 8 * * *"])
    zone: str | None = Field(None, description="The IANA zone of a schedule.", examples=["UTC"])
    event: str | None = Field(None, description="The type of the event that starts it.", examples=["AssetStored"])
    source: str | None = Field(None, description="The `[sources.NAME]` section that feeds it.", examples=["inbox"])


class Flow(BaseModel):
    """One part of a pipeline. What is within it stands in `branches`, which run side by side or one of them."""

    kind: Literal["step", "parallel", "choice", "for_each", "event"] = Field(
        description="`choice` goes its first branch or its second; `for_each` runs its one branch for each item; "
        "`event` waits for an event of the job.",
        examples=["step"],
    )
    name: str = Field(examples=["draw_picture"])
    does: str = Field(description="In one sentence; often empty.", examples=["Draw the picture of the day."])
    queue: str | None = Field(None, description="Of a step: where it waits.", examples=["steps"])
    event: str | None = Field(None, description="The type that is waited for.", examples=["AssetStored"])
    deadline_seconds: float | None = Field(None, description="How long a join waits; null for as long as it takes.")
    optional: bool | None = Field(None, description="Whether a branch that fails or comes late is passed over.")
    branches: list[list[Flow]] = []


class PipelineLine(BaseModel):
    name: str = Field(examples=["daily_post"])
    does: str = Field(description="In one sentence.", examples=["A themed picture and its post for every day."])
    trigger: TriggerDocument
    needs_input: bool = Field(description="Whether it cannot start without input.", examples=[False])
    next_start: datetime | None = Field(description="Null without a schedule.")


class PipelineDocument(PipelineLine):
    input: dict[str, Any] = Field(
        description="What it is started with, as JSON Schema.",
        examples=[{"type": "object", "properties": {"date": {"type": "string", "format": "date"}}}],
    )
    steps: list[Flow]
    on_failure: list[Flow] = Field(description="What runs after a failure.")
    keep_days: float = Field(description="How long jobs and what they made are kept.", examples=[90])
    deadline_seconds: float | None = Field(description="Of a whole job; null for none.")
    settings: dict[str, Any] = Field(
        description="Those of `[pipelines.NAME]`, with their defaults.", examples=[{"channels": ["main"]}]
    )


class PipelineList(BaseModel):
    items: list[PipelineLine]
