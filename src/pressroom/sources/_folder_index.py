"""What is known of a folder's files: which photo each is. It is small, and travels as the source's cursor.

A file's content is what counts: bytes that were seen once are never new again, under whatever name. Other bytes under
a known path are a new version of the photo that was there, unless it is surely another one. About 120 bytes a file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pressroom.sources._folder_recognition import is_another_photo

LAYOUT = 1


@dataclass(slots=True)
class Known:
    """A path as it was last seen."""

    signature: str
    content: str
    taken_at: datetime | None = None
    """When the photo was taken, by its camera's clock; of an edit that does not tell, that of the version before."""
    gone_since: datetime | None = None
    """When it was first seen that nothing lies there; None while something does."""


@dataclass(slots=True)
class Index:
    photos: dict[str, str] = field(default_factory=dict)
    """The photo's id by content; every content that was ever seen."""
    files: dict[str, Known] = field(default_factory=dict)
    """By path; those that are there."""
    is_changed: bool = False
    """Since it was read, or last written as a cursor."""

    def is_seen(self, path: str, signature: str) -> bool:
        known = self.files.get(path)
        return known is not None and known.signature == signature

    def take(self, path: str, signature: str, content: str, taken_at: datetime | None = None) -> str | None:
        """Note what lies at a path; return the photo's id if these bytes are new, None if they were seen before."""
        known = self.files.get(path)
        if known and is_another_photo(known.taken_at, taken_at):
            known = None
        self.files[path] = Known(signature, content, taken_at or (known.taken_at if known else None))
        self.is_changed = True
        if content in self.photos:
            return None
        self.photos[content] = self.photos[known.content] if known else content
        return self.photos[content]

    def note_gone(self, path: str, since: datetime | None) -> None:
        """Note since when nothing lies at a known path; None: something does."""
        if self.files[path].gone_since != since:
            self.files[path].gone_since = since
            self.is_changed = True

    def forget(self, path: str) -> None:
        """What comes to lie at this path is another photo. The content that was there stays known."""
        del self.files[path]
        self.is_changed = True

    def cursor(self) -> str:
        """Write it down; from here on it counts as unchanged."""
        self.is_changed = False
        places = {content: place for place, content in enumerate(self.photos)}
        document = {
            "layout": LAYOUT,
            # The first content of a photo is its id, so that most need no second word.
            "photos": [content if id == content else [content, id] for content, id in self.photos.items()],
            "files": {path: _written(known, places[known.content]) for path, known in self.files.items()},
        }
        return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def read_index(cursor: str) -> Index:
    """Read a cursor; raises ValueError if it is not one of this source's."""
    if not cursor:
        return Index()
    document = json.loads(cursor)
    if not isinstance(document, dict) or document.get("layout") != LAYOUT:
        raise ValueError("its layout is another one")
    try:
        photos = dict(_photo(entry) for entry in document["photos"])
        contents = list(photos)
        files = {path: _known(contents, *entry) for path, entry in document["files"].items()}
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"it is incomplete: {error}") from error
    return Index(photos, files)


def _photo(entry: Any) -> tuple[str, str]:
    return (entry, entry) if isinstance(entry, str) else (str(entry[0]), str(entry[1]))


def _written(known: Known, place: int) -> list[str | int | None]:
    times = [moment.isoformat() if moment else None for moment in (known.taken_at, known.gone_since)]
    while times and times[-1] is None:
        times.pop()
    return [known.signature, place, *times]


def _known(
    contents: list[str], signature: str, place: int, taken_at: str | None = None, gone_since: str | None = None
) -> Known:
    taken, gone = (datetime.fromisoformat(said) if said else None for said in (taken_at, gone_since))
    if (taken and taken.tzinfo) or (gone and not gone.tzinfo):
        raise TypeError("a camera's time has no zone, and ours has one")
    return Known(str(signature), contents[place], taken, gone)
