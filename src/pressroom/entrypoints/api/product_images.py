"""`/generative-ai-images`: a picture of a product is asked for by its page's address, and followed to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.description import NEVER_THE_SAME
from pressroom.entrypoints.api.documented import problem, problems
from pressroom.entrypoints.api.once import Made, OnceHere
from pressroom.entrypoints.api.product_images_shapes import ImageStarted, ImageStatus, ImageWish, JobNotFound
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.jobs import Job, JobStatus
from pressroom.runtime import Runtime

router = APIRouter(prefix="/generative-ai-images", tags=["product images"])

PIPELINE = "product_image"
URL_LASTS = timedelta(hours=1)
"""At the most; never longer than the picture is kept."""
_STATUS = {
    JobStatus.UPLOAD_PENDING: "pending",
    JobStatus.PENDING: "pending",
    JobStatus.PROCESSING: "processing",
    JobStatus.HELD: "processing",
    JobStatus.COMPLETED: "completed",
    JobStatus.FAILED: "failed",
    JobStatus.SKIPPED: "failed",
    JobStatus.CANCELLED: "failed",
}
_MESSAGES = {
    JobStatus.PENDING: "Waiting for its turn",
    JobStatus.HELD: "The image is ready; posting it waits for a person",
    JobStatus.COMPLETED: "The image is ready",
    JobStatus.FAILED: "Image generation failed",
    JobStatus.SKIPPED: "There was nothing to do",
    JobStatus.CANCELLED: "Image generation was cancelled",
}
_PHASES = {
    "": "Reading the product's page",
    "page_read": "Fetching the product's photo",
    "photo_fetched": "Drawing the scene",
    "without_photo": "Drawing the scene",
    "scene_drawn": "Setting the words",
    "done": "The image is ready",
}
_NOT_THERE: dict[str, Any] = {"model": JobNotFound, "description": "There is no such job, or it has expired."} | {
    "content": problem(404)["content"]
}


@router.post(
    "/generate",
    operation_id="generate_product_image",
    status_code=202,
    response_model=ImageStarted,
    responses={202: {"description": "The job is stored; a worker makes the picture."}, **problems(404, 409, 422)},
    dependencies=[needs(Scope.WRITE)],
)
def generate(request: Request, runtime: RuntimeHere, wish: ImageWish, once: OnceHere) -> Response:
    """Start a picture of the product at `productUrl`: the job is stored when this answers."""
    base = _base(request, runtime)

    def answer(jobs: Sequence[Job]) -> Made:
        url = f"{base}{router.prefix}/status/{jobs[0].id}"
        return Made({"jobId": jobs[0].id, "message": "Image generation started", "statusUrl": url}, url)

    given = {"url": wish.productUrl}
    return once(lambda along: runtime.runner.request(PIPELINE, given, trigger="api", along=along), answer)


@router.get(
    "/status/{job_id}",
    operation_id="product_image_status",
    response_model=ImageStatus,
    responses={404: _NOT_THERE},
    openapi_extra={NEVER_THE_SAME: True},
    dependencies=[needs(Scope.READ)],
)
def status(request: Request, runtime: RuntimeHere, job_id: str) -> Response:
    """Tell how far a picture is, with a signed URL as soon as it is ready."""
    job = runtime.ports.jobs.get(job_id)
    now = runtime.ports.clock.now()
    if job is None or job.pipeline != PIPELINE or job.status not in _STATUS or _is_over(job, now):
        return _answer({"message": "Job not found"}, 404)
    told: dict[str, Any] = {
        "jobId": job.id,
        "status": _STATUS[job.status],
        "createdAt": _seconds(job.created_at),
        "message": _MESSAGES.get(job.status) or _PHASES.get(job.phase, "Making the image"),
    }
    if job.status is JobStatus.COMPLETED and job.completed_at is not None:
        told |= {"completedAt": _seconds(job.completed_at)} | _picture(runtime, job, _base(request, runtime), now)
    elif job.status.has_ended and job.completed_at is not None:
        told |= {"failedAt": _seconds(job.completed_at), "error": str(job.error or _MESSAGES[job.status])}
    return _answer(told)


def _picture(runtime: Runtime, job: Job, base: str, now: datetime) -> dict[str, Any]:
    """Return the finished picture, with a URL that was signed just now; nothing once it is gone."""
    key, revision = job.result.get("image_key"), job.result.get("image_revision")
    asset = runtime.ports.assets.get(key, revision) if key and revision else None
    if asset is None:
        return {}
    ends = min(now + URL_LASTS, asset.expires_at or now + URL_LASTS)
    blobs = runtime.ports.blobs
    direct = blobs.direct_url(asset.key, asset.revision, ends, asset.media_type)
    return {
        # A store with an address of its own signs for that one.
        "imageUrl": direct or base + blobs.sign(asset.key, asset.revision, ends),
        "urlExpiresAt": _seconds(ends),
        "fileName": job.result["file_name"],
        "contentType": "image/jpeg",
        "overlayText": job.result["overlay_text"],
    }


def _is_over(job: Job, now: datetime) -> bool:
    """Say whether the job has expired, though nobody may have come round yet to remove it."""
    return job.status.has_ended and job.expires_at is not None and job.expires_at <= now


def _answer(said: dict[str, Any], code: int = 200) -> Response:
    # Each answer has a URL of its own, and none is to be shown to anybody else.
    return JSONResponse(said, status_code=code, headers={"cache-control": "no-store"})


def _base(request: Request, runtime: Runtime) -> str:
    return runtime.config.server.public_base_url.rstrip("/") or str(request.base_url).rstrip("/")


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
