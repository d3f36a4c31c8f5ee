"""An Adobe Lightroom catalog, or one album of it, through Adobe's Lightroom API."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from pressroom.errors import BadInput, NotFound, PressroomError
from pressroom.findings import Finding
from pressroom.photo_metadata import read_info
from pressroom.photos import PhotoInfo
from pressroom.sources._lightroom_albums import find_album
from pressroom.sources._lightroom_api import LightroomApi
from pressroom.sources._lightroom_cursor import Cursor, moment_of, read_cursor, spell
from pressroom.sources._lightroom_pages import Listing, is_here, read_pages, served_at
from pressroom.sources._lightroom_payload import flag_of, id_of, rating_of, read_payload, version_of
from pressroom.sources._lightroom_renditions import Renditions, Wanted
from pressroom.sources._lightroom_settings import LARGEST_PAGE, LightroomSettings
from pressroom.sources.base import Item, Original, Page, Source
from pressroom.unencrypted import is_open_to_listeners

MOST_SEEN = 100_000
"""Of one look, so that its memory has a bound. A photo comes twice on pages that are close to each other."""
COUNTED_PAGES = 4


class Lightroom(Source):
    Settings = LightroomSettings
    needs_secrets = (("client_id", "client_secret", "access_token", "refresh_token"), ("client_id", "access_token"))

    @property
    def settings(self) -> LightroomSettings:
        settings: LightroomSettings = self.setup.settings
        return settings

    @cached_property
    def _api(self) -> LightroomApi:
        return LightroomApi(self.setup)

    @cached_property
    def _renditions(self) -> Renditions:
        within = timedelta(seconds=self.settings.download_seconds)
        return Renditions(self._api, self.settings.largest_bytes, within)

    def look(self, cursor: str) -> Iterator[Page]:
        catalog, now = self._read_catalog()
        album = find_album(self._api, catalog, self.settings.album) if self.settings.album else ""
        place = read_cursor(cursor, self.settings.since, self._scope(catalog, album), spell(now))
        if place.page and not is_here(self._api, place.page):
            place = place.between_looks()
        try:
            yield from self._look_on(catalog, album, place)
        except BadInput:
            if not place.page:
                raise
            # The link of a look that was cut off may mean nothing any more; its beginning still does.
            yield from self._look_on(catalog, album, place.between_looks())

    def _look_on(self, catalog: str, album: str, place: Cursor) -> Iterator[Page]:
        seen: dict[int, None] = {}
        highest, begun_at = place.highest, place.begun_at
        for listing in self._listings(catalog, album, place):
            begun_at = begun_at or spell(listing.served_at or self.setup.clock.now())
            assets = [asset for one in listing.resources if (asset := _asset_in(one, is_album=bool(album)))]
            items = [
                self._item(catalog, asset)
                for asset, added_at in assets
                if self._is_new(asset, seen) and self._is_wanted(asset, added_at, place)
            ]
            if not album:
                highest = max((highest, *(_updated(asset) for asset, _ in assets)))
            if listing.next_url:
                after = place.after_page(listing.next_url, highest, begun_at)
            elif listing.is_cut:
                # What stands behind a loop was not seen, so that the next look begins where this one did.
                after = place.between_looks()
            else:
                after = place.after_last_page(highest, begun_at)
            yield Page(items=tuple(items), cursor=after.text())

    def fetch(self, item: Item) -> Original:
        name = item.info.name or item.id
        catalog = str(item.data.get("catalog") or self._read_catalog()[0])
        wanted = Wanted(catalog, item.id, item.version, name, self.settings.rendition)
        data = self._renditions.get(wanted)
        read = read_info(data, name=item.info.name, location=self.settings.location)
        return Original(data=data, media_type="image/jpeg", info=_completed(item.info, read))

    def check(self) -> list[Finding]:
        found = []
        if is_open_to_listeners(self.settings.base_url):
            found.append(
                Finding(
                    ok=True,
                    what=f"{self.settings.base_url} is not encrypted: credentials can be read on the way.",
                    todo="Use https:// for anything that is not on this machine.",
                )
            )
        if not self.setup.secret("refresh_token"):
            found.append(
                Finding(
                    ok=True,
                    what="There is no refresh token: the access token ends within a day or so and is not renewed.",
                    todo=f"Store sources.{self.setup.name}.refresh_token; Adobe enables it for a key on request.",
                )
            )
        try:
            found.extend(self._look_around())
        except PressroomError as error:
            found.append(Finding(ok=False, what=error.what, todo=error.todo))
        return found

    def _look_around(self) -> Iterator[Finding]:
        account, _ = self._api.document("/v2/account", "read the account")
        whose = account.get("full_name") or account.get("email") or "an account without a name"
        yield Finding(ok=True, what=f"Lightroom accepts the credentials of {str(whose)[:200]}.")
        entitlement = account.get("entitlement")
        status = entitlement.get("status") if isinstance(entitlement, dict) else ""
        if status in ("created", "trial_expired", "subscriber_expired"):
            yield Finding(
                ok=True,
                what=f"The account has no subscription for Lightroom that runs ({status}).",
                todo="Its photos may soon be out of reach; look at the account at Adobe.",
            )
        catalog, _ = self._read_catalog()
        album = find_album(self._api, catalog, self.settings.album) if self.settings.album else ""
        place = f"The album {self.settings.album!r}" if album else f"The catalog {catalog}"
        photos, is_all = self._count(catalog, album)
        yield Finding(
            ok=True, what=f"{place} has {photos}{'' if is_all else ' or more'} photo{'' if photos == 1 else 's'}."
        )

    def _count(self, catalog: str, album: str) -> tuple[int, bool]:
        """Return how many photos there are, or that there are more than so many: Lightroom does not count them."""
        photos = 0
        place = read_cursor("", "all", "", "")
        for number, listing in enumerate(self._listings(catalog, album, place, LARGEST_PAGE), 1):
            photos += len(listing.resources)
            if number == COUNTED_PAGES and listing.next_url:
                return photos, False
        return photos, True

    def _read_catalog(self) -> tuple[str, datetime]:
        """Return the id of the account's only catalog, and what time it is at Lightroom."""
        doing = "read the catalog"
        try:
            document, answer = self._api.document("/v2/catalog", doing)
        except NotFound as error:
            raise BadInput(
                "The account has no Lightroom catalog yet.",
                where=self._api.where,
                todo="Open Lightroom (the cloud one, not Classic) once with this account.",
                detail=error.detail,
            ) from None
        if not (catalog := id_of(document)):
            raise self._api.unreadable(doing, answer)
        return catalog, served_at(answer) or self.setup.clock.now()

    def _listings(self, catalog: str, album: str, place: Cursor, size: int = 0) -> Iterator[Listing]:
        """Ask for pages in the order that Lightroom gives by itself, by capture time backwards.

        Only in this direction does Adobe promise that `links.next` leads to the end, and that the end has those
        without a capture time.
        """
        params = {"limit": str(size or self.settings.page_size), "subtype": "image", "exclude": "incomplete"}
        if album:
            path, doing = f"/v2/catalogs/{catalog}/albums/{album}/assets", "list the photos of the album"
            params["embed"] = "asset"
            if self.settings.flag:
                params["flag"] = self.settings.flag
        else:
            path, doing = f"/v2/catalogs/{catalog}/assets", "list the photos"
            if since := place.reaching_back():
                params["updated_since"] = since
        if place.page:
            return read_pages(self._api, place.page, doing)
        return read_pages(self._api, path, doing, params)

    def _is_wanted(self, asset: dict[str, Any], added_at: datetime | None, place: Cursor) -> bool:
        settings = self.settings
        if asset.get("subtype") != "image" or (rating_of(asset) or 0) < settings.min_rating:
            return False
        # Of an album's photos Lightroom itself leaves out what has another flag; of a catalog's it does not.
        if settings.flag and not settings.album and flag_of(asset) != settings.flag:
            return False
        start, updated = moment_of(place.start), moment_of(asset.get("updated"))
        return not start or not updated or updated >= start or bool(added_at and added_at >= start)

    def _is_new(self, asset: dict[str, Any], seen: dict[int, None]) -> bool:
        """Say whether a photo did not come before in this version, and remember it."""
        key = hash((id_of(asset), version_of(asset)))
        if key in seen:
            return False
        seen[key] = None
        if len(seen) > MOST_SEEN:
            del seen[next(iter(seen))]
        return True

    def _item(self, catalog: str, asset: dict[str, Any]) -> Item:
        return Item(
            id=id_of(asset),
            version=version_of(asset),
            info=read_payload(asset, location=self.settings.location),
            data={"catalog": catalog},
        )

    def _scope(self, catalog: str, album: str) -> str:
        said = [self._api.base_url, catalog, album, self.settings.flag, self.settings.min_rating]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _asset_in(resource: dict[str, Any], *, is_album: bool) -> tuple[dict[str, Any], datetime | None] | None:
    """Return the asset of an entry of a list, and when it was added to the album; None if it is none.

    An album's own entries have no times of the server; the payload has the one of the app that added the photo.
    """
    asset = resource.get("asset") if is_album else resource
    if not isinstance(asset, dict) or not id_of(asset):
        return None
    payload = resource.get("payload")
    added_at = moment_of(payload.get("userCreated")) if is_album and isinstance(payload, dict) else None
    return asset, added_at


def _updated(asset: dict[str, Any]) -> str:
    """Return the server's time of the latest change, in one spelling, so that texts compare as times do."""
    moment = moment_of(asset.get("updated"))
    return spell(moment) if moment else ""


def _completed(told: PhotoInfo, read: PhotoInfo) -> PhotoInfo:
    """Return what Lightroom tells, and where it tells nothing, what stands in the picture itself."""
    known = {name: value for name in PhotoInfo.model_fields if (value := getattr(told, name)) or value == 0}
    return read.model_copy(update=known)
