"""`PUT /uploads/…`: takes the file of an upload in, at its signed address. Public, since the signature is the key."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import PROBLEM, problems
from pressroom.entrypoints.api.errors import answer
from pressroom.entrypoints.api.problems import MEDIA_TYPE
from pressroom.entrypoints.api.uploads_shapes import UploadTaken
from pressroom.errors import Unavailable
from pressroom.incoming import UploadTerms
from pressroom.jobs import Job
from pressroom.runtime import Runtime
from pressroom.upload_refusals import Reason, UploadRefused, forged, wrong_size, wrong_type
from pressroom.upload_terms import FOLDER

router = APIRouter()
PUBLIC = (f"/{FOLDER}",)

PIECE_BYTES = 256 * 1024
"""Held in memory of each file, and written at a time."""
LONGEST_PAUSE = 30.0
"""Seconds within which something more has to come."""
MOST_AT_ONCE = 64
MOST_OF_ONE = 4
"""Files on their way to one address: the first may have been given up by a client that is trying again."""

_LONGEST_LENGTH = 19
"""Digits; what has more is more than any address takes."""
_STATUS = {
    Reason.FORGED: 403,
    Reason.EXPIRED: 410,
    Reason.ENDED: 410,
    Reason.HAS_FILE: 409,
    Reason.TOO_LARGE: 413,
    Reason.TOO_SMALL: 400,
    Reason.WRONG_TYPE: 415,
}


@router.put(
    "/uploads/{name:path}",
    operation_id="upload_file",
    tags=["uploads"],
    status_code=201,
    response_model=UploadTaken,
    responses={
        201: {"description": "The file is stored, and its job begins."},
        408: {"description": "It comes too slowly.", "content": {MEDIA_TYPE: {"schema": PROBLEM}}},
        **problems(400, 403, 409, 410, 413, 415, 503),
    },
    openapi_extra={
        "requestBody": {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}, "required": True},
        "security": [],
    },
    # How much is taken stands in each signed address.
    max_body_size=sys.maxsize,
)
async def upload_file(runtime: RuntimeHere, request: Request, name: str) -> Response:
    """Take the file of an upload in, at the `upload_url` that was answered when it was asked for.

    Nothing of a file that does not come whole is kept, and it may be sent again until the address expires.
    """
    try:
        job = await _take(runtime, request, name)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except UploadRefused as refused:
        # What would still come of the body is not waited for.
        status, more = _STATUS[refused.reason], {"connection": "close"}
        kind = f"upload-{refused.reason.value.replace('_', '-')}"
        return answer(request, status, refused.problem(), more, kind=kind)
    status_url = f"/api/v1/jobs/{job.id}"
    body = {"job_id": job.id, "status": job.status.value, "status_url": status_url}
    return JSONResponse(body, status_code=201, headers={"location": status_url, "cache-control": "no-store"})


async def _take(runtime: Runtime, request: Request, name: str) -> Job:
    terms = await run_in_threadpool(runtime.uploads.terms, FOLDER + name, _query(request))
    _refuse_headers(request.headers, terms)
    with _under_way(request).holding(terms.key):
        receiving = await run_in_threadpool(runtime.uploads.receive, terms)
        with receiving:
            async for piece in _pieces(request):
                await run_in_threadpool(receiving.write, piece)
            return await run_in_threadpool(receiving.finish)


def _query(request: Request) -> dict[str, str]:
    query = dict(request.query_params)
    if len(query) != len(request.query_params.multi_items()):
        raise forged()  # of two that bear one name, only one was signed
    return query


def _refuse_headers(headers: Headers, terms: UploadTerms) -> None:
    """Refuse what the headers show already to be another file than was announced, before a byte of it is read."""
    types = headers.getlist("content-type")
    if len(types) != 1 or types[0].strip().lower() != terms.media_type:
        raise wrong_type(terms, ", ".join(types))
    coding = headers.get("content-encoding", "identity")
    if coding.strip().lower() != "identity" or "content-range" in headers:
        raise wrong_type(terms, f"{terms.media_type} in part, or compressed")
    length = headers.get("content-length")
    if length is not None:
        size = int(length) if length.isdecimal() and len(length) < _LONGEST_LENGTH else sys.maxsize
        if not terms.fits(size):
            raise wrong_size(terms, size)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """Yield the body in pieces that are worth a write; raises 408 if it stops coming."""
    gathered = bytearray()
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(LONGEST_PAUSE):
                chunk = await anext(stream, None)
        except TimeoutError:
            raise HTTPException(408) from None
        if chunk is None:
            break
        gathered += chunk
        if len(gathered) >= PIECE_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


class UnderWay:
    """Which files this process is taking in. Of one event loop, so it needs no lock."""

    def __init__(self) -> None:
        self._keys: Counter[str] = Counter()

    @contextmanager
    def holding(self, key: str) -> Iterator[None]:
        if self._keys.total() >= MOST_AT_ONCE or self._keys[key] >= MOST_OF_ONE:
            raise Unavailable(
                "Too many files are being uploaded at this moment.", where=key, todo="Send it again in a few seconds."
            )
        self._keys[key] += 1
        try:
            yield
        finally:
            self._keys[key] -= 1
            self._keys += Counter()  # without those that are none


def _under_way(request: Request) -> UnderWay:
    state: Any = request.app.state
    if not hasattr(state, "uploads_under_way"):
        state.uploads_under_way = UnderWay()
    found: UnderWay = state.uploads_under_way
    return found
