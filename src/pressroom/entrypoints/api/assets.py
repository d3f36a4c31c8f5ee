"""Signed asset URLs: the bytes of one revision, for whoever holds the URL, until it ends."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.errors import NotFound

router = APIRouter()
PUBLIC = ("/assets/",)

_SHOWN_INLINE = ("image/", "audio/", "video/", "text/plain")


@router.get("/assets/{key:path}")
def asset(runtime: RuntimeHere, request: Request, key: str, revision: int, expires: str, signature: str) -> Response:
    """Return an asset's bytes: 403 if the URL is forged or altered, 410 if it is over or the asset is gone."""
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
        "etag": f'"{found.sha256}"',
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
    if not found.media_type.startswith(_SHOWN_INLINE):
        headers["content-disposition"] = "attachment"
    return Response(data, media_type=found.media_type, headers=headers)


def _is_over(expires: str, now: int) -> bool:
    return expires.isascii() and expires.isdigit() and len(expires) < 16 and int(expires) <= now
