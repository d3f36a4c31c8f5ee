"""The documents of replays, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pressroom.entrypoints.api.moments import Moment
from pressroom.entrypoints.api.problem_shapes import StoredProblem

REPLAY_ID = "rep_0197f3c2a1b07c0e8a51d2f0c3b4a596"


class ReplayWanted(BaseModel):
    """Either `into` or `through`; a read model is always built anew from all events."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    into: str | None = Field(None, description="A read model; `jobs` is one too.", examples=["gallery"])
    through: str | None = Field(None, description="A handler that is switched on.", examples=[None])
    since: Moment | None = Field(None, alias="from", description="The first moment, with `through`.")
    until: Moment | None = Field(None, alias="to", description="The moment before which to stop.")


class ReplayDocument(BaseModel):
    """One replay under way, or what it came to; forgotten when the server stops."""

    id: str = Field(examples=[REPLAY_ID])
    into: str | None = Field(examples=["gallery"])
    through: str | None = Field(examples=[None])
    status: Literal["running", "completed", "failed", "stopped"] = Field(examples=["running"])
    events: int = Field(description="How many were read so far.", examples=[1200])
    started_at: datetime
    ended_at: datetime | None
    error: StoredProblem | None


class Replays(BaseModel):
    items: list[ReplayDocument] = Field(description="Those begun last first.")
    read_models: list[str] = Field(description="What can stand in `into`.", examples=[["gallery", "jobs"]])
    handlers: list[str] = Field(description="What can stand in `through`.", examples=[["notify"]])
