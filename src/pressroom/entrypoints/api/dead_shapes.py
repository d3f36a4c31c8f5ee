"""The documents of dead deliveries, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pressroom.deliveries import Task
from pressroom.entrypoints.api.events_shapes import EVENT_ID, JOB_ID
from pressroom.entrypoints.api.problem_shapes import StoredProblem


class Failure(BaseModel):
    at: datetime
    attempt: int = Field(examples=[1])
    what: str = Field(examples=["The picture model is overloaded."])


class DeadLetterLine(BaseModel):
    """A delivery that nobody tries again by themselves."""

    id: int = Field(examples=[12])
    queue: str = Field(examples=["steps"])
    task: Task = Field(examples=["step"])
    name: str = Field(description="The step's path, or the subscriber.", examples=["draw_picture"])
    job_id: str | None = Field(examples=[JOB_ID])
    attempts: int = Field(examples=[6])
    died_at: datetime
    error: StoredProblem = Field(description="The last one.")
    advice: str = Field(description="What to do next.", examples=["Redrive it in a while."])
    history: list[Failure] = Field(description="The oldest first.")
    data: dict[str, Any] = Field(description="What it carries in the place of its step's own input.", examples=[{}])
    event_id: str | None = Field(description="What led to it.", examples=[EVENT_ID])


class Redrive(BaseModel):
    """How one delivery goes back to its queue."""

    model_config = ConfigDict(extra="forbid")

    data: dict[str, Any] | None = Field(
        None,
        description="Arguments of its step by name, in the place of what it carries.",
        examples=[{"size": "small"}],
    )


class RedriveMany(BaseModel):
    """Which deliveries go back to their queues: all that fit, so an empty object means every one."""

    model_config = ConfigDict(extra="forbid")

    queue: str | None = Field(None, description="Only those of this queue.", examples=["steps"])
    job: str | None = Field(None, description="Only those of this job.", examples=[JOB_ID])
    limit: int = Field(100, ge=1, le=1000, description="How many at most, those that died last first.")


class Refused(BaseModel):
    id: int
    error: StoredProblem


class Redriven(BaseModel):
    redriven: list[int] = Field(description="The ids of those that are back on their queues.", examples=[[12, 11]])
    refused: list[Refused] = Field(description="Those that cannot go back, and why.")
    left: int = Field(description="How many are dead now, of all queues.", examples=[0])
