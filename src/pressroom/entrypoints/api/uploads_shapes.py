"""The documents of uploads, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pressroom.entrypoints.api.events_shapes import JOB_ID
from pressroom.jobs import JobStatus

_KEY = f"uploads/{JOB_ID}.png"


class UploadWish(BaseModel):
    """What is to be uploaded, and for which pipeline."""

    model_config = ConfigDict(extra="forbid")

    pipeline: str = Field(max_length=100, examples=["text_extraction"])
    media_type: str = Field(
        "",
        max_length=255,
        description="Of the file; may be left out where the pipeline takes only one.",
        examples=["image/png"],
    )
    bytes: int | None = Field(
        None,
        strict=True,
        description="The size of the file, if it is known: the address then takes exactly so many.",
        examples=[182034],
    )
    input: dict[str, Any] = Field(
        default_factory=dict, description="As the pipeline's `input` describes it.", examples=[{}]
    )


class UploadAsked(BaseModel):
    """A job that waits for its file, and where that is sent: a plain `PUT` of the bytes, with these headers."""

    job_id: str = Field(examples=[JOB_ID])
    status: JobStatus = Field(examples=["upload_pending"])
    key: str = Field(description="The asset's, once the file is there.", examples=[_KEY])
    upload_url: str = Field(
        description="Takes one file, once, until it expires. It needs no key: whoever has it may upload.",
        examples=[f"https://press.example/{_KEY}?max_bytes=20971520&expires=1795046400&type=image%2Fpng&signature=…"],
    )
    headers: dict[str, str] = Field(
        description="Each of them must be sent as it is.", examples=[{"Content-Type": "image/png"}]
    )
    max_bytes: int = Field(description="The address takes no more.", examples=[20971520])
    expires_at: datetime = Field(description="Without a file by then, the job has failed.")
    expires_in: int = Field(description="Seconds, counted from the request.", examples=[600])
    status_url: str = Field(description="Where the job is told of.", examples=[f"/api/v1/jobs/{JOB_ID}"])


class UploadTaken(BaseModel):
    """The file is stored, and its job begins."""

    job_id: str = Field(examples=[JOB_ID])
    status: JobStatus = Field(examples=["pending"])
    status_url: str = Field(examples=[f"/api/v1/jobs/{JOB_ID}"])
