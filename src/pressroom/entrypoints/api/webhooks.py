"""`/webhooks/{channel}`: where networks tell what happened to posts. Public, since each request bears a signature."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.webhooks import LARGEST_BODY_BYTES

router = APIRouter()
PUBLIC = ("/webhooks/",)
BODY_SECONDS = 10.0
"""For the whole body, so that nobody can keep what is taken in here half read."""
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "What the network expects.", "content": {"*/*": {"schema": {"type": "string"}}}}
}


@router.get(
    "/webhooks/{channel}",
    operation_id="shake_hands",
    tags=["webhooks"],
    response_class=Response,
    responses=_ANSWER | problems(401, 404),
)
def handshake(runtime: RuntimeHere, request: Request, channel: str) -> Response:
    """Answer the network's question whether this address is ours; 401 to anybody else."""
    body, media_type = runtime.noticing.webhook(channel).handshake(dict(request.query_params))
    # What somebody sent comes back here, so no browser may take it for a page.
    return Response(body, media_type=media_type, headers={"content-security-policy": "sandbox"})


@router.post(
    "/webhooks/{channel}",
    operation_id="receive_notice",
    tags=["webhooks"],
    response_class=Response,
    responses=_ANSWER | problems(401, 404, 408, 413),
)
async def receive(runtime: RuntimeHere, request: Request, channel: str) -> Response:
    """Take a signed notice in and answer at once; a worker reads it. One that came before is answered alike."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _body(request)
    except TimeoutError:
        why = f"The body did not come within {BODY_SECONDS:g} seconds."
        raise HTTPException(408, why, {"connection": "close"}) from None  # what would still come is not waited for
    headers = {name.lower(): value for name, value in request.headers.items()}
    await run_in_threadpool(runtime.noticing.receive, channel, headers, body)
    return Response("ok", media_type="text/plain")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            raise HTTPException(413)
    return bytes(body)
