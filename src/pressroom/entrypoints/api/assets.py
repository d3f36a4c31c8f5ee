"""Signed asset URLs: the bytes of one revision, for whoever holds the URL, until it ends."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.shrinking import SHRINKABLE, UNSHOWN, WIDTHS, as_jpeg, shrunk
from pressroom.errors import BadInput, NotFound

router = APIRouter()
PUBLIC = ("/assets/",)

_SHOWN_INLINE = ("image/", "audio/", "video/", "text/plain")


@router.get("/assets/{key:path}")
def asset(
    runtime: RuntimeHere,
    request: Request,
    key: str,
    revision: int,
    expires: str,
    signature: str,
    width: Annotated[int | None, Query()] = None,
) -> Response:
    """Return an asset's bytes: 403 if the URL is forged or altered, 410 if it is over or the asset is gone.

    With `width`, a picture comes no wider than that; whoever may see it whole may see it small.
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
        return Response(small, media_type="image/jpeg", headers=headers)
    if not found.media_type.startswith(_SHOWN_INLINE):
        headers["content-disposition"] = "attachment"
    return Response(data, media_type=found.media_type, headers=headers)


def _smaller(data: bytes, media_type: str, width: int) -> bytes | None:
    if media_type in UNSHOWN:
        return as_jpeg(data, width)
    return shrunk(data, width) if media_type in SHRINKABLE else None


def _is_over(expires: str, now: int) -> bool:
    return expires.isascii() and expires.isdigit() and len(expires) < 16 and int(expires) <= now
