"""`/gallery`: the public page with the posted pictures. Off until it is switched on."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from pressroom.entrypoints.api.context import IsOperator, RuntimeHere
from pressroom.entrypoints.api.errors import answer
from pressroom.entrypoints.pages import pictures
from pressroom.entrypoints.pages.attention import Attention, attention
from pressroom.entrypoints.pages.rendering import render
from pressroom.errors import Problem
from pressroom.runtime import Runtime

router = APIRouter(include_in_schema=False)
PUBLIC = ("/gallery",)

PAGE_LENGTH = 24
_OFF = Problem(
    "The gallery is switched off.",
    todo="To show the posted pictures to everybody, set `gallery = true` under [server] in pressroom.toml and start "
    "Pressroom again. Visitors are only told that there is nothing here.",
)


@router.get("/gallery")
def gallery(
    request: Request, runtime: RuntimeHere, is_operator: IsOperator, page: Annotated[int, Query(ge=1, le=500)] = 1
) -> Response:
    if not runtime.config.server.gallery:
        if is_operator:
            return answer(request, 404, _OFF)
        raise HTTPException(404)
    runtime.replay.catch_up("gallery")
    found = runtime.ports.views.find("gallery", limit=page * PAGE_LENGTH + 1)
    pictures_here = [_picture(runtime, one) for one in found[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]]
    base = runtime.config.server.public_base_url.rstrip("/") or str(request.base_url).rstrip("/")
    html = render(
        request,
        "gallery.html",
        pictures=pictures_here,
        newer=f"/gallery?{urlencode({'page': page - 1})}" if page > 1 else "",
        older=f"/gallery?{urlencode({'page': page + 1})}" if len(found) > page * PAGE_LENGTH else "",
        base=base,
        attention=attention(runtime) if is_operator else Attention(),
    )
    return HTMLResponse(html, headers={"cache-control": "no-cache"})


def _picture(runtime: Runtime, document: dict[str, Any]) -> dict[str, Any]:
    image = document["image"]
    asset = runtime.ports.assets.get(image["key"], image["revision"])
    shown = pictures.shown(
        runtime,
        image["key"],
        image["revision"],
        asset.media_type if asset else "",
        image["alt_text"],
        image["width"] or 0,
        image["height"] or 0,
    )
    return document | {"image": image | {"url": shown.url, "width": shown.width, "height": shown.height}}
