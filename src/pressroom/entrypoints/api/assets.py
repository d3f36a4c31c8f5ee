"""Signed asset URLs: the bytes of one revision, whole or in part, for whoever holds the URL, until it ends."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pressroom.entrypoints.api.byte_ranges import NoSuchPart, wanted_part
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.shrinking import SHRINKABLE, UNSHOWN, WIDTHS, as_jpeg, shrunk
from pressroom.errors import BadInput, NotFound

router = APIRouter()
PUBLIC = ("/assets/",)

_SHOWN_INLINE = ("image/", "audio/", "video/", "text/plain")


_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bytes.", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {
        "description": "The part that `Range` asks for, one range of bytes; several at once are answered by the whole.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "The caller has it: `If-None-Match` names it."},
    **problems(400, 403, 410, 416),
}


@router.get(
    "/assets/{key:path}", operation_id="read_asset", tags=["assets"], response_class=Response, responses=_ANSWERS
)
def asset(
    runtime: RuntimeHere,
    request: Request,
    key: str,
    revision: int,
    expires: str,
    signature: str,
    width: Annotated[
        int | None, Query(description=f"Of a picture, in pixels: {' or '.join(map(str, WIDTHS))}.", examples=[320])
    ] = None,
) -> Response:
    """Return an asset's bytes: 403 if the URL is forged or altered, 410 if it is over or the asset is gone.

    With `width`, a picture comes no wider than that; whoever may see it whole may see it small. A player may ask
    for a part with `Range`.
    """
    if width is not None and width not in WIDTHS:
        raise BadInput(
            f"No picture is made {width} pixels wide.", todo=f"Ask for one of {', '.join(map(str, WIDTHS))}."
        )
    ports = runtime.ports
    now = int(ports.clock.now().timestamp())
    if not ports.blobs.verify(key, revision, expires, signature):
        raise HTTPException(410 if _is_over(expires, now) else 403)
    found = ports.assets.get(key, revision)
    if found is None:
        raise HTTPException(410)
    headers = {
        # Write-once: the URL never shows anything else, so it need not be asked for again while it lives.
        "cache-control": f"private, max-age={max(0, int(expires) - now)}, immutable",
        "etag": f'"{found.sha256}{f"-{width}" if width else ""}"',
        "accept-ranges": "bytes",
        # An SVG or a page that was stored must not run as ours.
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "cross-origin-resource-policy": "cross-origin",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    try:
        data = ports.blobs.get(key, revision)
    except NotFound as error:
        raise HTTPException(410) from error
    small = _smaller(data, found.media_type, width) if width else None
    if small is not None:
        return _answered(request, small, "image/jpeg", headers)
    if not found.media_type.startswith(_SHOWN_INLINE):
        headers["content-disposition"] = "attachment"
    return _answered(request, data, found.media_type, headers)


def _answered(request: Request, data: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """Return the bytes, or the part of them that is asked for."""
    # Only what is fetched has parts: a HEAD tells of the whole.
    asked = request.headers.get("range", "") if request.method == "GET" else ""
    try:
        part = wanted_part(asked, len(data), if_range=request.headers.get("if-range", ""), etag=headers["etag"])
    except NoSuchPart:
        raise HTTPException(416, "That part lies behind the end.", {"content-range": f"bytes */{len(data)}"}) from None
    if part is None:
        return Response(data, media_type=media_type, headers=headers)
    headers["content-range"] = part.content_range(len(data))
    return Response(part.of(data), 206, headers, media_type)


def _smaller(data: bytes, media_type: str, width: int) -> bytes | None:
    if media_type in UNSHOWN:
        return as_jpeg(data, width)
    return shrunk(data, width) if media_type in SHRINKABLE else None


def _is_over(expires: str, now: int) -> bool:
    return expires.isascii() and expires.isdigit() and len(expires) < 16 and int(expires) <= now
