"""`/stories/{job}`: a story to be read at bedtime, for whoever has its signed link; gone with the story."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from pressroom.entrypoints.api.context import IsOperator, RuntimeHere
from pressroom.entrypoints.api.event_choice import position_of
from pressroom.entrypoints.api.event_streams import EventStreams, Wanted
from pressroom.entrypoints.pages.rendering import render
from pressroom.jobs import Job, StepRecord, StepStatus
from pressroom.links import query_of
from pressroom.media import Asset
from pressroom.runtime import Runtime
from pressroom.story_reading import FOLDER, ToRead, to_read

router = APIRouter(include_in_schema=False)
PUBLIC = ("/stories/",)

_PARTS = ("AssetStored",)
"""What happens that changes the page."""


@router.get("/stories/{job_id}")
def story(
    request: Request,
    runtime: RuntimeHere,
    is_operator: IsOperator,
    job_id: str,
    revision: int = 1,
    expires: str = "",
    signature: str = "",
) -> Response:
    """Show a story with those of its parts that are there; 410 once its time is over, 403 without a genuine link.

    The operator needs none; one that they follow is judged all the same, so that they see what a reader sees.
    """
    ports = runtime.ports
    if (signature or not is_operator) and not _may(runtime, job_id, revision, expires, signature):
        return _gone(request) if _is_over(runtime, expires) else _closed(request)
    position = ports.events.last_position()  # before the parts are looked at, so that none comes unseen between
    found = to_read(ports.assets, ports.blobs, job_id, ports.clock.now())
    if found is None:
        job = ports.jobs.get(job_id)
        if job is None or (not job.result.get("story") and not job.status.has_ended):
            raise HTTPException(404)
        return _gone(request)
    coming = _coming(runtime, job_id)
    picture_is_coming = found.picture is None and "illustrate" in coming
    voice_is_coming = found.sound is None and "narrate" in coming
    html = render(
        request,
        "story.html",
        found=found,
        picture=_shown(runtime, found, found.picture),
        sound=_shown(runtime, found, found.sound),
        picture_is_coming=picture_is_coming,
        voice_is_coming=voice_is_coming,
        tells=_events_url(job_id, request, position) if picture_is_coming or voice_is_coming else "",
    )
    return HTMLResponse(html, headers={"cache-control": "private, no-cache"})


@router.get("/stories/{job_id}/parts")
async def parts(
    request: Request,
    runtime: RuntimeHere,
    is_operator: IsOperator,
    job_id: str,
    revision: int = 1,
    expires: str = "",
    signature: str = "",
    after: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Tell when another part of the story is there (server-sent events), until its job has ended.

    Of a job that has ended while a part of it was still being made: until the stream's own time is over.
    """
    if (signature or not is_operator) and not _may(runtime, job_id, revision, expires, signature):
        raise HTTPException(403)
    streams: EventStreams = request.app.state.story_streams
    begins = after if last_event_id is None else position_of(last_event_id.strip())
    is_late = await run_in_threadpool(_is_late, runtime, job_id)
    wanted = Wanted(after=begins, types=_PARTS, job_id=job_id, until_ended=not is_late, says_only_that=True)
    return await streams.open(wanted) or Response(status_code=204)


def _may(runtime: Runtime, job_id: str, revision: int, expires: str, signature: str) -> bool:
    return runtime.ports.blobs.verify(f"{FOLDER}{job_id}.json", revision, expires, signature)


def _coming(runtime: Runtime, job_id: str) -> set[str]:
    """Return the steps that may still bring a part; the job itself goes on until its last letter is out."""
    job = runtime.ports.jobs.get(job_id)
    if job is None:
        return set()
    steps = runtime.ports.jobs.steps(job_id)
    return {name for name in ("narrate", "illustrate") if _may_come(runtime, job, name, steps.get(name))}


def _may_come(runtime: Runtime, job: Job, name: str, record: StepRecord | None) -> bool:
    if record is not None and record.status is StepStatus.PASSED_OVER:
        # Whoever ran it when its deadline passed has it until it is done, and what it makes is kept.
        return job.status.keeps_what_is_late and runtime.ports.queue.due(name, job_id=job.id) is not None
    return not job.status.has_ended and (record is None or not record.status.is_over)


def _is_late(runtime: Runtime, job_id: str) -> bool:
    """Say whether a part may come although the job has ended."""
    job = runtime.ports.jobs.get(job_id)
    return job is not None and job.status.has_ended and bool(_coming(runtime, job_id))


def _is_over(runtime: Runtime, expires: str) -> bool:
    is_time = expires.isascii() and expires.isdigit() and len(expires) < 16
    return is_time and int(expires) <= runtime.ports.clock.now().timestamp()


def _gone(request: Request) -> Response:
    return HTMLResponse(render(request, "story_gone.html"), 410, {"cache-control": "private, no-cache"})


def _closed(request: Request) -> Response:
    return HTMLResponse(render(request, "story_closed.html"), 403, {"cache-control": "private, no-cache"})


def _shown(runtime: Runtime, found: ToRead, asset: Asset | None) -> dict[str, Any] | None:
    """Return a part with a URL that ends with the story."""
    if asset is None:
        return None
    ends = found.asset.expires_at or asset.created_at
    return {
        "url": runtime.ports.blobs.sign(asset.key, asset.revision, ends),
        "media_type": asset.media_type,
        "width": asset.width,
        "height": asset.height,
        "alt_text": str(asset.about.get("alt_text", "")),
    }


def _events_url(job_id: str, request: Request, position: int) -> str:
    query = f"{request.url.query}&" if request.url.query else ""
    return f"/stories/{job_id}/parts?{query}after={position}"


def link_of(runtime: Runtime, job_id: str) -> str:
    """Return the signed path of a story's page; empty if there is no story."""
    asset = runtime.ports.assets.get(f"{FOLDER}{job_id}.json")
    if asset is None or asset.expires_at is None:
        return ""
    return f"/stories/{job_id}?{query_of(runtime.ports.blobs, asset.key, asset.revision, asset.expires_at)}"
