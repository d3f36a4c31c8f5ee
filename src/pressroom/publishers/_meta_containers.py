"""Containers: what Instagram and Threads make of a post before it is published, and what each state of one means.

A container is published once at most, so that it is kept, whatever becomes of an attempt, until it can surely not be
published any more. Nobody sleeps here: one that is not ready is looked at again by a later run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pressroom.errors import Deferred, PostRejected, PressroomError, Unavailable
from pressroom.http_api import HttpApi
from pressroom.publications import Post, PostMedia
from pressroom.publishers._meta_errors import BAD_POST, NoSuchObject
from pressroom.publishers._meta_graph import read
from pressroom.publishers.base import Keep

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=1)
MOST_PATIENCE = timedelta(minutes=5)
"""Meta advises to ask once a minute, for five minutes at most; Threads API, troubleshooting, 2026-11-20."""
_SUBCODE = re.compile(r"\b2207\d{3}\b")
_BAD_SHAPE = re.compile(r"INVALID_|ASPECT?_RATIO")


class Status(StrEnum):
    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    PUBLISHED = "PUBLISHED"
    ERROR = "ERROR"
    EXPIRED = "EXPIRED"
    GONE = "GONE"
    """It cannot be read: it is not there, or Graph does not show it, which happens to some that are."""


MakeItem = Callable[[PostMedia, bool], str]
"""Makes the container of a picture, of one that is part of a carousel or of one alone; returns its id."""
MakeWhole = Callable[[Sequence[str]], str]
"""Makes the container of the whole post of the containers of its pictures, if there are several, else of none."""


@dataclass(frozen=True, kw_only=True)
class Containers:
    api: HttpApi
    status_field: str
    why_field: str
    check_quota: Callable[[], None]

    def look(self, container_id: str) -> tuple[Status, str]:
        """Return the state of a container, and why it failed if it did."""
        fields = f"{self.status_field},{self.why_field}"
        try:
            document = read(self.api, f"/{container_id}", "say whether a container is ready", fields=fields)
        except NoSuchObject as error:
            return Status.GONE, error.what
        try:
            status = Status(str(document.get(self.status_field)))
        except ValueError:
            raise Unavailable(
                f"{self.api.service} did not say in words that are known whether a container is ready.",
                where=self.api.where,
                todo="It is tried again later.",
            ) from None
        return status, str(document.get(self.why_field) or "")

    def prepare(
        self, post: Post, prepared: dict[str, Any], keep: Keep, item: MakeItem, whole: MakeWhole
    ) -> dict[str, Any]:
        """Have the container of the post there and ready; raises `Deferred` while it is in progress."""
        if "container" in prepared:
            looked = self.look(prepared["container"]["id"])
            status = looked[0]
            if status is Status.PUBLISHED:
                return self._kept({**prepared, "published": True}, prepared, keep)
            is_over = status is Status.EXPIRED or (
                prepared["container"]["ready"] and status in (Status.ERROR, Status.GONE)
            )
            if not is_over:
                return self._ready("container", prepared, keep, looked)
            prepared = self._kept(_without(prepared), prepared, keep)
        self.check_quota()
        children: list[str] = []
        if len(post.media) > 1:
            prepared = self._children(post, prepared, keep, item)
            children = [child["id"] for child in prepared["children"]]
        made = item(post.media[0], False) if len(post.media) == 1 else whole(children)
        prepared = self._kept({**prepared, "container": self._entry(made)}, prepared, keep)
        return self._ready("container", prepared, keep)

    def _children(self, post: Post, prepared: dict[str, Any], keep: Keep, item: MakeItem) -> dict[str, Any]:
        """Have a container for each picture there and ready, all made before the first is waited for."""
        for media in post.media[len(prepared.get("children", ())) :]:
            child = self._entry(item(media, True))
            prepared = self._kept({**prepared, "children": [*prepared.get("children", ()), child]}, prepared, keep)
        for place in range(len(post.media)):
            prepared = self._ready(place, prepared, keep)
        return prepared

    def _ready(
        self, which: str | int, prepared: dict[str, Any], keep: Keep, looked: tuple[Status, str] | None = None
    ) -> dict[str, Any]:
        """Return `prepared` with one container marked as ready; raises what it means that it is not."""
        entry = prepared[which] if isinstance(which, str) else prepared["children"][which]
        status, why = looked or self.look(entry["id"])
        if status is Status.FINISHED:
            ready = {**entry, "ready": True}
            if isinstance(which, str):
                return self._kept({**prepared, which: ready}, prepared, keep)
            children = [*prepared["children"][:which], ready, *prepared["children"][which + 1 :]]
            return self._kept({**prepared, "children": children}, prepared, keep)
        now = self.api.clock.now()
        age = now - datetime.fromisoformat(entry["made_at"])
        is_slow = age > MOST_PATIENCE and not entry["ready"]
        if status in (Status.IN_PROGRESS, Status.GONE) and not is_slow:
            # One that was ready and is in progress may be being published: it is never given up for another.
            wait = LONGEST_WAIT if entry["ready"] else min(max(age, FIRST_WAIT), LONGEST_WAIT)
            raise Deferred(now + wait, f"{self.api.service} is still working on the pictures.", where=self.api.where)
        self._kept(_without(prepared), prepared, keep)
        if status in (Status.IN_PROGRESS, Status.GONE):
            why = "it has not come to an end within five minutes"
        raise failed(self.api, why or "it says no reason")

    def _entry(self, container_id: str) -> dict[str, Any]:
        return {"id": container_id, "made_at": self.api.clock.now().isoformat(), "ready": False}

    def _kept(self, after: dict[str, Any], before: dict[str, Any], keep: Keep) -> dict[str, Any]:
        if after != before:
            keep(after)
        return after


def failed(api: HttpApi, why: str) -> PressroomError:
    """Return what it means that a container came to nothing; another is made of the next try, if that can help."""
    found = _SUBCODE.search(why)
    subcode = int(found[0]) if found else 0
    what = f"{api.service} could not make a post of the pictures: {why.rstrip('.')}."
    if subcode in BAD_POST:
        return PostRejected(what, where=api.where, todo=BAD_POST[subcode])
    if _BAD_SHAPE.search(why):
        return PostRejected(what, where=api.where, todo="Crop or pad the picture to a shape that is taken.")
    todo = "It is tried again with a new container; look whether the pictures can be fetched from outside."
    return Unavailable(what, where=api.where, todo=todo)


def _without(prepared: dict[str, Any]) -> dict[str, Any]:
    """Return what may be used for another container."""
    return {name: value for name, value in prepared.items() if name not in ("container", "children", "published")}
