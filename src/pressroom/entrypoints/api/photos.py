"""`/api/v1/photos`: what is known of each photo, its revisions and variants, and where it was published."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query

from pressroom import photo_reports, reports
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.photos_shapes import Photo, Photos
from pressroom.entrypoints.pages.pictures import url_of
from pressroom.errors import NotFound
from pressroom.photo_reports import Row
from pressroom.runtime import Runtime

router = APIRouter(prefix="/api/v1/photos", tags=["photos"])


@router.get("", operation_id="list_photos", response_model=Photos)
def photos(
    runtime: RuntimeHere,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[str | None, Query(description="As the address in `next` has it.")] = None,
) -> Row:
    """List photos, those that came in last first."""
    _catch_up(runtime)
    found = photo_reports.newest(runtime.ports.views, limit=limit, before=before)
    query = urlencode({"limit": limit, "before": found.before or ""})
    return {
        "photos": [_with_urls(runtime, photo) for photo in found.rows],
        "next": f"/api/v1/photos?{query}" if found.before else None,
    }


@router.get(
    "/{photo_id}",
    operation_id="show_photo",
    response_model=Photo,
    responses={404: {"description": "It is not known, or is forgotten."}},
)
def one_photo(runtime: RuntimeHere, photo_id: str) -> Row:
    """Return one photo with its whole history."""
    _catch_up(runtime)
    photo = photo_reports.one(runtime.ports.views, photo_id)
    if photo is None:
        raise NotFound(f"There is no photo {photo_id}.", todo="/api/v1/photos lists those there are.")
    return _with_urls(runtime, photo)


def _catch_up(runtime: Runtime) -> None:
    runtime.replay.catch_up(photo_reports.MODEL)
    runtime.replay.catch_up(reports.MODEL)


def _with_urls(runtime: Runtime, photo: Row) -> Row:
    def signed(files: list[Row]) -> list[Row]:
        return [file | {"url": url_of(runtime, file["key"], file["revision"])} for file in files]

    return photo | {"revisions": signed(photo["revisions"]), "variants": signed(photo["variants"])}
