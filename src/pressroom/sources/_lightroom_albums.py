"""Finds the album that a user means by its name or id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pressroom.errors import BadInput, UnknownName
from pressroom.sources._lightroom_api import LightroomApi
from pressroom.sources._lightroom_pages import read_pages
from pressroom.sources._lightroom_payload import id_of

_ID = re.compile(r"[0-9a-f]{32}")


def find_album(api: LightroomApi, catalog: str, wanted: str) -> str:
    """Return the id of the album; raises `UnknownName` with close names, or `BadInput` if several bear the name."""
    if _ID.fullmatch(wanted):
        api.document(f"/v2/catalogs/{catalog}/albums/{wanted}", "read the album")
        return wanted
    albums = list(_albums(api, catalog))
    exact = [id for id, name in albums if name == wanted]
    found = exact or [id for id, name in albums if _plain(name) == _plain(wanted)]
    if not found:
        raise UnknownName("album at Lightroom", wanted, {name for _, name in albums}, where=api.where)
    if len(found) > 1:
        raise BadInput(
            f"There are {len(found)} albums called {wanted!r} at Lightroom.",
            where=api.where,
            todo=f"Set album to the id of the one that is meant: {' or '.join(found[:10])}.",
        )
    return found[0]


def _albums(api: LightroomApi, catalog: str) -> Iterator[tuple[str, str]]:
    """Yield id and name; folders of albums are none."""
    for page in read_pages(api, f"/v2/catalogs/{catalog}/albums", "list the albums"):
        for album in page.resources:
            if (id := id_of(album)) and not str(album.get("subtype", "")).endswith("_set"):
                yield id, _name(album)


def _name(album: dict[str, Any]) -> str:
    payload = album.get("payload")
    name = payload.get("name") if isinstance(payload, dict) else None
    return name if isinstance(name, str) else ""


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
