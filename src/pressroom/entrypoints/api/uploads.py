"""`/api/v1/uploads`: asks for an upload. The file itself is sent to the address that is answered: `upload_puts`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.once import Made, Once, OnceHere
from pressroom.entrypoints.api.pipeline_inputs import checked_input
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.entrypoints.api.uploads_shapes import UploadAsked, UploadWish
from pressroom.jobs import Job
from pressroom.runtime import Runtime
from pressroom.upload_terms import Announced
from pressroom.uploads import AskedUpload

router = APIRouter(prefix="/api/v1/uploads", tags=["uploads"])


@router.post(
    "",
    operation_id="ask_for_upload",
    status_code=202,
    response_model=UploadAsked,
    responses={
        202: {
            "description": "The job is stored and waits for its file.",
            "headers": {
                "Location": {"description": "Where the job is told of.", "schema": {"type": "string"}},
                "Idempotency-Replayed": {
                    "description": "`true` if the same request was answered before; nothing was started again.",
                    "schema": {"type": "string"},
                },
            },
        },
        **problems(409, 422, 503),
    },
    dependencies=[needs(Scope.WRITE)],
)
def ask_for_upload(request: Request, runtime: RuntimeHere, wish: UploadWish, once: OnceHere) -> Response:
    """Ask for an upload: a job of a pipeline that works on a file is stored, and begins when its file has come.

    Send the file with a plain `PUT` to `upload_url`, with `headers`. Until `expires_at` it may be tried again; one
    file is taken, whole. Which types and sizes a pipeline takes, its settings say.
    """
    return start_with_upload(request, runtime, wish, once)


def start_with_upload(request: Request, runtime: Runtime, wish: UploadWish, once: Once) -> Response:
    """Answer a start of a pipeline that begins with an upload, by whichever address it was asked for."""
    pipeline = runtime.runner.pipeline(wish.pipeline)
    given = checked_input(pipeline, wish.input)
    announced = Announced(media_type=wish.media_type, bytes=wish.bytes)
    base = runtime.config.server.public_base_url.rstrip("/") or str(request.base_url).rstrip("/")

    def answer(jobs: Sequence[Job]) -> Made:
        asked = runtime.uploads.asked(jobs[0], announced)
        return Made(_document(asked, base), f"/api/v1/jobs/{asked.job.id}")

    return once(
        lambda along: [
            runtime.uploads.request(
                wish.pipeline, given, media_type=wish.media_type, bytes=wish.bytes, trigger="api", along=along
            ).job
        ],
        answer,
    )


def _document(asked: AskedUpload, base: str) -> dict[str, Any]:
    job, terms = asked.job, asked.terms
    return {
        "job_id": job.id,
        "status": job.status.value,
        "key": terms.key,
        # A store with an address of its own signs for that one.
        "upload_url": base + asked.url if asked.url.startswith("/") else asked.url,
        "headers": dict(asked.headers),
        "max_bytes": terms.max_bytes,
        "expires_at": terms.expires_at.isoformat(),
        "expires_in": math.ceil((terms.expires_at - job.created_at).total_seconds()),
        "status_url": f"/api/v1/jobs/{job.id}",
    }
