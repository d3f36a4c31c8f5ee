"""The lists of the fake Lightroom: photos by capture time backwards, albums by name, ties kept on one page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from tests.fakes.lightroom_answers import invalid
from tests.fakes.lightroom_state import NO_TIME, Album, Photo, State
from tests.fakes.messages import Request

ASSET_PARAMETERS = {"updated_since", "captured_before", "captured_after", "limit", "subtype", "exclude", "asset_ids"}
ALBUM_ASSET_PARAMETERS = (ASSET_PARAMETERS - {"updated_since"}) | {"embed", "flag", "album_filters"}
MOST = 500
_TIME = re.compile(r"-?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)?")
T = TypeVar("T")


def list_assets(request: Request, state: State, *, is_since_inclusive: bool) -> dict[str, Any]:
    query = _checked(request, ASSET_PARAMETERS)
    if since := query.get("updated_since"):
        moment = datetime.fromisoformat(since)
        photos = [
            photo
            for photo in state.photos.values()
            if (at := datetime.fromisoformat(photo.updated)) > moment or (is_since_inclusive and at == moment)
        ]
    else:
        photos = list(state.photos.values())
    shown, links = _page(photos, query, "assets")
    return {"resources": [asset_document(photo) for photo in shown], "links": links}


def list_album(request: Request, album: Album, state: State) -> dict[str, Any]:
    query = _checked(request, ALBUM_ASSET_PARAMETERS)
    if "flag" in query and "album_filters" in query:
        raise invalid(flag="not allowed with album_filters parameter")
    members = {member.photo_id: member for member in album.members if member.photo_id in state.photos}
    flags = query["flag"].split(";") if "flag" in query else ()
    photos = [state.photos[id] for id in members if not flags or _flag(state.photos[id]) in flags]
    shown, links = _page(photos, query, f"albums/{album.id}/assets")
    is_whole = "asset" in query.get("embed", "").split(";")
    resources = []
    for photo in shown:
        document = asset_document(photo)
        member = members[photo.id]
        resources.append(
            {
                "id": member.id,
                "type": "album_asset",
                "created": NO_TIME,
                "updated": NO_TIME,
                "asset": document if is_whole else {"id": photo.id, "links": {"self": document["links"]["self"]}},
                "payload": {"userCreated": member.added_at},
            }
        )
    return {"album": {"id": album.id}, "resources": resources, "links": links}


def list_albums(request: Request, state: State) -> dict[str, Any]:
    query = _checked(request, {"name_after", "limit", "subtype"})
    subtypes = query["subtype"].split(",") if "subtype" in query else ()
    albums = [album for album in state.albums.values() if not subtypes or album.subtype in subtypes]
    after = query.get("name_after", "")
    rest = sorted((album for album in albums if album.name > after), key=lambda album: album.name)
    shown = _with_ties(rest, _limit(query), lambda album: album.name)
    links = {}
    if len(shown) < len(rest):
        links["next"] = {"href": "albums?" + urlencode({**query, "name_after": shown[-1].name})}
    return {"resources": [album_document(album) for album in shown], "links": links}


def asset_document(photo: Photo) -> dict[str, Any]:
    path = f"assets/{photo.id}"
    sizes = {f"/rels/rendition_type/{size}": {"href": f"{path}/renditions/{size}"} for size in ("640", "1280", "2048")}
    return {
        "id": photo.id,
        "type": "asset",
        "subtype": photo.subtype,
        "created": photo.created,
        "updated": photo.updated,
        "payload": photo.payload,
        "links": {"self": {"href": path}, **sizes},
    }


def album_document(album: Album) -> dict[str, Any]:
    return {
        "id": album.id,
        "type": "album",
        "subtype": album.subtype,
        "payload": {"name": album.name},
        "links": {"self": {"href": f"albums/{album.id}"}},
    }


def _page(photos: Iterable[Photo], query: dict[str, str], path: str) -> tuple[list[Photo], dict[str, Any]]:
    """The photos of one page, newest capture first, and its links."""
    if ids := query.get("asset_ids"):
        wanted = ids.split(",")
        return [photo for photo in photos if photo.id in wanted], {}
    subtypes = query["subtype"].split(";") if "subtype" in query else ()
    kept = [
        photo
        for photo in photos
        if (not subtypes or photo.subtype in subtypes) and (query.get("exclude") != "incomplete" or photo.is_complete)
    ]
    kept.sort(key=lambda photo: (photo.capture_date, photo.id), reverse=True)
    if before := query.get("captured_before"):
        kept = [photo for photo in kept if photo.capture_date < before]
    if after := query.get("captured_after"):
        kept = [photo for photo in kept if photo.capture_date > after or after.startswith("-")]
    shown = _with_ties(kept, _limit(query), lambda photo: photo.capture_date)
    links: dict[str, Any] = {}
    rest = {name: value for name, value in query.items() if not name.startswith("captured_")}
    if shown and "captured_before" in query:
        links["prev"] = {"href": f"{path}?{urlencode({**rest, 'captured_after': shown[0].capture_date})}"}
    if len(shown) < len(kept):
        links["next"] = {"href": f"{path}?{urlencode({**rest, 'captured_before': shown[-1].capture_date})}"}
    return shown, links


def _with_ties(found: list[T], limit: int, key: Callable[[T], str]) -> list[T]:
    """The first ones, and all that share the place of the last: more than `limit` may come."""
    end = limit
    while end < len(found) and key(found[end]) == key(found[limit - 1]):
        end += 1
    return found[:end]


def _checked(request: Request, known: set[str]) -> dict[str, str]:
    query = request.query
    if unknown := sorted(query.keys() - known):
        raise invalid(**{unknown[0]: "is not known here"})
    for name in ("updated_since", "captured_before", "captured_after"):
        if name in query and not _TIME.fullmatch(query[name]):
            raise invalid(**{name: "must be a valid XML Schema dateTime"})
    if {"captured_before", "captured_after"} <= query.keys():
        raise invalid(captured_before="not allowed with captured_after parameter")
    if "asset_ids" in query and (others := sorted(query.keys() - {"asset_ids"})):
        raise invalid(**{others[0]: "not allowed with asset_ids parameter"})
    if query.get("exclude", "incomplete") not in ("incomplete", "complete"):
        raise invalid(exclude="value not supported")
    _limit(query)
    return query


def _limit(query: dict[str, str]) -> int:
    text = query.get("limit", "100")
    if not text.isdigit() or not 1 <= int(text) <= MOST:
        raise invalid(limit=f"must be a number from 1 to {MOST}")
    return int(text)


def _flag(photo: Photo) -> str:
    reviews = list(photo.payload.get("reviews", {}).values())
    return str(reviews[-1].get("flag", "unflagged")) if reviews else "unflagged"
