"""What a user does in Lightroom: adds, edits and removes photos, fills albums; for tests and the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.lightroom_answers import not_found
from tests.fakes.lightroom_renditions import draw
from tests.fakes.lightroom_state import NO_TIME, Album, Member, Photo, State, new_id

if TYPE_CHECKING:
    from tests.fakes.server import FakeServer


class Catalog:
    def __init__(self, fake: FakeServer, state: State, processing_seconds: float) -> None:
        self._fake = fake
        self._state = state
        self._processing_seconds = processing_seconds

    def photo(self, id: str) -> Photo:
        if id not in self._state.photos:
            raise not_found("asset")
        return self._state.photos[id]

    def album(self, id: str) -> Album:
        if id not in self._state.albums:
            raise not_found("album")
        return self._state.albums[id]

    def add_photo(
        self,
        label: str = "A photo",
        *,
        captured: str = "2026-10-31T08:00:00",
        subtype: str = "image",
        is_complete: bool = True,
        picture: bytes | None = None,
        **about: Any,
    ) -> Photo:
        """A photo whose picture depends on its label; `about` is what `payload_of` takes."""
        with self._fake.lock:
            moment = self._state.stamp(self._fake.now())
            payload = {
                "captureDate": captured,
                "importSource": {"fileName": f"{label}.jpg", "importTimestamp": moment},
                **self._payload_of(**{"title": label, **about}),
            }
            photo = Photo(
                id=new_id(),
                subtype=subtype,
                created=moment,
                updated=moment,
                payload=payload,
                picture=picture or draw(label),
                ready_at=self._ready_at(),
                is_complete=is_complete,
            )
            self._state.photos[photo.id] = photo
            self._fake.mark_changed()
            return photo

    def edit(
        self, id: str, label: str = "", *, picture: bytes | None = None, captured: str = "", **about: Any
    ) -> Photo:
        """Change a photo: a new `updated`; with a label or picture new renditions, and those on demand are gone."""
        with self._fake.lock:
            photo = self._state.photos[id]
            photo.updated = self._state.stamp(self._fake.now())
            changes = self._payload_of(**{**({"title": label} if label else {}), **about})
            core = photo.payload.get("xmp", {}).get("dc", {}) | changes.pop("xmp", {}).get("dc", {})
            photo.payload = photo.payload | changes | {"xmp": photo.payload.get("xmp", {}) | {"dc": core}}
            if captured:
                photo.payload["captureDate"] = captured
            if label or picture:
                photo.picture = picture or draw(label)
                photo.ready_at = self._ready_at()
                photo.made.clear()
            self._fake.mark_changed()
            return photo

    def finish_upload(self, id: str) -> None:
        """The original of an incomplete photo arrives."""
        with self._fake.lock:
            photo = self._state.photos[id]
            photo.is_complete = True
            photo.updated = self._state.stamp(self._fake.now())
            self._fake.mark_changed()

    def remove_photo(self, id: str) -> None:
        with self._fake.lock:
            del self._state.photos[id]
            self._fake.mark_changed()

    def add_album(self, name: str, subtype: str = "collection") -> Album:
        with self._fake.lock:
            album = Album(new_id(), name, subtype)
            self._state.albums[album.id] = album
            self._fake.mark_changed()
            return album

    def add_to_album(self, album: str, photo: str) -> Member:
        """Put a photo into an album, both by id; the photo itself does not change by it."""
        with self._fake.lock:
            member = Member(new_id(), self._state.photos[photo].id, self._state.stamp(self._fake.now()))
            self._state.albums[album].members.append(member)
            self._fake.mark_changed()
            return member

    def _ready_at(self) -> float:
        return self._fake.now() + self._processing_seconds

    def _payload_of(
        self,
        *,
        title: str | None = None,
        caption: str | None = None,
        keywords: list[str] | None = None,
        copyright: str | None = None,
        creator: str | None = None,
        rating: int | None = None,
        flag: str | None = None,
        latitude: float | None = None,
        longitude: float | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """The part of a payload that these words make; `more` stands in it as it is."""
        account, now = self._state.account_id, NO_TIME
        named = {"title": title, "description": caption, "subject": keywords, "rights": copyright, "creator": creator}
        core = {name: value for name, value in named.items() if value is not None}
        payload: dict[str, Any] = {"xmp": {"dc": core}} if core else {}
        if rating is not None:
            payload["ratings"] = {account: {"rating": rating, "date": now}}
        if flag is not None:
            payload["reviews"] = {account: {"flag": flag, "date": now}}
        if latitude is not None and longitude is not None:
            payload["location"] = {"latitude": latitude, "longitude": longitude}
        return payload | more
