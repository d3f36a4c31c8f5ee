"""What `/generative-ai-images` takes and answers, word for word as its clients know it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pressroom.errors import BadInput
from pressroom.web_addresses import LONGEST_URL, read_address


def _can_be_read(url: str) -> str:
    try:
        return read_address(url).url
    except BadInput as error:
        raise ValueError(error.what) from error


class ImageWish(BaseModel):
    """Which product a picture is wanted of."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"productUrl": "https://shop.example/terra-mug"}]})

    productUrl: Annotated[str, AfterValidator(_can_be_read)] = Field(  # noqa: N815 - as clients know it
        min_length=1, max_length=LONGEST_URL, description="The product's own page, at a public address."
    )


class ImageStarted(BaseModel):
    """A picture is being made."""

    jobId: str = Field(examples=["job_01a1fbbc7b8975cd8d534eabbf2f7dca"])  # noqa: N815
    message: str = Field(examples=["Image generation started"])
    statusUrl: str = Field(  # noqa: N815
        description="Where to ask how far it is; works as given.",
        examples=["https://press.example/generative-ai-images/status/job_01a1fbbc7b8975cd8d534eabbf2f7dca"],
    )


class ImageStatus(BaseModel):
    """How far a picture is; what does not apply is left out. Times are whole seconds since 1970."""

    jobId: str  # noqa: N815
    status: Literal["pending", "processing", "completed", "failed"]
    createdAt: int = Field(examples=[1795219996])  # noqa: N815
    message: str | None = Field(None, examples=["The image is ready"])
    completedAt: int | None = None  # noqa: N815
    imageUrl: str | None = Field(None, description="Signed, and anew with each answer.")  # noqa: N815
    urlExpiresAt: int | None = None  # noqa: N815
    fileName: str | None = Field(None, examples=["terra-mug-abbf2f7dca.jpg"])  # noqa: N815
    contentType: Literal["image/jpeg"] | None = None  # noqa: N815
    overlayText: str | None = Field(None, examples=["Studio Nord · Terra Mug · €24.00"])  # noqa: N815
    failedAt: int | None = None  # noqa: N815
    error: str | None = Field(None, description="Why there is no picture, and what to do.")


class JobNotFound(BaseModel):
    """There is no such job, or it has expired."""

    message: Literal["Job not found"]
