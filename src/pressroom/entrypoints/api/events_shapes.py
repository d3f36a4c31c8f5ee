"""The documents of events, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

JOB_ID = "job_0197f3c2a0c47d1f9b62e3a1d4c5b6a7"
EVENT_ID = "evt_0197f3c2a1d27c0e8a51d2f0c3b4a596"


class EventLine(BaseModel):
    """A fact: the CloudEvents 1.0 envelope, with its job, its cause and its place in the log."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(examples=[EVENT_ID])
    source: str = Field(examples=["pressroom"])
    type: str = Field(description="What happened, in the past tense.", examples=["PostPublished"])
    subject: str = Field(description="The id or key of what it happened to.", examples=[JOB_ID])
    time: datetime
    datacontenttype: str = Field(examples=["application/json"])
    data: dict[str, Any] = Field(description="By type; /api/v1/events tells of every type in the reference.")
    job_id: str | None = Field(examples=[JOB_ID])
    cause_id: str | None = Field(description="The event that led to this one.", examples=[None])
    position: int = Field(description="Its place in the log; positions only grow.", examples=[17])
