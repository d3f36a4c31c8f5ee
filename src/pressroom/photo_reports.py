"""What can be asked about photos: the newest, or one, each with the numbers of its posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pressroom.ports import Views
from pressroom.reports import MODEL as NUMBERS
from pressroom.tally import COUNTS, UNKNOWN, at_least

MODEL = "photos"
Row = dict[str, Any]
_PREFIX = "photo/"


@dataclass(frozen=True, slots=True)
class PhotoList:
    rows: list[Row]
    before: str | None
    """Where the next page begins; None at the end."""


def newest(views: Views, *, limit: int, before: str | None = None) -> PhotoList:
    """Return photos, those that came in last first; `before` is what the page before this one gave."""
    key = None if before is None else _PREFIX + before
    found = views.find(MODEL, limit=limit + 1, before=key, prefix=_PREFIX)
    following = found[limit - 1]["place"].removeprefix(_PREFIX) if len(found) > limit else None
    return PhotoList([_row(views, photo) for photo in found[:limit]], following)


def one(views: Views, photo_id: str) -> Row | None:
    """Return the photo of one of our ids; None if it is not known, or is forgotten."""
    link = views.get(MODEL, f"id/{photo_id}")
    photo = views.get(MODEL, link["place"]) if link else None
    return _row(views, photo) if photo else None


def latest_by_channel(photo: Row) -> list[Row]:
    """Return the newest post on each channel, by the channel's name."""
    return [post for _, post in sorted({post["channel"]: post for post in photo["posts"]}.items())]


def name_of(photo: Row) -> str:
    """Return what a photo is called: its title, what is written below it, else its file's name."""
    name = photo["title"] or photo["caption"] or photo["name"] or photo["photo_id"]
    return str(name if photo["title"] or photo["caption"] else name.rpartition("/")[2])


def _row(views: Views, photo: Row) -> Row:
    posts = [post | _numbers(views, post["publication_id"]) for post in photo["posts"]]
    # One that was noted before names and ends were has neither.
    known = {"name": "", "ended": None} | {name: value for name, value in photo.items() if name != "place"}
    return known | {"posts": posts}


def _numbers(views: Views, publication_id: str) -> Row:
    post = views.get(NUMBERS, f"post/{publication_id}")
    if post is None:
        return {"counts": dict(UNKNOWN), "at_least": dict(UNKNOWN), "noticed": {}, "as_of": None}
    bounds = {name: at_least(post, name) for name in COUNTS}
    return {"counts": post["counts"], "at_least": bounds, "noticed": post["noticed"], "as_of": post["as_of"]}
