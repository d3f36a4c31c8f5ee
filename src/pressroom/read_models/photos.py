"""The photos: what is known of each, its revisions and variants, and where it was published."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from pressroom.events import Event
from pressroom.read_models._post_story import begun, told, utc
from pressroom.read_models.base import ORIGINALS, Document, Lookup, ReadModel

VARIANTS = "variants/"
"""How the keys of assets begin that are the form of an original that a channel wants."""
_FILE = ("key", "revision", "media_type", "bytes", "width", "height")
_OF_POST = (
    *("publication_id", "job_id", "channel", "network", "state", "why", "attempts"),
    *("requested_at", "published_at", "remote_id", "url"),
)
_ENDS = {"JobFailed": "failed", "JobSkipped": "skipped", "JobCompleted": "", "JobCancelled": "cancelled"}
"""What a photo came to by the end of its newest job; empty if all went well."""
_SILENT = "PublishAttempted"
"""Changes where a post stands, but is no news in a photo's history."""


def photo_key(source: str, photo_id: str) -> str:
    """Return our own id of a photo: short, the same for ever, and fit for an address whatever the source's ids hold."""
    return "photo_" + hashlib.sha256(f"{source}\0{photo_id}".encode()).hexdigest()[:20]


class Photos(ReadModel):
    """Keys: `photo/TIME/ID`, by the time at which the photo first came in.

    To find it there are `id/ID`, `asset/KEY` for each original and variant, and `job/ID` until the job expires.
    """

    types = (
        "AssetStored",
        "AssetRemoved",
        "PublicationRequested",
        "PublishAttempted",
        "PostPublished",
        "PostRejected",
        "PostHeld",
        "PublicationResolved",
        "JobResumed",
        *_ENDS,
        "JobExpired",
    )

    def apply(self, event: Event, lookup: Lookup) -> dict[str, Document | None]:
        if event.type == "AssetStored":
            return _stored(event, lookup)
        if event.type == "AssetRemoved":
            return _removed(event, lookup)
        if event.type == "JobExpired":
            key = f"job/{event.job_id}"
            return _ended(event, lookup) | {key: None} if lookup(key) else {}
        if event.type == "JobResumed" or event.type in _ENDS:
            return _ended(event, lookup)
        return _posted(event, lookup)


def _stored(event: Event, lookup: Lookup) -> dict[str, Document | None]:
    data, key = event.data, event.subject
    if key.startswith(ORIGINALS):
        about = data["about"]
        source, photo_id = str(about.get("source", "")), str(about.get("photo_id") or key)
        id_ = photo_key(source, photo_id)
        photo = _photo(id_, lookup) or _arrived(event, id_, source, photo_id)
        revisions = _with(photo["revisions"], _file(event))
        changed = photo | _words(about) | {"revisions": revisions, "ended": None}
    elif key.startswith(VARIANTS) and (original := _photo_of(str(data["about"].get("original", "")), lookup)):
        about = data["about"]
        links = {"original_revision": about.get("original_revision"), "channels": list(about.get("channels", ()))}
        changed = original | {"variants": _with(original["variants"], _file(event) | links)}
    else:
        return {}
    id_ = changed["id"]
    found: dict[str, Document | None] = {changed["place"]: changed, f"id/{id_}": {"place": changed["place"]}}
    return found | {f"asset/{key}": {"photo": id_}} | _of_job(event, id_, lookup)


def _arrived(event: Event, id_: str, source: str, photo_id: str) -> Document:
    at = utc(event.time)
    return {
        "id": id_,
        "place": f"photo/{at}/{id_}",
        "source": source,
        "photo_id": photo_id,
        "arrived_at": at,
        "title": "",
        "name": "",
        "caption": "",
        "alt_text": "",
        "keywords": [],
        "captured_at": None,
        "revisions": [],
        "variants": [],
        "posts": [],
        "ended": None,
        "history": [],
    }


def _words(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the newest revision says of the photo; what it no longer says is gone. `name` is its file's."""
    return {
        **{name: str(about.get(name) or "") for name in ("title", "name", "caption", "alt_text")},
        "keywords": [str(word) for word in about.get("keywords") or ()],
        "captured_at": about.get("captured_at"),
    }


def _removed(event: Event, lookup: Lookup) -> dict[str, Document | None]:
    """Take away one revision of an original or a variant; with its last original a photo is forgotten."""
    key, revision = event.data["key"], event.data["revision"]
    photo = _photo_of(key, lookup)
    if photo is None:
        return {}
    left = {
        kind: [file for file in photo[kind] if (file["key"], file["revision"]) != (key, revision)]
        for kind in ("revisions", "variants")
    }
    if not left["revisions"]:
        files = {f"asset/{file['key']}" for file in (*photo["revisions"], *photo["variants"])}
        return dict.fromkeys((photo["place"], f"id/{photo['id']}", *sorted(files)))
    is_over = all(file["key"] != key for kind in left.values() for file in kind)
    return {photo["place"]: photo | left} | ({f"asset/{key}": None} if is_over else {})


def _ended(event: Event, lookup: Lookup) -> dict[str, Document | None]:
    """Note on a job's photos how it ended, if that is not well; a job that goes on, or is forgotten, takes it back."""
    word, error = _ENDS.get(event.type), event.data.get("error") or {}
    ended = {"job_id": event.job_id, "state": word, "why": error.get("what") or None} if word else None
    photos = [
        photo for id_ in (lookup(f"job/{event.job_id}") or {"photos": []})["photos"] if (photo := _photo(id_, lookup))
    ]
    return {
        photo["place"]: photo | {"ended": ended}
        for photo in photos
        if ended or (photo.get("ended") or {}).get("job_id") == event.job_id
    }


def _posted(event: Event, lookup: Lookup) -> dict[str, Document | None]:
    """Note on every photo of a post, found by its job and by its pictures, where the post now stands."""
    ids = list((lookup(f"job/{event.job_id}") or {"photos": []})["photos"])
    for media in event.data.get("media", ()):
        link = lookup(f"asset/{media['key']}")
        if link and link["photo"] not in ids:
            ids.append(link["photo"])
    photos = [photo for id_ in ids if (photo := _photo(id_, lookup))]
    return {photo["place"]: _told(photo, event) for photo in photos}


def _told(photo: Document, event: Event) -> Document:
    known: Document = next((post for post in photo["posts"] if post["publication_id"] == event.subject), {})
    whole = told(begun(event) | known, event)
    media = [one["key"] for one in event.data.get("media", ())] or known.get("media", [])
    post = {name: whole[name] for name in _OF_POST} | {"media": media}
    posts = [post if one is known else one for one in photo["posts"]] if known else [*photo["posts"], post]
    changed = photo | {"posts": posts}
    if event.type == _SILENT:
        return changed
    error, action = event.data.get("error"), event.data.get("action")
    entry = {
        "at": utc(event.time),
        "type": event.type,
        "channel": post["channel"],
        "publication_id": event.subject,
        "url": event.data.get("url") or None,
        "said": error["what"] if error else action,
    }
    return changed | {"history": [*photo["history"], entry]}


def _of_job(event: Event, id_: str, lookup: Lookup) -> dict[str, Document | None]:
    if event.job_id is None:
        return {}
    key = f"job/{event.job_id}"
    photos = (lookup(key) or {"photos": []})["photos"]
    return {} if id_ in photos else {key: {"photos": [*photos, id_]}}


def _photo(id_: str, lookup: Lookup) -> Document | None:
    link = lookup(f"id/{id_}")
    return lookup(link["place"]) if link else None


def _photo_of(key: str, lookup: Lookup) -> Document | None:
    link = lookup(f"asset/{key}")
    return _photo(link["photo"], lookup) if link else None


def _file(event: Event) -> dict[str, Any]:
    return {name: event.data.get(name) for name in _FILE} | {"stored_at": utc(event.time), "job_id": event.job_id}


def _with(files: list[dict[str, Any]], file: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the files with this one last; one of the same key and revision is replaced."""
    same = (file["key"], file["revision"])
    return [*(other for other in files if (other["key"], other["revision"]) != same), file]
