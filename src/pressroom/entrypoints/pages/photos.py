"""`/photos`: the photos that came in, where each was published, and how it fared there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from pressroom import photo_reports, reports
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.shrinking import SHRINKABLE, UNSHOWN
from pressroom.entrypoints.pages import pictures
from pressroom.entrypoints.pages.event_words import event_words
from pressroom.entrypoints.pages.rendering import page
from pressroom.errors import NotFound
from pressroom.events import Event
from pressroom.photo_reports import Row, latest_by_channel
from pressroom.publications import PublicationState
from pressroom.runtime import Runtime
from pressroom.tally import COUNTS

router = APIRouter(include_in_schema=False)

PAGE_LENGTH = 24
_SHOWN = (*SHRINKABLE, *UNSHOWN, "image/gif", "image/avif")
"""What every browser shows, or is made a JPEG for pages."""


@dataclass(frozen=True, slots=True)
class PhotoCard:
    photo: Row
    name: str
    picture: pictures.Shown | None
    posts: list[Row]
    numbers: list[tuple[str, int, bool]]
    """Each count that is known somewhere: its name, its sum, and whether it is known of every published post."""


@router.get("/photos")
def photos(request: Request, runtime: RuntimeHere, before: Annotated[str, Query()] = "") -> HTMLResponse:
    _catch_up(runtime)
    found = photo_reports.newest(runtime.ports.views, limit=PAGE_LENGTH, before=before or None)
    return page(
        request,
        "photos.html",
        cards=[_card(runtime, photo) for photo in found.rows],
        is_first=not before,
        older=f"/photos?{urlencode({'before': found.before})}" if found.before else "",
        sources=sorted(runtime.config.sources),
    )


@router.get("/photos/{photo_id}")
def one_photo(request: Request, runtime: RuntimeHere, photo_id: str) -> HTMLResponse:
    _catch_up(runtime)
    photo = photo_reports.one(runtime.ports.views, photo_id)
    if photo is None:
        raise NotFound(f"There is no photo {photo_id}.", todo="It may have expired; the photos are listed at /photos.")
    posts = photo["posts"][::-1]
    return page(
        request,
        "photo.html",
        card=_card(runtime, photo, whole=True),
        photo=photo,
        posts=[(post, _sent(runtime, photo, post)) for post in posts],
        counts=COUNTS,
        variants=[(file, _shown(runtime, photo, file)) for file in photo["variants"]],
        history=_history(photo),
        is_running=any(post["state"] == PublicationState.REQUESTED for post in posts),
    )


def _catch_up(runtime: Runtime) -> None:
    runtime.replay.catch_up(photo_reports.MODEL)
    runtime.replay.catch_up(reports.MODEL)


def _card(runtime: Runtime, photo: Row, *, whole: bool = False) -> PhotoCard:
    """Return the photo as it is shown: whole from its original, small from a variant, which is sooner made smaller."""
    originals, variants = photo["revisions"][::-1], photo["variants"][::-1]
    files = [*originals, *variants] if whole else [*variants, *originals]
    picture = next((shown for file in files if (shown := _shown(runtime, photo, file))), None)
    posts = latest_by_channel(photo)
    published = sum(post["state"] == PublicationState.PUBLISHED for post in posts)
    sums = {name: [post["counts"][name] for post in posts if post["counts"][name] is not None] for name in COUNTS}
    return PhotoCard(
        photo=photo,
        name=photo_reports.name_of(photo),
        picture=picture,
        posts=posts,
        numbers=[(name, sum(known), len(known) >= published) for name, known in sums.items() if known],
    )


def _shown(runtime: Runtime, photo: Row, file: Row) -> pictures.Shown | None:
    if file["media_type"] not in _SHOWN:
        return None
    alt_text = photo["alt_text"] or photo["title"] or f"Photo without a description: {photo_reports.name_of(photo)}"
    return pictures.shown(
        runtime,
        file["key"],
        file["revision"],
        file["media_type"],
        alt_text,
        file["width"] or 0,
        file["height"] or 0,
    )


def _sent(runtime: Runtime, photo: Row, post: Row) -> pictures.Shown | None:
    """Return the variant that a post was sent with, or the one that was made for its channel."""
    for file in reversed(photo["variants"]):
        if file["key"] in post["media"] or (not post["media"] and post["channel"] in file["channels"]):
            return _shown(runtime, photo, file)
    return None


def _history(photo: Row) -> list[dict[str, Any]]:
    """Return what happened to the photo, the newest first: its revisions, and what became of its posts."""
    came = [
        {"at": file["stored_at"], "words": _arrival(file, number), "url": None, "job_id": file["job_id"]}
        for number, file in enumerate(photo["revisions"], 1)
    ]
    told = [
        {"at": entry["at"], "words": _words(entry), "url": entry["url"], "job_id": None} for entry in photo["history"]
    ]
    return sorted([*came, *told], key=lambda entry: str(entry["at"]))[::-1]


def _arrival(file: Row, number: int) -> str:
    return "The photo came in." if number == 1 else f"An edit came in: revision {file['revision']}."


def _words(entry: Row) -> str:
    said = {"what": entry["said"] or ""}
    data = {"channel": entry["channel"], "error": said, "action": entry["said"] or ""}
    event = Event(
        type=entry["type"], subject=entry["publication_id"], time=datetime.fromisoformat(entry["at"]), data=data
    )
    return event_words(event)
