"""Finds the post that came of a container: its state says whether there is one, and the account's posts which it is.

Graph leads from no container to its post (IG container reference, 2026-11-20), so that words, number of pictures and
time must; the first of the list is never taken on trust.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pressroom.errors import Unavailable
from pressroom.http_api import HttpApi
from pressroom.publications import Post, Receipt
from pressroom.publishers._meta_containers import Containers, Status
from pressroom.publishers._meta_graph import CLOCK_SKEW, TooMany, listed, moment
from pressroom.publishers._meta_text import is_same_text
from pressroom.publishers.base import Absent, CannotTell, Found, Reading

_PAGE_SIZE = "50"


@dataclass(frozen=True, kw_only=True)
class Published:
    containers: Containers
    edge: str
    """Of the account, that lists its posts."""
    text_field: str
    fallback: str
    """The address of a post of which none is told."""

    @property
    def api(self) -> HttpApi:
        return self.containers.api

    def read_back(self, text: str, post: Post, prepared: dict[str, Any], listed_by: datetime) -> Reading:
        """Look what became of a container; raises `Unavailable` while nobody can know yet.

        `listed_by` is when a post that is published must be listed.
        """
        container = prepared["container"]
        status, _ = self.containers.look(container["id"])
        if status is Status.IN_PROGRESS:
            # It is neither there nor surely not: it may go live any moment.
            raise self._not_yet(f"{self.api.service} is still at work on the post.")
        if status in (Status.FINISHED, Status.ERROR, Status.EXPIRED):
            return Absent()
        reading = self.find(text, post, prepared)
        if status is Status.GONE:
            return self._of_unreadable(reading)
        if not isinstance(reading, Absent):
            return reading
        if self.api.clock.now() < listed_by:
            raise self._not_yet(f"{self.api.service} says that it published the post, and does not list it yet.")
        return CannotTell(
            f"{self.api.service} says that it published the post, and lists none that could be it.",
            {"container_id": container["id"]},
        )

    def find(self, text: str, post: Post, prepared: dict[str, Any]) -> Reading:
        """Look for the one post of these words and so many pictures that is not older than the container."""
        since = datetime.fromisoformat(prepared["container"]["made_at"]) - CLOCK_SKEW
        found: list[Receipt] = []
        fields = f"id,{self.text_field},timestamp,permalink,media_type,children{{id}}"
        path = f"/{prepared['account']}/{self.edge}"
        try:
            for shown in listed(self.api, path, "show the account's posts", fields=fields, limit=_PAGE_SIZE):
                at = moment(shown.get("timestamp"))
                if at is None or not shown.get("id"):
                    raise self._not_yet(f"{self.api.service} showed a post without its id or time.")
                if at < since:
                    break
                if is_same_text(text, str(shown.get(self.text_field) or "")) and _has_as_many(shown, post):
                    found.append(self._receipt(shown, at))
        except TooMany:
            return CannotTell(f"The account has more posts since {since:%Y-%m-%d %H:%M} UTC than Pressroom reads.")
        if len(found) == 1:
            return Found(found[0])
        return _no_telling(self.api.service, found) if found else Absent()

    def _of_unreadable(self, reading: Reading) -> Reading:
        """Return what is known without the container: a look-alike is no proof."""
        if isinstance(reading, Found):
            return _no_telling(self.api.service, [reading.receipt])
        return reading

    def _receipt(self, shown: dict[str, Any], at: datetime) -> Receipt:
        url = shown.get("permalink")
        is_address = isinstance(url, str) and url.startswith("https://")
        return Receipt(remote_id=str(shown["id"]), url=str(url) if is_address else self.fallback, at=at)

    def _not_yet(self, what: str) -> Unavailable:
        return Unavailable(what, where=self.api.where, todo="It is looked for again later.")


def _has_as_many(shown: dict[str, Any], post: Post) -> bool:
    """Say whether a post has as many pictures as ours, as far as it is told."""
    kind = shown.get("media_type")
    if kind is None:
        return True
    if len(post.media) < 2:
        return str(kind) == ("IMAGE" if post.media else "TEXT_POST")
    children = shown.get("children")
    data = children.get("data") if isinstance(children, dict) else None
    return str(kind) == "CAROUSEL_ALBUM" and (not isinstance(data, list) or len(data) == len(post.media))


def _no_telling(service: str, found: list[Receipt]) -> CannotTell:
    return CannotTell(
        f"{service} shows posts that could be this one, and nothing that tells them apart.",
        {"candidates": [{"remote_id": one.remote_id, "url": one.url, "at": one.at.isoformat()} for one in found]},
    )
