"""Signed asset URLs: the bytes of one revision, whole or in part, for whoever holds the URL, until it ends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from pressroom.entrypoints.api.byte_ranges import NoSuchPart, Part, wanted_part
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.piecewise import Stored, piecewise
from pressroom.entrypoints.api.shrinking import SHRINKABLE, UNSHOWN, WIDTHS, as_jpeg, shrunk
from pressroom.errors import BadInput, NotFound
from pressroom.media import Asset
from pressroom.ports import BlobStore

router = APIRouter()
PUBLIC = ("/assets/",)

_SHOWN_INLINE = ("image/", "audio/", "video/", "text/plain")
JPEG = "image/jpeg"
_WITHIN_PAGES = ("image", "audio", "video")
REDIRECT_KEPT_SECONDS = 60
"""The URL of the store itself may end earlier than ours: with the session of the role that signs it."""

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bytes.", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {
        "description": "The part that `Range` asks for, one range of bytes; several at once are answered by the whole.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "The caller has it: `If-None-Match` names it."},
    307: {"description": "The store gives it out itself, at `Location`, whole or in part."},
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
        small = _smaller(ports.blobs, found, width) if width else None
        if small is not None:
            return _answered(request, Stored(len(small), lambda start, count: small[start:][:count]), JPEG, headers)
        until = datetime.fromtimestamp(int(expires), UTC)
        direct = "" if _is_in_our_page(request) else ports.blobs.direct_url(key, revision, until, found.media_type)
        if direct:
            # What the store gives out itself need not come through us.
            return RedirectResponse(direct, 307, {"cache-control": f"private, max-age={REDIRECT_KEPT_SECONDS}"})
        if not found.media_type.startswith(_SHOWN_INLINE):
            headers["content-disposition"] = "attachment"
        stored = Stored(found.bytes, lambda start, count: ports.blobs.get(key, revision, start=start, length=count))
        return _answered(request, stored, found.media_type, headers)
    except NotFound as error:
        raise HTTPException(410) from error


def _answered(request: Request, stored: Stored, media_type: str, headers: dict[str, str]) -> Response:
    """Return the bytes, or the part of them that is asked for."""
    # Only what is fetched has parts: a HEAD tells of the whole.
    asked = request.headers.get("range", "") if request.method == "GET" else ""
    try:
        part = wanted_part(asked, stored.size, if_range=request.headers.get("if-range", ""), etag=headers["etag"])
    except NoSuchPart:
        raise HTTPException(
            416, "That part lies behind the end.", {"content-range": f"bytes */{stored.size}"}
        ) from None
    if part is None:
        return piecewise(stored, Part(0, stored.size - 1), 200, media_type, headers)
    headers["content-range"] = part.content_range(stored.size)
    return piecewise(stored, part, 206, media_type, headers)


def _smaller(blobs: BlobStore, asset: Asset, width: int) -> bytes | None:
    media_type = asset.media_type
    if media_type not in (*UNSHOWN, *SHRINKABLE):
        return None
    data = blobs.get(asset.key, asset.revision)
    if media_type in UNSHOWN:
        return as_jpeg(data, width)
    return shrunk(data, width)


def _is_in_our_page(request: Request) -> bool:
    """Say whether a page of ours shows or plays it, which by our own policy loads nothing from elsewhere."""
    headers = request.headers
    return headers.get("sec-fetch-site") == "same-origin" and headers.get("sec-fetch-dest") in _WITHIN_PAGES


def _is_over(expires: str, now: int) -> bool:
    return expires.isascii() and expires.isdigit() and len(expires) < 16 and int(expires) <= now
