"""What may be uploaded to start a pipeline: what is declared, what is set, and what a client announced. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from pressroom.errors import BadInput
from pressroom.incoming import UploadTerms
from pressroom.media import EXTENSIONS
from pressroom.pipeline import Pipeline, PipelineSettings
from pressroom.triggers import Upload

FOLDER = "uploads/"
ANNOUNCED_TYPE = "announced_type"
"""What an uploaded asset's `about` holds: the media type that whoever sent it said."""
LONGEST_SECONDS = 7 * 24 * 3600
"""S3 signs for no longer (https://docs.aws.amazon.com/cli/latest/reference/s3/presign.html, 2026-11-21)."""
_MEDIA_TYPE = re.compile(r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$")
_UNKNOWN_EXTENSION = ".bin"


def _media_type(text: str) -> str:
    plain = text.strip().lower()
    if not _MEDIA_TYPE.match(plain):
        raise ValueError("a media type is written as image/png")
    return plain


MediaType = Annotated[str, AfterValidator(_media_type)]


class UploadSettings(PipelineSettings):
    """For pipelines that an upload starts."""

    accept: tuple[MediaType, ...] = ()
    """Replaces the media types that may be uploaded: ["image/png", "image/jpeg"]."""
    max_upload_bytes: int | None = Field(None, gt=0)
    """Replaces how large an upload may be."""
    upload_seconds: float | None = Field(None, ge=1, le=LONGEST_SECONDS)
    """Replaces how long an upload's URL takes the file."""
    max_pending_uploads: int = Field(1000, ge=1)
    """Uploads that may be awaited at the same time, of all pipelines together; then nobody may ask for another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What a client says of its file before it sends it."""

    media_type: str = ""
    """May be left out where only one is accepted."""
    bytes: int | None = None


def accepted(pipeline: Pipeline, settings: PipelineSettings) -> tuple[str, ...]:
    """Return the media types that may be uploaded; raises `BadInput` for a pipeline that no upload starts."""
    own = settings.accept if isinstance(settings, UploadSettings) else ()
    return own or _trigger(pipeline).types


def most_bytes(pipeline: Pipeline, settings: PipelineSettings) -> int:
    own = settings.max_upload_bytes if isinstance(settings, UploadSettings) else None
    return own or _trigger(pipeline).max_bytes


def time_to_upload(pipeline: Pipeline, settings: PipelineSettings) -> timedelta:
    own = settings.upload_seconds if isinstance(settings, UploadSettings) else None
    return timedelta(seconds=own) if own else _trigger(pipeline).expires


def most_pending(settings: PipelineSettings) -> int:
    kept = settings if isinstance(settings, UploadSettings) else UploadSettings()
    return kept.max_pending_uploads


def terms_for(
    pipeline: Pipeline, settings: PipelineSettings, announced: Announced, job_id: str, now: datetime
) -> UploadTerms:
    """Return what the URL of a job's upload takes; raises `BadInput` if what was announced is not accepted."""
    media_type = _accepted_type(pipeline, accepted(pipeline, settings), announced.media_type)
    most = most_bytes(pipeline, settings)
    if announced.bytes is not None and not 0 < announced.bytes <= most:
        too_large = "Send a smaller file, or raise `max_upload_bytes` of the pipeline."
        no_size = "Announce the size of the file in bytes, or leave `bytes` out; an empty file is not taken."
        raise BadInput(
            f"{pipeline.name} takes files of 1 to {most} bytes, not of {announced.bytes}.",
            where=pipeline.name,
            todo=too_large if announced.bytes > most else no_size,
        )
    return UploadTerms(
        key=f"{FOLDER}{job_id}{EXTENSIONS.get(media_type, _UNKNOWN_EXTENSION)}",
        media_type=media_type,
        max_bytes=announced.bytes or most,
        bytes=announced.bytes,
        expires_at=(now + time_to_upload(pipeline, settings)).replace(microsecond=0),
    )


def held_as(terms: UploadTerms) -> dict[str, str]:
    """Return what the job holds of its upload for its user."""
    return {"image_key" if terms.media_type.startswith("image/") else "upload_key": terms.key}


def job_id_of(key: str) -> str:
    """Return the job that an upload's key is named after."""
    return key.removeprefix(FOLDER).partition(".")[0]


def _accepted_type(pipeline: Pipeline, types: tuple[str, ...], announced: str) -> str:
    wanted = announced.strip().lower()
    if not wanted and len(types) == 1:
        return types[0]
    if wanted not in types:
        said = f"not {announced[:100]!r}" if wanted else "and it was not said which of them comes"
        raise BadInput(
            f"{pipeline.name} takes {', '.join(types)}, {said}.",
            where=pipeline.name,
            todo="Announce one of them as `media_type`; which ones are taken is the pipeline's setting `accept`.",
        )
    return wanted


def _trigger(pipeline: Pipeline) -> Upload:
    if not isinstance(pipeline.trigger, Upload):
        raise BadInput(
            f"{pipeline.name} is not started by an upload.",
            where=pipeline.name,
            todo=f"Start it with POST /api/v1/pipelines/{pipeline.name}/jobs, or `pressroom run {pipeline.name}`.",
        )
    return pipeline.trigger
