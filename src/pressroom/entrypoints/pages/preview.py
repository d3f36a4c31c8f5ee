"""`/preview`: the posts of the channels as a feed, each as its network would show it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.pages.feed import feed_post
from pressroom.entrypoints.pages.rendering import page
from pressroom.errors import NotFound
from pressroom.publications import Publication
from pressroom.reconciling import receipt_key
from pressroom.runtime import Runtime

router = APIRouter(include_in_schema=False)

PAGE_LENGTH = 20


@router.get("/preview")
def feed(
    request: Request,
    runtime: RuntimeHere,
    channel: Annotated[str, Query()] = "",
    before: Annotated[str, Query()] = "",
) -> HTMLResponse:
    found = runtime.ports.publications.find(channel=channel or None, limit=PAGE_LENGTH + 1, before=before or None)
    shown = found[:PAGE_LENGTH]
    older = {"channel": channel, "before": shown[-1].id} if len(found) > PAGE_LENGTH else {}
    return page(
        request,
        "preview.html",
        posts=[feed_post(runtime, publication) for publication in shown],
        channel=channel,
        channels=sorted({*runtime.publishing.channels(), channel} - {""}),
        older=f"/preview?{urlencode({name: value for name, value in older.items() if value})}" if older else "",
        is_running=any(not one.state.is_final and one.state != "held" for one in shown),
    )


@router.get("/preview/{remote_id}")
def one_post(request: Request, runtime: RuntimeHere, remote_id: str) -> HTMLResponse:
    publication = _find(runtime, remote_id)
    if publication is None:
        raise NotFound(f"There is no post {remote_id} here.", todo="The feed lists the newest posts.")
    return page(request, "post.html", post=feed_post(runtime, publication))


def _find(runtime: Runtime, remote_id: str) -> Publication | None:
    """Look a post up by our own id, or by the one that its network gave: the ledger knows whose that is."""
    publications = runtime.ports.publications
    if found := publications.get(remote_id):
        return found
    for channel in runtime.publishing.channels():
        entry = runtime.ports.ledger.get(receipt_key(channel, remote_id))
        if entry and (found := publications.get(entry.note["publication_id"])):
            return found
    return None
