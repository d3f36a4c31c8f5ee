"""Serves the style sheets, scripts and fonts that the pages use; nothing comes from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pressroom.entrypoints.pages.rendering import STATIC

router = APIRouter(include_in_schema=False)
PUBLIC = ("/static/", "/favicon.ico")

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "woff2": "font/woff2",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}


@router.get("/static/{name}")
def static(name: str, request: Request) -> Response:
    kind = _TYPES.get(name.rpartition(".")[2])
    file = STATIC / name
    if kind is None or "/" in name or "\\" in name or not file.is_file():
        raise HTTPException(404)
    # The address carries a digest of the bytes; without it the file may change under its name. Fonts never do.
    lasting = "v" in request.query_params or name.endswith(".woff2")
    keep = "public, max-age=31536000, immutable" if lasting else "no-cache"
    return Response(file.read_bytes(), media_type=kind, headers={"cache-control": keep})


@router.get("/favicon.ico")
def favicon() -> Response:
    return Response((STATIC / "mark.svg").read_bytes(), media_type="image/svg+xml")
