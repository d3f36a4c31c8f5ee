"""The asset that an uploaded file becomes."""

from __future__ import annotations

from datetime import datetime

from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.errors import NotFound
from pressroom.incoming import UploadTerms
from pressroom.jobs import Job
from pressroom.media import Asset, media_type_of
from pressroom.ports import Clock
from pressroom.upload_terms import ANNOUNCED_TYPE

REVISION = 1
"""A job's upload is one file, and the key is the job's own."""
HEAD_BYTES = 64 * 1024
"""Of the file are looked at to tell its type."""


def upload_asset(job: Job, terms: UploadTerms, *, head: bytes, size: int, sha256: str, now: datetime) -> Asset:
    return Asset(
        key=terms.key,
        revision=REVISION,
        media_type=media_type_of(head),
        bytes=size,
        sha256=sha256,
        created_at=now,
        job_id=job.id,
        expires_at=job.expires_at,
        about={ANNOUNCED_TYPE: terms.media_type},
    )


def found_upload(job: Job, context: Context, assets: Assets, clock: Clock) -> Asset | None:
    """Return the file that came whole and never became known, because its process was killed between the two."""
    assert context.cause is not None, "what waits for an upload was begun by the job's request"
    terms = UploadTerms.from_dict(context.cause.data["upload"])
    try:
        found = assets.measure(terms.key, REVISION, most_bytes=terms.max_bytes, head_bytes=HEAD_BYTES)
    except NotFound:
        return None
    if not terms.fits(found.size):
        return None
    return upload_asset(job, terms, head=found.head, size=found.size, sha256=found.sha256, now=clock.now())
