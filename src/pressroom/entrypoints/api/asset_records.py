"""`/api/v1/assets`: what is stored, by key, with its revisions; the bytes are at each one's signed URL."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from pressroom.entrypoints.api.asset_shapes import AssetDocument, AssetLine
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.documented import problems
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.paging import Page, Paged
from pressroom.entrypoints.api.scopes import Scope, needs
from pressroom.entrypoints.api.signed_assets import asset_document
from pressroom.errors import NotFound

router = APIRouter(prefix="/api/v1/assets", tags=["assets"])


@router.get(
    "",
    operation_id="list_assets",
    response_model=Page[AssetLine],
    responses=problems(400),
    dependencies=[needs(Scope.READ)],
)
def list_assets(
    request: Request,
    runtime: RuntimeHere,
    paging: Paged,
    prefix: Annotated[
        str, Query(max_length=500, description="What keys begin with; empty for all.", examples=["images/"])
    ] = "",
) -> Response:
    """List assets by key, each with its newest revision."""
    found = runtime.ports.assets.find(prefix, limit=paging.one_more, after=paging.after or "")
    page, headers = paging.page(found, key=lambda one: one.key, show=lambda one: asset_document(runtime, one))
    return answered(request, page, headers=headers)


@router.get(
    "/{key:path}",
    operation_id="show_asset",
    response_model=AssetDocument,
    responses=problems(404),
    dependencies=[needs(Scope.READ)],
)
def show_asset(request: Request, runtime: RuntimeHere, key: str) -> Response:
    """Show one asset with every revision that is kept; `url` opens the bytes, for players in parts too."""
    revisions = [asset_document(runtime, one) for one in runtime.ports.assets.revisions(key)]
    if not revisions:
        raise NotFound(f"There is no asset {key}.", todo="/api/v1/assets?prefix=… lists those there are.")
    return answered(request, revisions[0] | {"revisions": revisions})
